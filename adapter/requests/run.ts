/** Continue, pause and steps. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { decode, maximumLength } from '../../emulator/isa/decode';
import { disassemble } from '../../emulator/isa/disassemble';
import type { Context } from '../context';
import { RequestFailure, staleReference } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import type { ViewFrame } from '../target/frames';
import { lineAt } from '../target/position';
import type { StepKind } from '../target/stepper';

type Names = 'continue' | 'pause' | 'next' | 'stepIn' | 'stepOut' | 'stepInTargets';

export const run: Handlers<Context, Names> = {
  continue: (context) => {
    const { target } = context.requireStop();
    target.resume(context.watcher);
    return { allThreadsContinued: true };
  },

  pause: (context) => {
    context.requireTarget().pause();
    return undefined;
  },

  next: (context, args) => step(context, 'over', args),
  stepIn: (context, args) => {
    const into = args.targetId === undefined ? undefined : context.calls.get(args.targetId);
    if (args.targetId !== undefined && into === undefined)
      throw staleReference('step-in target', args.targetId);
    return step(context, 'in', args, into);
  },
  stepInTargets: (context, args) => {
    const frame = context.frame(args.frameId);
    const targets = callsOfLine(context, frame).map(({ address, label }) => {
      const line = lineAt(context.requireTarget().inspector, address);
      return {
        id: context.calls.add(address),
        label,
        ...(line
          ? {
              line: context.client.toClientLine(line.line),
              column: context.client.toClientColumn(Math.max(1, line.column)),
            }
          : {}),
      };
    });
    return { targets };
  },
  stepOut: (context, args) => step(context, 'out', args),
};

/** The calls that the rest of the current line makes, in the order of the code. */
function callsOfLine(context: Context, frame: ViewFrame): { address: bigint; label: string }[] {
  const { inspector } = context.requireTarget();
  const { code } = frame.scope.context;
  const start = lineAt(inspector, frame.address);
  if (!code || !start || !frame.top) return [];
  const end = code.program.image.base + BigInt(code.within.start + code.within.size);
  const found: { address: bigint; label: string }[] = [];
  for (let at = frame.address; at < end; ) {
    const bytes = inspector.lab.kprobes.originalText(at, Math.min(maximumLength, Number(end - at)));
    const decoded = bytes && decode(bytes);
    if (!decoded?.ok) break;
    const line = lineAt(inspector, at);
    const here = line?.line === start.line && line.file === start.file;
    if (here && decoded.entry.mnemonic === 'call') {
      const text = disassemble(decoded, at, 'att', (address) => inspector.symbolAt(address));
      found.push({ address: at, label: /<([^>]+)>/.exec(text)?.[1] ?? text.replace(/^call\w*\s+/, '') });
    }
    at += BigInt(decoded.length);
  }
  return found;
}

/** Steps the stopped task. Other tasks cannot be stepped: they stand wherever the scheduler left them. */
function step(context: Context, kind: StepKind, args: P.NextArguments, into?: bigint): undefined {
  const { target, stop } = context.requireStop();
  if (args.threadId !== target.threadOfStop(stop)) {
    if (!target.taskOfThread(args.threadId)) {
      throw new RequestFailure('unknownThread', `There is no task with thread id ${args.threadId}.`);
    }
    throw new RequestFailure(
      'notSupported',
      'Only the task that the machine stopped in can be stepped.',
      true,
    );
  }
  const request = { kind, by: args.granularity ?? 'line', into };
  target.step(request, context.stack(args.threadId), context.watcher);
  return undefined;
}
