/** What each directive does, by name. Conditionals and macros, which steer the reading of statements, are in assemble.ts. */
import { AssemblyError, type Expression } from '../../isa/assemble';
import { parseExpression, Scanner } from '../../isa/att/expression';
import type { FixupKind } from '../../isa/encode';
import type { Assembler } from './assembler';
import { splitArguments, stringBytes } from './statement';

type Handler = (assembler: Assembler, text: string) => void;

const kinds: Readonly<Record<number, FixupKind>> = { 1: 'abs8', 2: 'abs16', 4: 'abs32', 8: 'abs64' };

function expressionOf(text: string): Expression {
  const scanner = new Scanner(text);
  const expression = parseExpression(scanner);
  if (!scanner.atEnd()) throw new AssemblyError(`junk '${scanner.rest()}' after expression`);
  return expression;
}

function data(size: number): Handler {
  return (assembler, text) => {
    for (const part of splitArguments(text))
      assembler.field(expressionOf(part), size, kinds[size] ?? 'abs64');
  };
}

/** `.octa`: sixteen bytes, numbers only. */
function octa(assembler: Assembler, text: string): void {
  for (const part of splitArguments(text)) {
    const value = assembler.constant(expressionOf(part));
    assembler.code().u64(value);
    assembler.code().u64(value >> 64n);
  }
}

function literals(text: string): number[][] {
  return splitArguments(text).map((part) => {
    const strings = [...part.matchAll(/"((?:[^"\\]|\\.)*)"/g)];
    if (strings.length === 0) throw new AssemblyError(`'${part}' is no string`);
    return strings.flatMap(([, inside = '']) => stringBytes(inside));
  });
}

function text(terminated: boolean): Handler {
  return (assembler, argument) => {
    for (const bytes of literals(argument)) {
      assembler.code().append(Uint8Array.from(bytes));
      if (terminated) assembler.code().u8(0);
    }
  };
}

function number(assembler: Assembler, part: string | undefined, fallback: number): number {
  return part === undefined || part === '' ? fallback : Number(assembler.constant(expressionOf(part)));
}

/** `.align` and `.balign` take bytes, `.p2align` a power of two; then fill and the most bytes to skip. */
function align(power: boolean, fillSize = 1): Handler {
  return (assembler, argument) => {
    const [size, fill, most] = splitArguments(argument);
    const given = number(assembler, size, power ? 0 : 1);
    const to = power ? 2 ** given : Math.max(given, 1);
    if (to > 2 ** 30 || (to & (to - 1)) !== 0)
      throw new AssemblyError(`alignment ${given} is no power of two`);
    const byte =
      fill === undefined || fill === '' ? undefined : number(assembler, fill, 0) & (2 ** (8 * fillSize) - 1);
    assembler.alignTo(to, byte, number(assembler, most, Number.MAX_SAFE_INTEGER));
  };
}

function skip(assembler: Assembler, argument: string): void {
  const [size = '', fill] = splitArguments(argument);
  assembler.skip(expressionOf(size), number(assembler, fill, 0), false);
}

function origin(assembler: Assembler, argument: string): void {
  const [size = '', fill] = splitArguments(argument);
  assembler.skip(expressionOf(size), number(assembler, fill, 0), true);
}

function fill(assembler: Assembler, argument: string): void {
  const [repeat = '0', size, value] = splitArguments(argument);
  const count = number(assembler, repeat, 0);
  const width = Math.min(number(assembler, size, 1), 8);
  let bits = BigInt(number(assembler, value, 0));
  const pattern = new Uint8Array(width);
  for (let at = 0; at < Math.min(width, 4); at++) {
    pattern[at] = Number(bits & 0xffn);
    bits >>= 8n;
  }
  if (count * width > 2 ** 28) throw new AssemblyError('.fill of more than 256 MiB');
  for (let at = 0; at < count; at++) assembler.code().append(pattern);
}

function nops(assembler: Assembler, argument: string): void {
  assembler.nops(number(assembler, argument, 0));
}

function section(argument: string): { name: string; flags: string | undefined; nobits: boolean } {
  const [name = '', flags, type = ''] = splitArguments(argument);
  const quoted = flags?.startsWith('"') ? flags.slice(1, -1) : undefined;
  return { name: name.replaceAll('"', ''), flags: quoted, nobits: type.includes('nobits') };
}

function names(argument: string): string[] {
  return splitArguments(argument.includes(',') ? argument : argument.trim().replace(/\s+/g, ',')).map(
    (name) => name.replaceAll('"', ''),
  );
}

function binding(kind: 'local' | 'global' | 'weak'): Handler {
  return (assembler, argument) => {
    for (const name of names(argument)) assembler.symbols.get(name).binding = kind;
  };
}

function type(assembler: Assembler, argument: string): void {
  const [name = '', kind = ''] = splitArguments(
    argument.includes(',') ? argument : argument.replace(/\s+/, ','),
  );
  const word = kind.replace(/^[@%"]|STT_|"$/g, '').toLowerCase();
  const symbol = assembler.symbols.get(name.replaceAll('"', ''));
  if (word === 'function' || word === 'func' || word === 'gnu_indirect_function') symbol.type = 'function';
  else if (word === 'object' || word === 'tls_object' || word === 'common') symbol.type = 'object';
  else if (word !== 'notype') throw new AssemblyError(`unknown symbol type '${kind}'`);
}

function size(assembler: Assembler, argument: string): void {
  const [name = '', value = ''] = splitArguments(argument);
  assembler.symbols.get(name).size = assembler.symbols.bind(expressionOf(value));
}

function set(assembler: Assembler, argument: string): void {
  const [name = '', value = ''] = splitArguments(argument);
  assembler.symbols.equate(name, expressionOf(value));
}

function setOnce(assembler: Assembler, argument: string): void {
  const [name = ''] = splitArguments(argument);
  if (assembler.symbols.isDefined(name)) throw new AssemblyError(`symbol '${name}' is already defined`);
  set(assembler, argument);
}

function common(local: boolean): Handler {
  return (assembler, argument) => {
    const [name = '', bytes = '0', alignment] = splitArguments(argument);
    const count = number(assembler, bytes, 0);
    const to = number(assembler, alignment, count >= 16 ? 16 : 8);
    if (local) assembler.localCommon(name, count, to);
    else assembler.symbols.get(name).common = { size: count, align: to };
  };
}

function leb(signed: boolean): Handler {
  return (assembler, argument) => {
    for (const part of splitArguments(argument)) {
      let value = assembler.constant(expressionOf(part));
      for (;;) {
        const byte = Number(value & 0x7fn);
        value >>= 7n;
        const done = signed ? (value === 0n && byte < 64) || (value === -1n && byte >= 64) : value === 0n;
        assembler.code().u8(done ? byte : byte | 0x80);
        if (done) break;
      }
    }
  };
}

function message(argument: string): string {
  return argument.replace(/^"|"$/g, '');
}

function ignore(): void {}

const ignored = [
  'file',
  'loc',
  'ident',
  'line',
  'code64',
  'arch',
  'att_syntax',
  'hidden',
  'protected',
  'internal',
  'version',
  'attach_to_group',
  'print',
  'title',
  'sbttl',
  'list',
  'nolist',
  'eject',
  'psize',
  'symver',
  'addrsig',
  'addrsig_sym',
  'warning',
  'cfi_sections',
];

const table: Record<string, Handler> = {
  byte: data(1),
  short: data(2),
  hword: data(2),
  word: data(2),
  value: data(2),
  '2byte': data(2),
  long: data(4),
  int: data(4),
  '4byte': data(4),
  quad: data(8),
  '8byte': data(8),
  octa,
  ascii: text(false),
  asciz: text(true),
  string: text(true),
  string8: text(true),
  sleb128: leb(true),
  uleb128: leb(false),
  align: align(false),
  balign: align(false),
  balignw: align(false, 2),
  balignl: align(false, 4),
  p2align: align(true),
  p2alignw: align(true, 2),
  p2alignl: align(true, 4),
  skip,
  space: skip,
  zero: skip,
  org: origin,
  fill,
  nops,
  text: (assembler) => assembler.switchTo('.text'),
  data: (assembler) => assembler.switchTo('.data'),
  bss: (assembler) => assembler.switchTo('.bss'),
  rodata: (assembler) => assembler.switchTo('.rodata'),
  section: (assembler, argument) => {
    const { name, flags, nobits } = section(argument);
    assembler.switchTo(name, flags, nobits);
  },
  pushsection: (assembler, argument) => {
    const { name, flags, nobits } = section(argument);
    assembler.pushSection();
    assembler.switchTo(name, flags, nobits);
  },
  popsection: (assembler) => assembler.popSection(),
  previous: (assembler) => assembler.previousSection(),
  subsection: ignore,
  globl: binding('global'),
  global: binding('global'),
  weak: binding('weak'),
  local: binding('local'),
  type,
  size,
  set,
  equ: set,
  equiv: setOnce,
  comm: common(false),
  lcomm: common(true),
  error: (_assembler, argument) => {
    throw new AssemblyError(message(argument) || '.error');
  },
  err: () => {
    throw new AssemblyError('.err encountered');
  },
  intel_syntax: () => {
    throw new AssemblyError('.intel_syntax is not supported; only AT&T syntax is');
  },
};
for (const name of ignored) table[name] = ignore;

/** Runs a directive (name without its dot). Throws AssemblyError if there is none of this name or its arguments are wrong. */
export function runDirective(assembler: Assembler, name: string, argument: string): void {
  const handler = table[name];
  if (handler) handler(assembler, argument);
  else if (!name.startsWith('cfi_')) throw new AssemblyError(`unknown directive .${name}`);
}
