/**
 * Where a task visibly stands: at the probed instruction while its handlers run, otherwise where its CPU is.
 *
 * "Visible" is what steps and stack frames are about; the CPU itself may be deep inside the int3 path.
 */
import { inlineChain, programOf, rowAt } from '../../emulator/inspect/program';
import type { RegisterFile } from '../../emulator/inspect/registers';
import type { Hit } from '../../emulator/kprobes/types';
import type { Inspector } from './inspector';
import { savedRegisters } from './registers';

export interface Position {
  cpu: number;
  /** task_struct of who runs there. */
  task: bigint;
  ip: bigint;
  sp: bigint;
  registers: RegisterFile;
}

/** One source line of one (inlined) body. */
export interface LinePosition {
  line: number;
  column: number;
  file: string;
  /** Identity of the body: function start and inlined call. */
  body: string;
  /** True at the first instruction of a statement. */
  atStart: boolean;
  /** True before the function has set up its frame. */
  inPrologue: boolean;
  /** Depth of inlined calls, 0 for the function itself. */
  depth: number;
}

export function cpuPosition(inspector: Inspector, index: number): Position {
  const registers = inspector.registers(index);
  return {
    cpu: index,
    task: inspector.lab.kernel.tasks.currentAddress(index),
    ip: registers.get('ip') ?? 0n,
    sp: registers.get('sp') ?? 0n,
    registers,
  };
}

/** The position of a hit: the probed instruction for `pre`, the next one for `post`, the return address for `return`. */
export function hitPosition(inspector: Inspector, hit: Hit): Position {
  const registers = savedRegisters(hit.regs.address, inspector.memory(hit.cpu));
  const saved = registers.get('ip') ?? 0n;
  const ip = hit.when === 'pre' ? hit.address : hit.when === 'return' ? (hit.returnAddress ?? saved) : saved;
  return {
    cpu: hit.cpu,
    task: inspector.lab.kernel.tasks.currentAddress(hit.cpu),
    ip,
    sp: registers.get('sp') ?? 0n,
    registers,
  };
}

/** The position that a pt_regs in memory describes. */
export function savedPosition(inspector: Inspector, cpu: number, regs: bigint): Position {
  const registers = savedRegisters(regs, inspector.memory(cpu));
  return {
    cpu,
    task: inspector.lab.kernel.tasks.currentAddress(cpu),
    ip: registers.get('ip') ?? 0n,
    sp: registers.get('sp') ?? 0n,
    registers,
  };
}

/** The source line of an address, undefined where there is no line information. */
export function lineAt(inspector: Inspector, address: bigint): LinePosition | undefined {
  const loaded = inspector.lab.kernel.images.at(address);
  if (!loaded) return undefined;
  const program = programOf(loaded.image);
  const within = program.functionAt(address);
  if (!within) return undefined;
  const offset = Number(address - loaded.image.base) - within.start;
  const row = rowAt(within.lines, offset);
  if (!row || row.line === 0) return undefined;
  const prologue = within.lines.find((one) => one.prologueEnd)?.offset ?? 0;
  return {
    line: row.line,
    column: row.column,
    file: program.image.debug.files[row.file] ?? '',
    body: `${loaded.name} ${within.start} ${row.inlineSite}`,
    atStart: row.isStatement && row.offset === offset,
    inPrologue: offset < prologue,
    depth: inlineChain(within, offset).length,
  };
}
