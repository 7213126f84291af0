/**
 * Disassembly: exactly as many rows as asked for, before and after an address, in order.
 *
 * Rows show the instruction that the program has; where a probe has patched it, the row says what is there now. Going
 * backwards decodes from the start of the symbol, because x86 cannot be read in reverse; where no symbol says where an
 * instruction starts, rows are marked invalid rather than guessed.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { decode, maximumLength } from '../../emulator/isa/decode';
import { disassemble as textOf } from '../../emulator/isa/disassemble';
import type { Context } from '../context';
import { parseMemoryReference } from '../memory-reference';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import { lineAt } from '../target/position';
import type { Target } from '../target/target';

type Names = 'disassemble';

/** More rows than any editor shows; a request for more is a mistake. */
const MOST = 20_000;

export const disassemble: Handlers<Context, Names> = {
  disassemble: (context, args) => {
    const target = context.requireTarget();
    const base = parseMemoryReference(args.memoryReference);
    if (base === undefined)
      throw new RequestFailure('noMemory', `\`${args.memoryReference}\` is not a memory reference.`);
    if (args.instructionCount > MOST) {
      throw new RequestFailure(
        'badArguments',
        `disassemble: at most ${MOST} instructions are given at once.`,
      );
    }
    const start = BigInt.asUintN(64, base + BigInt(args.offset ?? 0));
    const offset = args.instructionOffset ?? 0;
    const addresses =
      offset < 0
        ? [...backwards(target, start, -offset), ...forwards(target, start, args.instructionCount + offset)]
        : forwards(target, start, args.instructionCount + offset).slice(offset);
    return {
      instructions: addresses.slice(0, args.instructionCount).map((address) => row(address, context, target)),
    };
  },
};

/** Code bytes without probes, as far as they are mapped; empty when not at all. */
function codeAt(target: Target, address: bigint): Uint8Array {
  for (let length = maximumLength; length > 0; length--) {
    const bytes = target.lab.kprobes.originalText(address, length);
    if (bytes) return bytes;
  }
  return new Uint8Array(0);
}

function lengthAt(target: Target, address: bigint): number {
  const decoded = decode(codeAt(target, address));
  return decoded.ok ? decoded.length : 1;
}

function forwards(target: Target, start: bigint, count: number): bigint[] {
  const found: bigint[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    found.push(BigInt.asUintN(64, at));
    at += BigInt(lengthAt(target, at));
  }
  return found;
}

/** The `count` instruction starts before an address, in order. */
function backwards(target: Target, end: bigint, count: number): bigint[] {
  let found: bigint[] = [];
  let limit = end;
  while (found.length < count) {
    const symbol = target.lab.kernel.symbols.at(limit - 1n);
    if (!symbol || symbol.address >= limit) {
      const missing = count - found.length;
      const invalid = Array.from({ length: missing }, (_, index) =>
        BigInt.asUintN(64, limit - BigInt(missing - index)),
      );
      return [...invalid, ...found];
    }
    const starts: bigint[] = [];
    for (let at = symbol.address; at < limit; at += BigInt(lengthAt(target, at))) starts.push(at);
    found = [...starts, ...found];
    limit = symbol.address;
  }
  return found.slice(-count);
}

function row(address: bigint, context: Context, target: Target): P.DisassembledInstruction {
  const code = codeAt(target, address);
  const decoded = decode(code);
  const shown: P.DisassembledInstruction = { address: `0x${address.toString(16)}`, instruction: '' };
  if (code.length === 0) return { ...shown, instruction: '(not mapped)', presentationHint: 'invalid' };
  if (!decoded.ok) {
    return {
      ...shown,
      instructionBytes: bytesText(code.subarray(0, 1)),
      instruction: '(bad)',
      presentationHint: 'invalid',
    };
  }
  const symbolize = (where: bigint) => target.inspector.symbolAt(where);
  const original = code.subarray(0, decoded.length);
  const now = target.inspector.memory(0).read(address, decoded.length) ?? original;
  const patched = now.some((byte, index) => byte !== original[index]);
  const text = textOf(decoded, address, 'att', symbolize);
  shown.instruction = patched ? `${text}    # patched: ${patchText(now, original)}` : text;
  shown.instructionBytes = bytesText(now);
  const symbol = target.lab.kernel.symbols.at(address);
  if (symbol?.offset === 0) shown.symbol = symbol.name;
  const line = lineAt(target.inspector, address);
  if (line) {
    shown.location = context.sources.toClient(line.file);
    shown.line = context.client.toClientLine(line.line);
  }
  return shown;
}

function patchText(now: Uint8Array, original: Uint8Array): string {
  const what = now[0] === 0xcc ? 'int3' : now[0] === 0xe9 ? 'jmp' : now[0] === 0xe8 ? 'call' : bytesText(now);
  return `${what} over ${bytesText(original)}`;
}

function bytesText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
