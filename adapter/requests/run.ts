/** Continue, pause and steps. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Context } from '../context';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import type { StepKind } from '../target/stepper';

type Names = 'continue' | 'pause' | 'next' | 'stepIn' | 'stepOut';

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
  stepIn: (context, args) => step(context, 'in', args),
  stepOut: (context, args) => step(context, 'out', args),
};

/** Steps the stopped task. Other tasks cannot be stepped: they stand wherever the scheduler left them. */
function step(context: Context, kind: StepKind, args: P.NextArguments): undefined {
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
  target.step(kind, args.granularity === 'instruction', context.stack(args.threadId), context.watcher);
  return undefined;
}
