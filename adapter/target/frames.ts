/**
 * Call stacks as the editor shows them: the kernel's frames with labels between contexts, the returning function on
 * top of a return probe's stop, and a scope for each frame made when it is first asked for.
 */
import type { FrameContext, FrameScope } from '../../emulator/inspect/frame-scope';
import { inlineChain } from '../../emulator/inspect/program';
import type { RegisterFile } from '../../emulator/inspect/registers';
import type { Frame, SourcePlace, TaskInfo } from '../../emulator/kernel/types';
import type { Inspector } from './inspector';
import type { Machinery } from './machinery';
import { entryRegisters, savedRegisters, unwoundRegisters } from './registers';
import type { Stop } from './stop';

/** One row of the call stack. A label has a name only. */
export interface ViewFrame {
  id: number;
  threadId: number;
  name: string;
  label: boolean;
  /** Shown faintly: not the user's business unless asked for. */
  subtle: boolean;
  address: bigint;
  source: SourcePlace | undefined;
  module: string | undefined;
  /** Innermost frame of a stopped context: its registers can be set. */
  registers: RegisterFile | undefined;
  cfa: bigint | undefined;
  /** Set for the frame of a function that a return probe caught on its way out. */
  returning: FrameContext['returning'];
  /** True for the frame that the stop is about. */
  top: boolean;
  cpu: number;
  scope: FrameScope;
}

type Draft = Omit<ViewFrame, 'id' | 'threadId' | 'scope' | 'cpu'> & {
  lookup: bigint;
  inlineSite: number | undefined;
};

export class Frames {
  constructor(
    readonly inspector: Inspector,
    readonly machinery: Machinery,
  ) {}

  /** The stack of a task at a stop, innermost first. `allocate` gives each row its id. */
  ofTask(task: TaskInfo, threadId: number, stop: Stop, allocate: (frame: ViewFrame) => number): ViewFrame[] {
    const here = task.address === stop.position.task;
    const cpu = here ? stop.position.cpu : (task.cpu ?? 0);
    const drafts = here ? this.#atStop(stop) : this.#elsewhere(task);
    return drafts.map((draft) => {
      const { inlineSite, lookup, ...rest } = draft;
      const code = draft.label ? undefined : this.inspector.codeAt(lookup, inlineSite);
      const { registers, cfa, returning } = draft;
      const about = { address: task.address, pid: task.pid, comm: task.comm, cpu };
      const scope = this.inspector.scope({ cpu, code, registers, cfa, returning, task: about });
      const frame: ViewFrame = { ...rest, id: 0, threadId, cpu, scope };
      frame.id = allocate(frame);
      return frame;
    });
  }

  #atStop(stop: Stop): Draft[] {
    const { hit, oops, position } = stop;
    const { kernel } = this.inspector.lab;
    const { cpu } = position;
    if (!hit) {
      const start = oops?.regs === undefined ? { cpu } : { regs: oops.regs, cpu };
      return this.#drafts(kernel.unwind(start), position.registers);
    }
    const { address: regs } = hit.regs;
    if (hit.when !== 'return') {
      return this.#drafts(kernel.unwind({ regs, address: position.ip, cpu }), position.registers);
    }
    // The caller is asked about its call, one byte before where it goes on.
    const call = position.ip - 1n;
    const frames = kernel.unwind({ regs, address: call, cpu });
    const callers = this.#drafts(frames, undefined).map((draft) => ({
      ...draft,
      top: false,
      address: draft.address === call ? position.ip : draft.address,
    }));
    return [this.#returningFrame(stop, hit.address), ...callers];
  }

  /** The function that a return probe caught: it has no frame any more, but a name, a place and a value. */
  #returningFrame(stop: Stop, address: bigint): Draft {
    const code = this.inspector.codeAt(address, -1);
    const file = code?.program.image.debug.files[code.within.file];
    const source = code && file !== undefined ? { file, line: code.within.endLine, column: 1 } : undefined;
    return {
      name: this.inspector.lab.kernel.symbols.at(address)?.name ?? code?.within.name ?? hexName(address),
      label: false,
      subtle: false,
      address,
      source,
      module: this.inspector.lab.kernel.images.at(address)?.name,
      registers: stop.position.registers,
      cfa: undefined,
      returning: { entry: entryRegisters(stop.hit?.data) },
      top: true,
      lookup: address,
      inlineSite: -1,
    };
  }

  /** A task that is not the stopped one: on another CPU, or asleep in the scheduler. */
  #elsewhere(task: TaskInfo): Draft[] {
    const { kernel } = this.inspector.lab;
    if (task.cpu !== undefined) {
      return this.#drafts(kernel.unwind({ cpu: task.cpu }), this.inspector.registers(task.cpu));
    }
    return this.#drafts(kernel.unwind({ task: task.address }), undefined);
  }

  #drafts(frames: readonly Frame[], registers: RegisterFile | undefined): Draft[] {
    const drafts: Draft[] = [];
    let chain: number[] = [];
    for (const [index, frame] of frames.entries()) {
      const before = frames[index - 1];
      const same =
        before && before.cfa === frame.cfa && before.lookup === frame.lookup && before.kind === 'inlined';
      if (!same) chain = this.#chain(frame);
      if (before && !same) drafts.push(...separator(before, frame));
      const inlineSite = frame.kind === 'inlined' ? chain.shift() : -1;
      drafts.push(
        this.#draft(frame, index === 0 || (drafts.at(-1)?.top && same) ? registers : undefined, inlineSite),
      );
    }
    return drafts;
  }

  #chain(frame: Frame): number[] {
    const code = this.inspector.codeAt(frame.lookup);
    return code ? inlineChain(code.within, code.offset) : [];
  }

  #draft(frame: Frame, registers: RegisterFile | undefined, inlineSite: number | undefined): Draft {
    const { kernel } = this.inspector.lab;
    const known = frame.regs !== undefined ? savedRegisters(frame.regs, this.inspector.memory(0)) : undefined;
    return {
      name:
        frame.name ??
        frame.symbol?.name ??
        `${frame.kind === 'user' ? 'user code at ' : ''}${hexName(frame.address)}`,
      label: false,
      subtle: this.machinery.isMachinery(frame.name, frame.lookup) || this.machinery.isEntry(frame.lookup),
      address: frame.address,
      source: frame.source,
      module: frame.image?.name ?? kernel.images.at(frame.lookup)?.name,
      registers: registers ?? known ?? unwoundRegisters(frame.registers, frame.address),
      cfa: frame.cfa,
      returning: undefined,
      top: registers !== undefined,
      lookup: frame.lookup,
      inlineSite,
    };
  }
}

/** A label where the stack crosses from a trap to what it interrupted, or from the kernel to the program. */
function separator(inner: Frame, outer: Frame): Draft[] {
  if (inner.kind !== 'user' && outer.kind === 'user') return [label('system call from user mode')];
  if (outer.regs !== undefined && outer.regs !== inner.regs) return [label('interrupted here')];
  return [];
}

function label(name: string): Draft {
  return {
    name: `── ${name} ──`,
    label: true,
    subtle: false,
    address: 0n,
    source: undefined,
    module: undefined,
    registers: undefined,
    cfa: undefined,
    returning: undefined,
    top: false,
    lookup: 0n,
    inlineSite: undefined,
  };
}

function hexName(address: bigint): string {
  return `0x${address.toString(16)}`;
}
