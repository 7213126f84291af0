/** The disassembler against objdump: on what gcc makes of C, and on every line the assembler is tested with. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from '../../emulator/isa/decode';
import { disassemble, type Syntax } from '../../emulator/isa/disassemble';
import { inScratch, needTool } from './binutils';

const root = process.env.KPROBE_LAB_ROOT ?? '.';

interface Line {
  address: bigint;
  bytes: Uint8Array;
  text: string;
  named: boolean;
}

/** objdump's lines of an object file: address, bytes, text without symbols. */
export function objdump(object: string, syntax: Syntax): Line[] {
  const flags = ['-d', '-w', '-z', '-M', syntax === 'intel' ? 'intel' : 'att', object];
  const listing = execFileSync('objdump', flags, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines: Line[] = [];
  for (const line of listing.split('\n')) {
    const match = /^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t?(.*)$/.exec(line);
    if (!match) continue;
    const [, address = '', bytes = '', text = ''] = match;
    lines.push({
      address: BigInt(`0x${address}`),
      bytes: Uint8Array.from(bytes.trim().split(' '), (byte) => Number.parseInt(byte, 16)),
      text: withoutSymbols(text),
      named: text.includes(' <'),
    });
  }
  return lines;
}

function withoutSymbols(text: string): string {
  return text.replace(/ <[^>]*>/g, '').trimEnd();
}

function differences(lines: readonly Line[], syntax: Syntax): string[] {
  const found: string[] = [];
  for (const { address, bytes, text, named } of lines) {
    const decoded = decode(bytes);
    const hex = Buffer.from(bytes).toString('hex');
    if (!decoded.ok) {
      if (text !== '(bad)') found.push(`${hex}: ${decoded.reason}; objdump: ${text}`);
      continue;
    }
    const ours = withoutSymbols(disassemble(decoded, address, syntax, () => (named ? 's' : undefined)));
    if (decoded.length !== bytes.length || ours !== text) found.push(`${hex}: ${ours}; objdump: ${text}`);
  }
  return found;
}

for (const syntax of ['att', 'intel'] as const) {
  test(`the assembler's instructions are printed as objdump prints them (${syntax})`, (t) => {
    if (!needTool(t, 'objdump') || !needTool(t, 'as')) return;
    inScratch((directory) => {
      const object = join(directory, 'a.o');
      execFileSync('as', ['--64', '-o', object, join(root, 'test/isa/instructions.txt')], { stdio: 'pipe' });
      // objdump joins fwait with what follows it, and takes 66 before call as AMD does.
      const lines = objdump(object, syntax).filter(({ text }) => !/^fstsw|^call +\*?%?ax$/.test(text));
      assert.ok(lines.length > 300);
      assert.deepEqual(differences(lines, syntax), []);
    });
  });

  test(`what gcc makes of C is printed as objdump prints it (${syntax})`, (t) => {
    if (!needTool(t, 'objdump') || !needTool(t, 'gcc')) return;
    inScratch((directory) => {
      const source = join(directory, 'a.c');
      writeFileSync(source, readFileSync(join(root, 'test/isa/sample.c'), 'utf8'));
      for (const flags of [
        '-O0',
        '-O1',
        '-O2',
        '-O3',
        '-Os',
        '-O2 -march=x86-64-v3',
        '-O2 -fcf-protection',
      ]) {
        const object = join(directory, 'a.o');
        const options = [...flags.split(' '), '-mgeneral-regs-only', '-w', '-c', '-o', object, source];
        execFileSync('gcc', options);
        const lines = objdump(object, syntax);
        assert.ok(lines.length > 400, flags);
        assert.deepEqual(differences(lines, syntax), [], flags);
      }
    });
  });
}
