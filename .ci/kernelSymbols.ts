/**
 * Compiles the simulated kernel into dist/kernels, where adapter and command line find it, and prints what the language
 * server needs of it as JSON (extension/language/kernelSymbols.ts).
 *
 *   node kernelSymbols.cjs DIST
 *
 * Units that the tests have compiled already, with the same compiler, are taken from their cache.
 * Part of the build; exits with 1 and the compiler's messages when the kernel does not compile.
 */
import { join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { diskImages, diskUnits, programVersion } from '../adapter/image-store';
import type { DebugType, TypeId, UnitDebug } from '../emulator/cc/debug';
import { formatDiagnostic, hasErrors } from '../emulator/cc/diagnostic';
import { BuildCache, buildKernel } from '../emulator/kernel/build';
import { kernelConfig } from '../emulator/kernel/config';
import type { KernelFunction, KernelSymbols } from '../extension/language/kernelSymbols';
import { compilerVersion } from './compilerVersion';

/** C's spelling of a type without a declarator; function pointers are shortened to `TYPE (*)()`. */
function typeText(debug: UnitDebug, id: TypeId): string {
  const type: DebugType | undefined = debug.types[id];
  switch (type?.kind) {
    case 'base':
    case 'typedef':
      return type.name;
    case 'pointer': {
      const to = debug.types[type.to];
      if (to?.kind === 'function') return `${typeText(debug, to.returns)} (*)()`;
      const target = typeText(debug, type.to);
      return target.endsWith('*') ? `${target}*` : `${target} *`;
    }
    case 'array':
      return `${typeText(debug, type.of)}[${type.count ?? ''}]`;
    case 'struct':
    case 'union':
    case 'enum':
      return `${type.kind} ${type.name ?? '{…}'}`;
    case 'qualified':
      return debug.types[type.of]?.kind === 'pointer'
        ? `${typeText(debug, type.of)}${type.qualifier}`
        : `${type.qualifier} ${typeText(debug, type.of)}`;
    case 'function':
      return `${typeText(debug, type.returns)} ()`;
    default:
      return 'void';
  }
}

function functions(debug: UnitDebug): KernelFunction[] {
  return debug.functions.map((func) => {
    const type = debug.types[func.type];
    return {
      name: func.name,
      file: debug.files[func.file] ?? '',
      line: func.line,
      returns: type?.kind === 'function' ? typeText(debug, type.returns) : 'void',
      parameters: func.variables
        .filter((variable) => variable.parameter !== undefined && variable.inlineSite < 0)
        .sort((a, b) => (a.parameter ?? 0) - (b.parameter ?? 0))
        .map((variable) => ({ name: variable.name, type: typeText(debug, variable.type) })),
      size: func.size,
      traceable: !func.attributes.notrace && !func.attributes.nokprobe,
    };
  });
}

const dist = process.argv[2] ?? 'dist';
const images = diskImages(join(dist, 'kernels'), programVersion(join(dist, 'adapter.js')));
const root = join(dist, '..');
const units = diskUnits(join(root, '.cache', 'kernels', 'units'), compilerVersion(root));
const build = buildKernel(kernelSources, kernelConfig('lab', {}).config, new BuildCache(images, units));
if (build.image === undefined || hasErrors(build.diagnostics)) {
  const files = { read: (path: string) => kernelSources.get(path) };
  for (const diagnostic of build.diagnostics) console.error(formatDiagnostic(diagnostic, files));
  for (const error of build.linkErrors) console.error(error);
  process.exit(1);
}
const { debug, symbols } = build.image;
const known = new Set(debug.functions.map(({ name }) => name));
const result: KernelSymbols = {
  functions: functions(debug),
  inlined: debug.inlineOnly
    .filter(({ name }) => !known.has(name))
    .map(({ name, file, line }) => ({ name, file: debug.files[file] ?? '', line })),
  data: [...new Set(symbols.filter(({ letter }) => /[dDbBrR]/.test(letter)).map(({ name }) => name))],
};
process.stdout.write(JSON.stringify(result));
