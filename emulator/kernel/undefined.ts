/**
 * What to say about an undefined instruction: which it is, where its source is, and what to do about it.
 *
 * The report that follows in the kernel's own words is printed by C (dumpstack.c); BUG and WARN are not undefined.
 */
import { type Decoded, decode, maximumLength } from '../isa/decode';
import { disassemble } from '../isa/disassemble';
import type { Kernel } from './kernel';
import type { SourcePlace } from './types';

const KERN_ERR = 3;
const USER = 3n;
const families: Readonly<Record<NonNullable<Decoded['entry']['extension']>, string | undefined>> = {
  x87: 'an x87',
  mmx: 'an MMX',
  sse: 'an SSE',
  avx: 'an AVX',
  '3dnow': 'a 3DNow!',
  vmx: 'a virtualization',
  svm: 'a virtualization',
  xsave: undefined,
  cet: undefined,
  mpx: undefined,
  other: undefined,
};

/** Instructions that gcc chooses only because nobody told it not to. */
const byCompiler = new Set(['x87', 'mmx', 'sse', 'avx']);

function sentence(decoded: Decoded, address: bigint): string {
  const { extension } = decoded.entry;
  const family = extension && families[extension];
  const text = disassemble(decoded, address);
  const known = `'${text}' is ${family ?? 'an'} instruction that this processor does not have`;
  return extension && byCompiler.has(extension) ? `${known}; compile with -mgeneral-regs-only` : known;
}

/** The code's function with offset, and its source line, as far as they are known. */
function where(kernel: Kernel, address: bigint, user: boolean, cpu: number): string {
  const task = kernel.tasks.current(cpu);
  const loaded = user ? task && kernel.userImage(task.address, address) : kernel.images.at(address);
  let source: SourcePlace | undefined;
  let name = user ? `0x${address.toString(16)}` : kernel.symbols.format(address, { offset: true });
  if (loaded !== undefined) {
    const offset = Number(address - loaded.image.base);
    const map = kernel.codeMap(loaded);
    source = map.placeAt(offset);
    const fn = map.functionAt(offset);
    const symbol = loaded.image.symbols.findLast((each) => each.offset <= offset);
    const start = fn?.start ?? symbol?.offset ?? 0;
    if (user) name = `${fn?.name ?? symbol?.name ?? loaded.name}+0x${(offset - start).toString(16)}`;
  }
  return source === undefined ? name : `${name}, ${source.file}:${source.line}`;
}

/** Adds a line about the instruction at the registers' ip to the kernel log; ud2 speaks for itself. */
export function explainUndefined(kernel: Kernel, regs: bigint, cpu: number): void {
  const { guest } = kernel;
  const address = guest.get('pt_regs', regs, 'ip');
  const user = (guest.get('pt_regs', regs, 'cs') & USER) === USER;
  let bytes: Uint8Array | undefined;
  for (let length = maximumLength; length > 0 && bytes === undefined; length--) {
    bytes = guest.peek(address, length, cpu);
  }
  const decoded = decode(bytes ?? new Uint8Array(0));
  if (decoded.ok && decoded.op === 'ud') return;
  const hex = [...(bytes ?? [])].slice(0, 8).map((byte) => byte.toString(16).padStart(2, '0'));
  const what = decoded.ok ? sentence(decoded, address) : `the bytes ${hex.join(' ')} are no instruction`;
  const { comm, pid } = kernel.currentOrIdle(cpu);
  kernel.printk(KERN_ERR, `${comm}[${pid}]: ${what} (${where(kernel, address, user, cpu)})`, cpu);
}
