/**
 * Arrows point down only: reads the imports of every source file and fails where a lower layer knows a higher one.
 *
 * The layers are those of ARCHITECTURE.md. What is not named here may not be imported from there.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { describe, it } from 'node:test';

const root = process.env.KPROBE_LAB_ROOT ?? process.cwd();

/** Part of the house -> the parts it may import. The longest matching prefix of a path names its part. */
const allowed: Record<string, readonly string[]> = {
  'emulator/isa': [],
  'emulator/cc': ['emulator/isa'],
  'emulator/cpu': ['emulator/isa'],
  'emulator/kernel': ['emulator/cpu', 'emulator/cc', 'emulator/isa'],
  'emulator/inspect': ['emulator/kernel', 'emulator/cpu', 'emulator/cc', 'emulator/isa'],
  'emulator/kprobes': ['emulator/kernel', 'emulator/cpu', 'emulator/cc', 'emulator/isa'],
  'emulator/tracing': ['emulator/kprobes', 'emulator/kernel', 'emulator/cpu', 'emulator/cc'],
  'emulator/shell': ['emulator/kernel', 'emulator/cpu'],
  'emulator/replay': ['emulator'],
  emulator: [
    'emulator/isa',
    'emulator/cc',
    'emulator/cpu',
    'emulator/kernel',
    'emulator/inspect',
    'emulator/kprobes',
    'emulator/tracing',
    'emulator/shell',
  ],
  adapter: ['emulator'],
  'extension/language/server': ['emulator/cc', 'emulator/tracing', 'emulator/kernel', 'extension/language'],
  'extension/language': ['extension'],
  'extension/debug': ['extension', 'extension/language'],
  'extension/views': ['extension', 'extension/debug'],
  extension: ['extension/debug', 'extension/language', 'extension/views', 'adapter'],
};

/** Packages from outside that a part may import; Node's own modules count as `node`. */
const packages: Record<string, readonly string[]> = {
  emulator: ['kernel-sources', 'unbash'],
  adapter: ['node', '@vscode/debugadapter', '@vscode/debugprotocol', 'kernel-sources'],
  'extension/language/server': [
    'node',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
    'kernel-sources',
  ],
  extension: ['vscode', 'vscode-languageclient'],
};

const parts = Object.keys(allowed).sort((a, b) => b.length - a.length);

function partOf(path: string): string | undefined {
  return parts.find((part) => path === part || path.startsWith(`${part}/`));
}

function sources(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => match[1] ?? match[2]);
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What is wrong with the import, or undefined. */
function violation(path: string, specifier: string): string | undefined {
  const from = partOf(path);
  if (from === undefined) return `${path} belongs to no part of the house`;
  if (!specifier.startsWith('.')) {
    const layer = Object.keys(packages)
      .filter((part) => path.startsWith(`${part}/`))
      .sort((a, b) => b.length - a.length)[0];
    const name = packageName(specifier);
    return packages[layer]?.includes(name)
      ? undefined
      : `${path} imports ${specifier}, which ${layer} may not`;
  }
  const target = relative(root, normalize(join(root, dirname(path), specifier)))
    .split(sep)
    .join('/');
  const to = partOf(target);
  if (to === from) return undefined;
  const permitted =
    to !== undefined &&
    allowed[from].some((part) => to === part || (part === 'emulator' && to.startsWith('emulator')));
  return permitted ? undefined : `${path} imports ${target}: ${from} may not know ${to}`;
}

describe('the house', () => {
  for (const part of ['emulator', 'adapter', 'extension']) {
    it(`${part}: imports point down only`, () => {
      const files = sources(part);
      assert.ok(files.length > 0);
      const wrong = files.flatMap((path) => importsOf(path).map((specifier) => violation(path, specifier)));
      assert.deepEqual(
        wrong.filter((message) => message !== undefined),
        [],
      );
    });
  }

  it('nothing below the adapter reads a clock or a random number', () => {
    const offenders = sources('emulator').filter((path) =>
      /\bDate\.now\b|\bMath\.random\b|\bperformance\.now\b|\bnew Date\(\)/.test(
        readFileSync(join(root, path), 'utf8'),
      ),
    );
    assert.deepEqual(offenders, []);
  });

  it('an upward import is noticed', () => {
    assert.match(
      violation('emulator/cpu/machine.ts', '../kernel/boot') ?? '',
      /emulator\/cpu may not know emulator\/kernel/,
    );
    assert.match(violation('emulator/cpu/machine.ts', 'node:fs') ?? '', /may not/);
    assert.match(violation('adapter/session.ts', 'vscode') ?? '', /may not/);
    assert.equal(violation('adapter/session.ts', '../emulator/lab'), undefined);
  });
});
