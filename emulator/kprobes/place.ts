/**
 * From what a struct kprobe asks for to an address that may be probed: register_kprobe's checks in Linux's order.
 *
 * Source: kprobes.md 1.4 (Linux 6.1: kprobe_addr, check_kprobe_address_safe, can_probe, __copy_instruction). Each check
 * has its errno and a sentence. What follows (slot, arming) is in register.ts.
 */
import { classify } from '../isa/kprobe';
import type { Kernel } from '../kernel/kernel';
import type { SymbolHit } from '../kernel/types';
import type { Blacklist } from './blacklist';
import type { Core } from './core';
import { refuse } from './refusal';
import { type Boundaries, originalInstruction } from './text';
import type { Refusal } from './types';

/** An address that exists in the kernel's symbols. */
export interface Place {
  address: bigint;
  symbol: SymbolHit;
  onFunctionEntry: boolean;
  /** The address is the nop or call of ftrace. */
  ftraceSite: boolean;
}

/** Checks 1 to 4: a symbol with offset, or an address, but not both, and known to kallsyms. */
export function findPlace(
  kernel: Kernel,
  wanted: { symbol: string | undefined; address: bigint; offset: number },
): Place | Refusal {
  if ((wanted.symbol !== undefined) === (wanted.address !== 0n)) {
    return refuse(
      'EINVAL',
      wanted.symbol === undefined
        ? 'neither symbol_name nor addr is set: give one of them'
        : 'both symbol_name and addr are set: clear one of them (a struct that was registered before keeps its addr)',
    );
  }
  let base = wanted.address;
  if (wanted.symbol !== undefined) {
    const symbol = kernel.symbols.lookup(wanted.symbol);
    if (symbol === undefined) return refuse('ENOENT', unknownSymbol(kernel, wanted.symbol));
    base = symbol.address;
  }
  const address = BigInt.asUintN(64, base + BigInt(wanted.offset));
  const symbol = kernel.symbols.at(address);
  if (symbol === undefined) {
    return wanted.symbol === undefined
      ? refuse('ENOENT', `0x${address.toString(16)} belongs to no symbol of the kernel or a module`)
      : refuse(
          'EILSEQ',
          `${wanted.symbol}+0x${wanted.offset.toString(16)} runs past the end of the kernel's symbols`,
        );
  }
  return {
    address,
    symbol,
    onFunctionEntry: symbol.offset === 0,
    ftraceSite: kernel.isFtraceSite(address),
  };
}

function unknownSymbol(kernel: Kernel, name: string): string {
  if (!kernel.config.on('KALLSYMS')) return `${name}: this kernel has no symbol table (CONFIG_KALLSYMS=n)`;
  const inlined = kernel.inlineOnly(name);
  if (inlined !== undefined) {
    return `${name} has no code of its own: it is inlined into its callers (${inlined.join(', ') || 'none is compiled'}); probe a line of it, or one of them`;
  }
  const near = kernel.symbols.suggestions(name);
  return near.length === 0
    ? `no symbol ${name} in the kernel or its modules (see /proc/kallsyms)`
    : `no symbol ${name} in the kernel or its modules; nearest names: ${near.join(', ')}`;
}

/** Checks 7 to 11: the address must be code that may be probed. */
export function checkSafe(core: Core, blacklist: Blacklist, place: Place): Refusal | undefined {
  const { kernel } = core;
  const { address } = place;
  if (place.ftraceSite && !kernel.config.on('KPROBES_ON_FTRACE')) {
    return refuse(
      'EINVAL',
      `${place.symbol.name} starts with ftrace's nop and CONFIG_KPROBES_ON_FTRACE is off: switch it on, or probe behind the nop`,
    );
  }
  const section = kernel.sectionAt(address);
  if (section === undefined || !section.exec) {
    return refuse(
      'EINVAL',
      `0x${address.toString(16)} (${place.symbol.name}) is not code of the kernel or a module`,
    );
  }
  const protectedRange = blacklist.find(address);
  if (protectedRange !== undefined) {
    return refuse('EINVAL', `${place.symbol.name} is on the kprobes blacklist: ${protectedRange.why}`);
  }
  if (kernel.isBugAddress(address)) {
    return refuse(
      'EINVAL',
      `the instruction at ${place.symbol.name}+0x${place.symbol.offset.toString(16)} is the trap of a BUG or WARN`,
    );
  }
  if (section.init && kernel.initIsFreed(address)) {
    return place.symbol.module === undefined
      ? refuse('EINVAL', `${place.symbol.name} is __init code, which was freed after boot`)
      : refuse(
          'ENOENT',
          `${place.symbol.name} is __init code of module ${place.symbol.module}, which was freed after its init function`,
        );
  }
  return undefined;
}

/** What is needed to run the instruction elsewhere. */
export interface Copyable {
  length: number;
  bytes: Uint8Array;
  kind: ReturnType<typeof classify>;
}

/** Checks 14, 16 and 17: a boundary, decodable, not a trap itself, and possible out of line. */
export function checkInstruction(core: Core, boundaries: Boundaries, place: Place): Copyable | Refusal {
  const where = `${place.symbol.name}+0x${place.symbol.offset.toString(16)}`;
  if (!boundaries.has(place.symbol)) {
    return refuse('EILSEQ', `${where} is not the first byte of an instruction`);
  }
  const found = originalInstruction(core, place.address);
  if (found === undefined) return refuse('EILSEQ', `the bytes at ${where} are not an instruction`);
  const kind = classify(found.decoded);
  const refused = refusedInstruction(kind, where);
  if (refused !== undefined) return refused;
  return { length: found.decoded.length, bytes: found.bytes, kind };
}

function refusedInstruction(kind: ReturnType<typeof classify>, where: string): Refusal | undefined {
  if (kind.refuse === undefined) return undefined;
  switch (kind.refuse) {
    case 'EILSEQ':
      return refuse('EILSEQ', `the instruction at ${where} is a trap itself (int3, int n, ud2)`);
    case 'EOPNOTSUPP':
      return refuse(
        'EOPNOTSUPP',
        `the instruction at ${where} cannot be done out of line (far or memory-indirect branch, iret)`,
      );
    default:
      return refuse(kind.refuse, `the instruction at ${where} cannot be copied`);
  }
}
