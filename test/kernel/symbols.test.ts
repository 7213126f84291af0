/** kallsyms over small images: duplicates, sizes, modules, suggestions, configuration. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image, ImageSymbol } from '../../emulator/cc/image';
import { kernelConfig } from '../../emulator/kernel/config';
import { nearestNames } from '../../emulator/kernel/nearest';
import { Kallsyms } from '../../emulator/kernel/symbols';

const BASE = 0xffffffff81000000n;

function symbol(name: string, offset: number, size: number, letter = 'T', section = '.text'): ImageSymbol {
  return {
    name,
    offset,
    size,
    letter,
    section,
    binding: letter === letter.toLowerCase() ? 'local' : 'global',
  };
}

function image(base: bigint, symbols: ImageSymbol[]): Image {
  const debug = {
    files: [],
    types: [],
    functions: [],
    inlineOnly: [],
    globals: [],
    macros: [],
    includes: [],
  };
  return {
    name: 'x',
    base,
    size: 0x1000,
    bytes: new Uint8Array(0),
    entry: undefined,
    sections: [],
    symbols,
    debug,
  };
}

function kallsyms(overrides: Record<string, string> = {}): Kallsyms {
  const symbols = new Kallsyms(kernelConfig('lab', overrides).config);
  const kernel = [
    symbol('_text', 0, 0, 't'),
    symbol('do_sys_open', 0, 0x40),
    symbol('t_show', 0x40, 0x10, 't'),
    symbol('jiffies', 0x800, 8, 'D', '.data'),
    symbol('t_show', 0x50, 0x10, 't'),
    symbol('label', 0x60, 0, 't'),
    symbol('init_fn', 0x80, 0x20, 't', '.init.text'),
  ].sort((a, b) => a.offset - b.offset);
  symbols.addImage({ name: 'vmlinux', kind: 'kernel', image: image(BASE, kernel), initFreed: false });
  const module = image(0xffffffffa0000000n, [
    symbol('t_show', 0, 0x10, 't'),
    symbol('fresh', 0x10, 0x10, 'T', '.init.text'),
  ]);
  symbols.addImage({ name: 'mod', kind: 'module', image: module, initFreed: false });
  return symbols;
}

test('a name may occur several times; the first in the kernel wins; MOD:NAME restricts', () => {
  const symbols = kallsyms();
  assert.equal(symbols.all('t_show').length, 3);
  assert.equal(symbols.lookup('t_show')?.address, BASE + 0x40n);
  assert.equal(symbols.lookup('mod:t_show')?.module, 'mod');
  assert.equal(symbols.lookup('mod:do_sys_open'), undefined);
});

test('an address belongs to the best symbol there; labels reach to the next symbol', () => {
  const symbols = kallsyms();
  assert.equal(symbols.at(BASE)?.name, 'do_sys_open');
  assert.equal(symbols.format(BASE + 0x12n), 'do_sys_open+0x12/0x40');
  assert.equal(symbols.format(BASE + 0x64n), 'label+0x4/0x20');
  assert.equal(symbols.format(0xffffffffa0000004n), 't_show+0x4/0x10 [mod]');
  assert.equal(symbols.format(0x1234n), '0x1234');
});

test('KALLSYMS_ALL=n hides data, KALLSYMS=n everything', () => {
  assert.equal(kallsyms().lookup('jiffies')?.letter, 'D');
  assert.equal(kallsyms({ KALLSYMS_ALL: 'n' }).lookup('jiffies'), undefined);
  const none = kallsyms({ KALLSYMS: 'n' });
  assert.equal(none.lookup('do_sys_open'), undefined);
  assert.equal(none.text(true), '');
});

test('a module leaves nothing behind, its init part goes first', () => {
  const symbols = kallsyms();
  symbols.dropInit('mod');
  assert.equal(symbols.lookup('fresh'), undefined);
  assert.equal(symbols.all('t_show').length, 3);
  symbols.removeModule('mod');
  assert.equal(symbols.all('t_show').length, 2);
});

test('/proc/kallsyms: address, letter, name, module; zeros without privilege', () => {
  const lines = kallsyms().text(true).split('\n');
  assert.ok(lines.includes('ffffffff81000000 T do_sys_open'));
  assert.ok(lines.includes('ffffffffa0000000 t t_show\t[mod]'));
  assert.ok(kallsyms().text(false).startsWith('0000000000000000 '));
});

test('suggestions find what was meant', () => {
  assert.deepEqual(nearestNames('do_sys_opne', ['do_sys_open', 'do_exit', 'vfs_open'], 2), ['do_sys_open']);
  assert.deepEqual(
    nearestNames('kernel_clon', ['kernel_clone', 'kernel_clone_args', 'x'], 3)[0],
    'kernel_clone',
  );
  assert.deepEqual(nearestNames('zzzzzzzz', ['do_sys_open'], 3), []);
});
