/**
 * kprobe-lab cc FILE.c [-o OUT.o] [-S]: compile to an ELF object with DWARF, or print the assembly with source lines.
 */
import { writeFileSync } from 'node:fs';
import { kernelSources } from 'kernel-sources';
import { compile } from '../../emulator/cc/compile';
import { writeObject } from '../../emulator/cc/elf/write';
import { kernelCompileOptions } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';
import { userCompileOptions } from '../../emulator/lab/compile';
import { type CommandLine, split, UsageError, values } from './arguments';
import { Failure } from './failure';
import { diskFiles } from './files';
import { listing } from './listing';
import { report } from './machine';

/** A file that includes <linux/…> is a module; any other is a program for the lab's libc, as exec takes it. */
export function compileCommand(line: CommandLine): number {
  const [path, ...rest] = line.words;
  if (path === undefined || rest.length > 0) throw new UsageError('cc needs one C file');
  const files = diskFiles();
  if (!files.has(path)) throw new Failure(`no such file: ${path}`);
  const { config, problems } = kernelConfig(line.kernel.profile, line.kernel.config);
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  const name = path.replace(/^.*[\\/]/, '').replace(/\.c$/, '');
  const module = /^\s*#\s*include\s*[<"]linux\//m.test(files.get(path) ?? '');
  const options = module
    ? kernelCompileOptions(config, 'module', name.replace(/-/g, '_'))
    : userCompileOptions();
  const defines = values(line, '-D').map((text) =>
    text.includes('=') ? split('-D', text) : ([text, '1'] as const),
  );
  const provider = { read: (file: string) => files.get(file) ?? kernelSources.get(file) };
  const result = compile(path, provider, {
    ...options,
    includePaths: [...values(line, '-I'), ...options.includePaths],
    defines: { ...options.defines, ...Object.fromEntries(defines) },
  });
  report(result.diagnostics, files);
  if (result.object === undefined) return 1;
  if (values(line, '-S').length > 0) {
    process.stdout.write(listing(result.object, (file) => provider.read(file)));
    return 0;
  }
  writeFileSync(values(line, '-o').at(-1) ?? `${name}.o`, writeObject(result.object));
  return 0;
}
