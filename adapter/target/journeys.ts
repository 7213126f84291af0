/**
 * Journeys to other moments of the run: back to the previous hit, line or instruction, to a frame's beginning, to the
 * statement that printed a line.
 *
 * A journey searches the recorded run with machine breakpoints, which patch nothing, and says where to land; the
 * machine itself is taken there by the history. Journeys are generators, so that the run loop can pause between slices.
 */
import { programOf } from '../../emulator/inspect/program';
import type { ConsoleRecord } from '../../emulator/kernel/types';
import type { LabStop } from '../../emulator/lab';
import type { History, Point } from '../../emulator/replay/history';
import type { Breakpoint } from '../breakpoints/breakpoint';
import type { ExecutionBreakpoints } from './execution-breakpoints';
import type { ViewFrame } from './frames';
import { cfaAt, type Inspector } from './inspector';
import type { Machinery } from './machinery';
import { cpuPosition, lineAt, type Position } from './position';
import type { StopReason } from './stop';

/** Where a journey ends. */
export interface Landing {
  point: Point;
  reason: StopReason;
  /** What stopped the machine there, if anything but the journey did. */
  stop: LabStop;
  breakpoints: readonly Breakpoint[];
  description: string | undefined;
}

export type Journey = Generator<undefined, Landing>;

/** What journeys need around them. */
export interface Traveller {
  history: History;
  inspector: Inspector;
  machinery: Machinery;
  executions: ExecutionBreakpoints;
  /** Instructions that one slice may run. */
  budget(): number;
  /** The breakpoints that would stop a user at this stop, while the machine stands there; undefined when it is none. */
  judge(stop: LabStop): { reason: StopReason; breakpoints: readonly Breakpoint[] } | undefined;
}

/** How many single instructions are looked at for the previous one, in turn. */
const WINDOWS = [2_000, 40_000, 1_000_000];
/** A trap pushes at least this much. */
const TRAP_DEPTH = 32n;

/** Back to the last stop before this one; to the start of the recording when there is none. */
export function* reverseContinue(traveller: Traveller): Journey {
  const { history, budget } = traveller;
  let found: Landing | undefined;
  const look = (stop: LabStop) => {
    const judged = traveller.judge(stop);
    if (judged) found = { point: history.now, stop, description: undefined, ...judged };
  };
  yield* history.backwards(
    history.now,
    look,
    () => found !== undefined,
    () => budget(),
  );
  return found ?? startOf(traveller);
}

/** Back to where the stepped task stood one visible instruction earlier in its frame; from a function's first, to its call. */
export function* previousInstruction(traveller: Traveller, from: Position): Journey {
  const { history, inspector, machinery } = traveller;
  const { now } = history;
  const body = bodyOf(inspector, from.ip);
  const frameOf = (position: Position) => {
    const code = inspector.codeAt(position.ip);
    return code && cfaAt(code, position.registers, inspector.memory(position.cpu));
  };
  const cfa = body && from.ip !== body.entry ? frameOf(from) : undefined;
  for (const window of WINDOWS) {
    let found: Landing | undefined;
    let trappedAt: bigint | undefined;
    let last = { ip: 0n, sp: 0n };
    const look = () => {
      const cpu = inspector.lab.machine.cpus.find((one) => one.active)?.index ?? 0;
      if (inspector.lab.kernel.tasks.currentAddress(cpu) !== from.task) return;
      const here = cpuPosition(inspector, cpu);
      if (trappedAt !== undefined && (here.sp < trappedAt - TRAP_DEPTH || machinery.hides(here.ip))) return;
      trappedAt = undefined;
      if (machinery.hides(here.ip) && !machinery.hides(last.ip)) {
        trappedAt = last.sp;
        return;
      }
      last = { ip: here.ip, sp: here.sp };
      if (here.ip === from.ip && here.sp === from.sp) return;
      // What the frame has called is passed over, as a step forwards does.
      if (cfa !== undefined && !(body?.holds(here.ip) && frameOf(here) === cfa)) return;
      found = step(history.now, cpu);
    };
    yield* history.each(history.pointAt(now.moment - window), now, look, () => traveller.budget());
    if (found !== undefined) return found;
    if (now.moment - window <= history.start.moment) break;
  }
  return startOf(traveller);
}

/**
 * Back to the beginning of the line (when the task stands inside of it) or of the line executed before, in the same frame;
 * from a function's first line to the line of its caller that called it. `out`: to that line in any case.
 */
export function* previousLine(
  traveller: Traveller,
  from: Position,
  stack: readonly ViewFrame[],
  kind: 'over' | 'out',
): Journey {
  const { history, inspector } = traveller;
  const [frame] = stack.filter((one) => !one.label);
  const caller = stack.find((one) => !one.label && one.cfa !== undefined && one.cfa !== frame?.cfa);
  const inner = frame && bodyOf(inspector, frame.address);
  const outer = caller && bodyOf(inspector, caller.address - 1n);
  if (!frame || !inner) return yield* previousInstruction(traveller, from);
  const starts = new Set([...inner.starts, ...(outer?.starts ?? [])]);
  const here = lineAt(inspector, from.ip);
  const standing = here?.atStart === true ? keyOf(here) : undefined;
  let same: (Landing & { ip: bigint }) | undefined;
  let called: (Landing & { ip: bigint }) | undefined;
  let entered: Landing | undefined;
  let before = '';
  let hit: Landing | undefined;
  const look = (stop: LabStop) => {
    const judged = traveller.judge(stop);
    if (judged) hit = { point: history.now, stop, description: undefined, ...judged };
    const latest = same ?? called;
    // The probe at the place that was just found: this is how the run itself stopped there.
    if (stop.kind === 'probe' && latest?.ip === stop.hit.address && stop.hit.when === 'pre') {
      Object.assign(latest, { point: history.now, stop });
    }
    if (stop.kind !== 'breakpoint' || !starts.has(stop.address)) return;
    const position = cpuPosition(inspector, stop.cpu);
    if (position.task !== from.task) return;
    const code = inspector.codeAt(stop.address);
    const cfa = code && cfaAt(code, position.registers, inspector.memory(stop.cpu));
    const line = lineAt(inspector, stop.address);
    const key = line ? keyOf(line) : '';
    const landing = { ...step(history.now, stop.cpu), ip: stop.address };
    if (stop.address === inner.entry && cfa === frame.cfa) {
      entered = landing;
      same = undefined;
      before = '';
      if (line?.inPrologue === true) return;
    }
    if (line?.inPrologue === true) return;
    const ownFrame = inner.holds(stop.address) && cfa === frame.cfa;
    const callersFrame = outer?.holds(stop.address) === true && cfa === caller?.cfa;
    if (!ownFrame && !callersFrame) return;
    const fresh = key !== before;
    before = key;
    if (callersFrame && fresh) {
      called = landing;
      same = undefined;
      entered = undefined;
    } else if (ownFrame && fresh && kind === 'over' && key !== standing) same = landing;
  };
  for (const address of starts) traveller.executions.add(address);
  try {
    const done = () =>
      same !== undefined || called !== undefined || hit !== undefined || (entered !== undefined && !outer);
    yield* history.backwards(history.now, look, done, () => traveller.budget());
  } finally {
    for (const address of starts) traveller.executions.remove(address);
  }
  const line = same ?? called ?? entered;
  // A breakpoint on the way stops a step, backwards as forwards.
  if (hit && (!line || line.point.moment < hit.point.moment)) return hit;
  return line ?? startOf(traveller);
}

/** Back to the first instruction of a frame's function, in this very call. */
export function* frameEntry(traveller: Traveller, frame: ViewFrame, task: bigint): Journey {
  const body = bodyOf(traveller.inspector, frame.address);
  if (!body) return startOf(traveller);
  const fits = (position: Position) => frame.cfa === undefined || position.sp + 8n === frame.cfa;
  return (yield* lastAt(traveller, body.entry, task, fits)) ?? startOf(traveller);
}

/** Back (or forwards) to the statement that printed a console line, before it is printed. */
export function* printing(traveller: Traveller, record: ConsoleRecord): Journey {
  const { history, inspector } = traveller;
  const point = { ...history.pointAt(record.moment) };
  yield* history.travel(point, () => traveller.budget());
  const task = inspector.lab.kernel.tasks.currentAddress(record.cpu);
  const lengths = [5n, 2n, 3n, 6n, 7n];
  const length = lengths.find((one) => inspector.callLength(record.caller - one) === Number(one));
  const call = length === undefined ? undefined : record.caller - length;
  const found = call === undefined ? undefined : yield* lastAt(traveller, call, task, () => true);
  return { ...(found ?? step(point, record.cpu)), reason: 'goto', description: `Before “${record.text}”` };
}

/** Back to where the probed instruction of a hit has not trapped yet. */
export function* beforeTrap(traveller: Traveller, position: Position): Journey {
  const fits = (one: Position) => one.sp === position.sp;
  return (yield* lastAt(traveller, position.ip, position.task, fits)) ?? startOf(traveller);
}

/** The last time before now that the task was about to execute the instruction at an address. */
function* lastAt(
  traveller: Traveller,
  address: bigint,
  task: bigint,
  fits: (position: Position) => boolean,
): Generator<undefined, Landing | undefined> {
  const { history, inspector, executions } = traveller;
  let found: Landing | undefined;
  const look = (stop: LabStop) => {
    if (stop.kind !== 'breakpoint' || stop.address !== address) return;
    const position = cpuPosition(inspector, stop.cpu);
    if (position.task === task && fits(position)) found = step(history.now, stop.cpu);
  };
  executions.add(address);
  try {
    yield* history.backwards(
      history.now,
      look,
      () => found !== undefined,
      () => traveller.budget(),
    );
  } finally {
    executions.remove(address);
  }
  return found;
}

function step(point: Point, cpu: number): Landing {
  return { point, reason: 'step', stop: { kind: 'stepped', cpu }, breakpoints: [], description: undefined };
}

function startOf({ history }: Traveller): Landing {
  const description = 'Start of the recorded run';
  return { ...step(history.start, 0), reason: 'pause', description };
}

function keyOf({ file, line, body }: { file: string; line: number; body: string }): string {
  return `${file}:${line}:${body}`;
}

/** The function at an address: its first instruction and those that begin a statement. */
function bodyOf(
  inspector: Inspector,
  address: bigint,
): { entry: bigint; starts: bigint[]; holds(address: bigint): boolean } | undefined {
  const loaded = inspector.lab.kernel.images.at(address);
  const within = loaded && programOf(loaded.image).functionAt(address);
  if (!within) return undefined;
  const entry = loaded.image.base + BigInt(within.start);
  const rows = within.lines.filter((row) => row.isStatement && row.line > 0);
  const starts = [entry, ...rows.map((row) => entry + BigInt(row.offset))];
  return { entry, starts, holds: (at) => at >= entry && at < entry + BigInt(within.size) };
}
