/**
 * Calls a function of the guest for the user: on the stopped task's stack, with the CPU's registers put back afterwards.
 *
 * What the function changes in memory stays: that is what calls are for. When it faults, panics, waits for ever or takes
 * too long, memory and CPUs are put back as they were before the call, and the reason is told. Breakpoints on the way
 * do not stop.
 */
import type { MachineSnapshot } from '../../emulator/cpu/machine';
import { GENERAL } from '../../emulator/inspect/registers';
import { type Fault, hex, littleEndian, toBytes } from '../../emulator/inspect/value';
import { KERNEL_HALF } from '../../emulator/kernel/addresses';
import type { LabStop } from '../../emulator/lab';
import type { ExecutionBreakpoints } from './execution-breakpoints';
import type { Inspector } from './inspector';

/** An argument: a number, or the bytes of a text that is copied onto the guest's stack. */
export type CallArgument = bigint | Uint8Array;

/** Instructions that a called function may take; less than a second. */
const PATIENCE = 10_000_000;
/** Left free below the stack pointer: more than what an interrupt's frame or the red zone take. */
const CLEARANCE = 512n;
/** Registers of the System V calling convention, in the encoding's numbering: rdi rsi rdx rcx r8 r9. */
const ARGUMENTS = [7, 6, 2, 1, 8, 9];
const RAX = 0;
const RSP = 4;
/** Where the kernel goes once it has decided that a fault is fatal. */
const FATAL = ['page_fault_oops', 'die', 'panic'];

/** The function's rax, or why there is none. */
export function callGuest(
  inspector: Inspector,
  executions: ExecutionBreakpoints,
  index: number,
  entry: bigint,
  given: readonly CallArgument[],
): bigint | Fault {
  const cpu = inspector.cpu(index);
  const { machine, kernel } = inspector.lab;
  if (cpu.rip < KERNEL_HALF)
    return {
      fault: 'the machine stands in a user program; kernel functions are called from kernel code only',
    };
  if (given.length > ARGUMENTS.length) return { fault: `at most ${ARGUMENTS.length} arguments are passed` };
  if (!kernel.images.at(entry)) return { fault: `there is no kernel code at ${hex(entry)}` };
  const before = machine.snapshot();
  const saved = GENERAL.map((_, register) => cpu.get(register));
  const { rip, rflags, halted } = cpu;
  const memory = inspector.memory(index);
  let sp = (cpu.rsp - CLEARANCE) & ~15n;
  for (const [position, argument] of given.entries()) {
    let number = argument;
    if (typeof number !== 'bigint') {
      sp = (sp - BigInt(number.length)) & ~15n;
      if (!memory.write(sp, number)) return { fault: 'the stack has no room' };
      number = sp;
    }
    cpu.set(ARGUMENTS[position] ?? 0, number);
  }
  sp -= 8n;
  if (!memory.write(sp, toBytes(rip, 8))) return { fault: 'the stack has no room' };
  cpu.set(RSP, sp);
  cpu.set(RAX, 0n);
  cpu.halted = false;
  cpu.rip = entry;
  // The call starts somewhere else: nothing that it meets has been stopped at already.
  machine.passBreakpoint(index, false);
  const fatal = new Map(
    FATAL.flatMap((name) => {
      const address = kernel.findRaw(name);
      return address === undefined ? [] : [[address, name] as const];
    }),
  );
  for (const address of [rip, ...fatal.keys()]) executions.add(address);
  const problem = run(inspector, index, { address: rip, sp: sp + 8n }, fatal);
  for (const address of [rip, ...fatal.keys()]) executions.remove(address);
  if (problem !== undefined) return undone(inspector, before, problem);
  const result = cpu.get(RAX);
  for (const [register, value] of saved.entries()) cpu.set(register, value);
  cpu.rip = rip;
  cpu.rflags = rflags;
  cpu.halted = halted;
  machine.passBreakpoint(index);
  return BigInt.asUintN(64, result);
}

function undone(inspector: Inspector, before: MachineSnapshot, problem: string): Fault {
  inspector.lab.machine.restore(before);
  return { fault: `${problem}; memory and registers are as they were before the call` };
}

/** Runs until the call has returned; undefined then, otherwise why it has not. */
function run(
  inspector: Inspector,
  index: number,
  end: { address: bigint; sp: bigint },
  fatal: ReadonlyMap<bigint, string>,
): string | undefined {
  const { lab } = inspector;
  const last = lab.machine.retired + PATIENCE;
  while (lab.machine.retired < last) {
    const stop: LabStop = lab.run(PATIENCE);
    switch (stop.kind) {
      case 'breakpoint': {
        const cpu = inspector.cpu(stop.cpu);
        if (fatal.has(stop.address)) return `the function faulted${faultText(inspector, stop.cpu)}`;
        if (stop.cpu === index && stop.address === end.address && cpu.rsp === end.sp) return undefined;
        break;
      }
      case 'idle':
        return 'the function waits for something that does not come';
      case 'panic':
      case 'shutdown':
      case 'poweroff':
        return 'the function ended the machine';
      case 'budget':
      case 'paused':
      case 'probe':
      case 'watchpoint':
      case 'stepped':
      case 'oops':
        break;
    }
  }
  return `the function did not return within ${PATIENCE / 1e6} million instructions`;
}

/** Where the fault was: the fatal functions have the pt_regs as one of their first two arguments. */
function faultText(inspector: Inspector, index: number): string {
  const cpu = inspector.cpu(index);
  for (const register of [7, 6]) {
    const bytes = inspector.memory(index).read(cpu.get(register) + IP_OFFSET, 8);
    const symbol = bytes && inspector.symbolAt(littleEndian(bytes));
    if (symbol !== undefined) return ` at ${symbol} (cr2 ${hex(cpu.cr2)})`;
  }
  return '';
}

/** ip in struct pt_regs: behind fifteen registers and orig_ax. */
const IP_OFFSET = 128n;
