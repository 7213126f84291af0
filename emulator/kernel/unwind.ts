/**
 * Unwinding: from registers to the frames of a call stack, through exceptions, system calls and return trampolines.
 *
 * Within a function that has debug information its frame rows say where the caller's registers are; other code (assembly)
 * is unwound by the frame-pointer chain, where entry code leaves an odd value: the address of a pt_regs plus one.
 * Inlined calls become frames of their own. Return addresses that a kretprobe replaced are put right.
 */
import type { FrameRow } from '../cc/debug';
import { KERNEL_HALF } from './addresses';
import type { CodeMap } from './codemap';
import type { Guest } from './guest';
import { PT_REGS_SIZE, PtRegs } from './ptregs';
import type { Frame, LoadedImage, SymbolHit } from './types';

const RSP = 4;
const RBP = 5;
const CALLEE_SAVED = new Set([3, 4, 5, 12, 13, 14, 15]);
const MAX_FRAMES = 256;
/** Registers of struct inactive_task_frame in memory order; -1 is the return address. */
const INACTIVE_FRAME = [15, 14, 13, 12, 3, RBP, -1];

/** What the unwinder asks of the rest of the kernel. */
export interface UnwindHost {
  guest: Guest;
  imageAt(address: bigint): LoadedImage | undefined;
  codeMap(loaded: LoadedImage): CodeMap;
  symbolAt(address: bigint): SymbolHit | undefined;
  /** True return address for a stack slot that a kretprobe may have replaced. */
  recover(task: bigint, frame: bigint): bigint | undefined;
  trampoline: bigint;
  /** The probed address whose copied instruction is at an address in a slot. */
  probedAddress(address: bigint): bigint | undefined;
  /** User image mapped at an address, for frames below the system call. */
  userImageAt(task: bigint, address: bigint): LoadedImage | undefined;
}

/** Where to begin: an instruction pointer and registers. */
export interface UnwindStart {
  ip: bigint;
  registers: readonly (bigint | undefined)[];
  regs: bigint | undefined;
  task: bigint;
  /** The ip is a return address: a task that is not running. */
  isReturn?: boolean;
}

interface State {
  ip: bigint;
  registers: (bigint | undefined)[];
  regs: bigint | undefined;
  isReturn: boolean;
  hidden: boolean;
}

export class Unwinder {
  constructor(private readonly host: UnwindHost) {}

  /** Registers of a pt_regs as a start. `ip` of a hit in a pre handler is one too far: give the probed address then. */
  fromRegs(address: bigint, task: bigint, ip?: bigint): UnwindStart {
    const regs = new PtRegs(this.host.guest, address);
    const registers = Array.from({ length: 16 }, (_, index) => regs.register(index));
    return { ip: ip ?? regs.get('ip'), registers, regs: address, task };
  }

  /**
   * A task that does not run, from what __switch_to_asm left on its stack (struct inactive_task_frame: r15 r14 r13 r12
   * rbx rbp, return address). Undefined when that is not mapped.
   */
  fromSleeping(task: bigint): UnwindStart | undefined {
    const { guest } = this.host;
    const sp = guest.get('task_struct', task, 'thread.sp');
    const words = INACTIVE_FRAME.map((_, index) => peek(guest, sp + BigInt(index * 8)));
    const ip = words[INACTIVE_FRAME.length - 1];
    if (ip === undefined) return undefined;
    const registers: (bigint | undefined)[] = Array.from({ length: 16 }, () => undefined);
    for (const [index, register] of INACTIVE_FRAME.entries())
      if (register >= 0) registers[register] = words[index];
    registers[RSP] = sp + BigInt(INACTIVE_FRAME.length * 8);
    return { ip, registers, regs: undefined, task, isReturn: true };
  }

  /** The frames, innermost first. Stops at the end of the stack, at user mode's last known frame, or at garbage. */
  frames(start: UnwindStart): Frame[] {
    const frames: Frame[] = [];
    let state: State | undefined = {
      ip: this.host.probedAddress(start.ip) ?? start.ip,
      registers: [...start.registers],
      regs: start.regs,
      isReturn: start.isReturn ?? false,
      hidden: false,
    };
    let last = -1n;
    while (state !== undefined && frames.length < MAX_FRAMES) {
      const found = this.describe(state, start.task);
      frames.push(...found.frames);
      const sp = state.registers[RSP] ?? 0n;
      const lost =
        state.ip >= KERNEL_HALF &&
        found.frames[0].image === undefined &&
        found.frames[0].symbol === undefined;
      if (lost && frames.length > 1) break;
      const user: boolean = state.ip < KERNEL_HALF;
      state = user ? this.userCaller(state, found.row) : this.caller(state, found.row, start.task);
      if (state === undefined || state.ip === 0n) break;
      const kernelAgain = !user && state.ip >= KERNEL_HALF;
      if (kernelAgain && (state.registers[RSP] ?? 0n) <= sp && sp <= last) break;
      last = sp;
    }
    return frames;
  }

  private describe(state: State, task: bigint): { frames: Frame[]; row: FrameRow | undefined } {
    const lookup = state.isReturn ? state.ip - 1n : state.ip;
    const user = state.ip < KERNEL_HALF;
    const image = user ? this.host.userImageAt(task, lookup) : this.host.imageAt(lookup);
    const symbol = user ? undefined : this.host.symbolAt(lookup);
    const base = {
      lookup,
      symbol,
      image,
      registers: state.registers,
      regs: state.regs,
      address: state.ip,
      throughTrampoline: state.hidden,
    };
    const map = image === undefined ? undefined : this.host.codeMap(image);
    const offset = image === undefined ? 0 : Number(lookup - image.image.base);
    const fn = map?.functionAt(offset);
    if (map === undefined || fn === undefined) {
      const cfa = (state.registers[RSP] ?? 0n) + 8n;
      const frame: Frame = {
        ...base,
        kind: user ? 'user' : 'normal',
        name: symbol?.name ?? map?.symbolAt(offset),
        source: undefined,
        cfa,
      };
      return { frames: [frame], row: undefined };
    }
    const row = map.frameRow(fn, offset - fn.start);
    const cfa = this.cfa(state, row);
    const stack = map.sourceStack(fn, offset - fn.start);
    const frames = stack.map(
      ({ name, source, inlined }): Frame => ({
        ...base,
        kind: inlined ? 'inlined' : user ? 'user' : 'normal',
        name,
        source,
        cfa,
      }),
    );
    return { frames, row };
  }

  private cfa(state: State, row: FrameRow | undefined): bigint {
    if (row === undefined) return (state.registers[RSP] ?? 0n) + 8n;
    return (state.registers[row.cfaRegister] ?? 0n) + BigInt(row.cfaOffset);
  }

  private caller(state: State, row: FrameRow | undefined, task: bigint): State | undefined {
    if (row !== undefined) return this.byRow(state, row, task);
    if (state.regs !== undefined || !state.isReturn) {
      const leaf = this.leafCaller(state, task);
      if (leaf !== undefined) return leaf;
    }
    return this.byFramePointer(state, task);
  }

  private byRow(state: State, row: FrameRow, task: bigint): State | undefined {
    const { guest } = this.host;
    const cfa = this.cfa(state, row);
    const slot = cfa - 8n;
    const returnTo = peek(guest, slot);
    if (returnTo === undefined) return undefined;
    const registers = state.registers.map((value, index) => (CALLEE_SAVED.has(index) ? value : undefined));
    for (const { register, offset } of row.saved) registers[register] = peek(guest, cfa + BigInt(offset));
    registers[RSP] = cfa;
    return this.returning(returnTo, slot, registers, task);
  }

  /** Assembly without rows, entered by a call and not yet with a frame of its own (a gate): the return address is on top. */
  private leafCaller(state: State, task: bigint): State | undefined {
    const symbol = this.host.symbolAt(state.ip);
    const sp = state.registers[RSP];
    if (symbol === undefined || sp === undefined || state.registers[RBP] === undefined) return undefined;
    const returnTo = peek(this.host.guest, sp);
    if (returnTo === undefined || this.host.imageAt(returnTo) === undefined) return undefined;
    const registers = state.registers.map((value, index) => (CALLEE_SAVED.has(index) ? value : undefined));
    registers[RSP] = sp + 8n;
    return this.returning(returnTo, sp, registers, task);
  }

  private byFramePointer(state: State, task: bigint): State | undefined {
    const { guest } = this.host;
    const bp = state.registers[RBP];
    if (bp === undefined || bp === 0n) return undefined;
    if ((bp & 1n) === 1n) return this.interrupted(bp - 1n);
    const returnTo = peek(guest, bp + 8n);
    const saved = peek(guest, bp);
    if (returnTo === undefined || saved === undefined) return undefined;
    const registers: (bigint | undefined)[] = Array.from({ length: 16 }, () => undefined);
    registers[RBP] = saved;
    registers[RSP] = bp + 16n;
    return this.returning(returnTo, bp + 8n, registers, task);
  }

  /** The context that an exception or a system call interrupted. */
  private interrupted(address: bigint): State | undefined {
    if (this.host.guest.peek(address, PT_REGS_SIZE) === undefined) return undefined;
    const regs = new PtRegs(this.host.guest, address);
    const ip = regs.get('ip');
    return {
      ip: this.host.probedAddress(ip) ?? ip,
      registers: Array.from({ length: 16 }, (_, index) => regs.register(index)),
      regs: address,
      isReturn: false,
      hidden: false,
    };
  }

  private returning(
    returnTo: bigint,
    slot: bigint,
    registers: (bigint | undefined)[],
    task: bigint,
  ): State | undefined {
    const hidden = returnTo === this.host.trampoline && returnTo !== 0n;
    const ip = hidden ? this.host.recover(task, slot) : returnTo;
    if (ip === undefined || ip === 0n) return undefined;
    if (ip >= KERNEL_HALF && this.host.imageAt(ip) === undefined) return undefined;
    if (ip < KERNEL_HALF) return undefined;
    const bp = registers[RBP];
    const symbol = this.host.imageAt(ip - 1n);
    if (symbol !== undefined && bp !== undefined && (bp & 1n) === 1n && this.isEntryCode(ip))
      return this.interrupted(bp - 1n);
    return { ip, registers, regs: undefined, isReturn: true, hidden };
  }

  /** Entry code calls C with rbp pointing at the pt_regs it built: the frame after that C function is the interrupted one. */
  private isEntryCode(ip: bigint): boolean {
    const image = this.host.imageAt(ip - 1n);
    if (image === undefined) return false;
    return this.host.codeMap(image).functionAt(Number(ip - 1n - image.image.base)) === undefined;
  }

  /** Below the system call: the user program's own frames, as far as its debug information goes. */
  private userCaller(state: State, row: FrameRow | undefined): State | undefined {
    if (row === undefined) return undefined;
    const cfa = this.cfa(state, row);
    const returnTo = peek(this.host.guest, cfa - 8n);
    if (returnTo === undefined || returnTo === 0n || returnTo >= KERNEL_HALF) return undefined;
    const registers = state.registers.map((value, index) => (CALLEE_SAVED.has(index) ? value : undefined));
    for (const { register, offset } of row.saved)
      registers[register] = peek(this.host.guest, cfa + BigInt(offset));
    registers[RSP] = cfa;
    return { ip: returnTo, registers, regs: undefined, isReturn: true, hidden: false };
  }
}

function peek(guest: Guest, address: bigint): bigint | undefined {
  const bytes = guest.peek(address, 8);
  return bytes === undefined ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
