/** The life of a session: initialize, launch, configurationDone, restart, and its ends. */
import { boot, consoleLines } from '../boot';
import { capabilities } from '../capabilities';
import type { Context } from '../context';
import { readLaunch } from '../launch';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import { isObject } from '../protocol/shape';

type Names =
  | 'initialize'
  | 'launch'
  | 'attach'
  | 'configurationDone'
  | 'restart'
  | 'terminate'
  | 'disconnect'
  | 'cancel';

export const lifecycle: Handlers<Context, Names> = {
  initialize: (context, args) => {
    context.client.learn(args);
    return capabilities;
  },

  /**
   * Compiles and boots, and only then says `initialized`: breakpoints are answered by a kernel that is there, with its
   * own errno. Modules are loaded after configurationDone.
   */
  launch: async (context, args) => {
    if (context.launch) throw new RequestFailure('alreadyLaunched', 'This session has launched already.');
    const launch = await readLaunch(args, context.host);
    const target = await boot(context, launch);
    context.launch = launch;
    context.table.attach(target.inspector, target.executions);
    context.data.attach(target.inspector);
    context.event('initialized');
    return undefined;
  },

  attach: () => {
    throw new RequestFailure(
      'notSupported',
      'There is nothing to attach to: use a launch configuration.',
      true,
    );
  },

  configurationDone: (context) => {
    start(context);
    return undefined;
  },

  /** Boots a new machine; breakpoints stay. Whatever is wrong ends the session, because editors hang on a failed restart. */
  restart: async (context, args) => {
    context.requireTarget().end();
    context.forget();
    try {
      const given = isObject(args) ? args.arguments : undefined;
      context.launch = given === undefined ? context.launch : await readLaunch(given, context.host);
      if (!context.launch) throw new RequestFailure('notLaunched', 'There is nothing to restart.');
      const target = await boot(context, context.launch);
      context.table.attach(target.inspector, target.executions);
      context.data.attach(target.inspector);
      start(context);
    } catch (error) {
      context.output.text('important', error instanceof Error ? error.message : String(error));
      context.output.drain();
      context.event('terminated');
    }
    return undefined;
  },

  terminate: (context) => {
    context.target?.end();
    context.output.drain();
    context.event('terminated');
    return undefined;
  },

  disconnect: (context) => {
    context.output.drain();
    context.target?.end();
    context.target = undefined;
    return undefined;
  },

  /** Every request is answered within milliseconds; there is nothing to cancel. */
  cancel: () => undefined,
};

function start(context: Context): void {
  const target = context.requireTarget();
  const { launch } = context;
  if (!launch) return;
  for (const line of consoleLines(launch)) target.lab.input(line);
  // A panic while booting has stopped the machine already.
  if (target.stop) return;
  if (launch.stopOnEntry) target.stopOnEntry();
  else target.resume();
}
