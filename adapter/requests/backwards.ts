/** Time that runs backwards: steps and continue, restart of a frame, the next statement, the moment of a console line. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { programOf } from '../../emulator/inspect/program';
import type { ConsoleRecord } from '../../emulator/kernel/types';
import type { Context } from '../context';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import {
  beforeTrap,
  frameEntry,
  previousInstruction,
  previousLine,
  printing,
  reverseContinue,
} from '../target/journeys';
import type { Target } from '../target/target';

type Names =
  | 'stepBack'
  | 'reverseContinue'
  | 'restartFrame'
  | 'gotoTargets'
  | 'goto'
  | 'kprobe/stepBackOut'
  | 'kprobe/goToLine';

export const backwards: Handlers<Context, Names> = {
  stepBack: (context, args) => stepBack(context, args, 'over'),
  'kprobe/stepBackOut': (context, args) => stepBack(context, args, 'out'),

  reverseContinue: (context) => {
    const { target } = recorded(context);
    target.travel(reverseContinue, context.watcher);
    return undefined;
  },

  /** Goes back to the first instruction of the frame's function, in this very call. */
  restartFrame: (context, args) => {
    const { target, stop } = recorded(context);
    const frame = context.frame(args.frameId);
    if (frame.label || frame.threadId !== target.threadOfStop(stop)) {
      throw new RequestFailure('notSupported', 'Only a frame of the stopped task can be restarted.', true);
    }
    target.travel((traveller) => frameEntry(traveller, frame, stop.position.task), context.watcher);
    return undefined;
  },

  /** Places of a line in the function that the task stands in: elsewhere the frame would not fit the code. */
  gotoTargets: (context, args) => {
    const { target, stop } = context.requireStop();
    const file = context.sources.fromClient(args.source);
    const wanted = context.client.fromClientLine(args.line);
    const loaded = target.lab.kernel.images.at(stop.position.ip);
    const within = loaded && programOf(loaded.image).functionAt(stop.position.ip);
    if (!within) return { targets: [] };
    const rows = within.lines.filter(
      (row) => row.isStatement && row.line === wanted && loaded.image.debug.files[row.file] === file,
    );
    const entry = loaded.image.base + BigInt(within.start);
    return {
      targets: rows.map((row) => ({
        id: within.start + row.offset,
        label: `${within.name}+0x${row.offset.toString(16)}`,
        line: args.line,
        instructionPointerReference: `0x${(entry + BigInt(row.offset)).toString(16)}`,
      })),
    };
  },

  /** Sets the next instruction: the same frame goes on elsewhere, which is another future. */
  goto: async (context, args) => {
    const { target, stop } = recorded(context);
    const loaded = target.lab.kernel.images.at(stop.position.ip);
    const address = loaded && loaded.image.base + BigInt(args.targetId);
    const here = loaded && programOf(loaded.image).functionAt(stop.position.ip);
    const there = address === undefined ? undefined : loaded && programOf(loaded.image).functionAt(address);
    if (address === undefined || !here || there?.start !== here.start) {
      throw new RequestFailure('badArguments', 'goto: that place is not in the function that is running.');
    }
    // In a probe's handler the trap still has to end: the task is taken back to before it.
    if (stop.hit?.when === 'pre') {
      await target.travelQuietly((traveller) => beforeTrap(traveller, stop.position), context.watcher);
    }
    target.setNext(stop.position.cpu, address, context.watcher);
    return undefined;
  },

  'kprobe/goToLine': (context, args) => {
    const { target } = recorded(context);
    const record = lineOf(target, args);
    if (!record) {
      throw new RequestFailure('expression', 'There is no such console line in the recorded run.');
    }
    target.travel((traveller) => printing(traveller, record), context.watcher);
    return undefined;
  },
};

/** The stop, of a machine whose run is recorded. */
function recorded(context: Context): ReturnType<Context['requireStop']> {
  const all = context.requireStop();
  if (!all.target.history) {
    throw new RequestFailure('notSupported', 'The run of this machine is not recorded.', true);
  }
  return all;
}

function stepBack(context: Context, args: P.StepBackArguments, kind: 'over' | 'out'): undefined {
  const { target, stop } = recorded(context);
  if (args.threadId !== target.threadOfStop(stop)) {
    throw new RequestFailure(
      'notSupported',
      'Only the task that the machine stopped in can be stepped.',
      true,
    );
  }
  const stack = context.stack(args.threadId);
  const byInstruction = args.granularity === 'instruction' && kind === 'over';
  target.travel(
    (traveller) =>
      byInstruction
        ? previousInstruction(traveller, stop.position)
        : previousLine(traveller, stop.position, stack, kind),
    context.watcher,
  );
  return undefined;
}

/** The line with a number, or the last one that holds a text. */
export function lineOf(
  target: Target,
  { seq, text }: { seq?: number; text?: string },
): ConsoleRecord | undefined {
  const start = target.history?.start.moment ?? 0;
  const records = target.lab.kernel.console.all().filter(({ moment }) => moment > start);
  if (seq !== undefined) return records.find((record) => record.seq === seq);
  return records.findLast((record) => record.text.includes(text ?? ''));
}
