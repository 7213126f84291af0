/** The life of a session: initialize, launch, configurationDone, restart, and its ends. */
import { boot, consoleLines, prepare, reboot } from '../boot';
import { capabilities } from '../capabilities';
import type { Context } from '../context';
import { readAttach, readLaunch, sameLaunch } from '../launch';
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

  /** Joins the machine that this process runs; it is not stopped by that. */
  attach: async (context, args) => {
    if (context.target) throw new RequestFailure('alreadyLaunched', 'This session has a machine already.');
    const { machine } = context.host;
    if (!machine) {
      throw new RequestFailure(
        'notSupported',
        'There is no machine here to attach to: start `kprobe-lab sh --listen PORT` and connect to that port.',
        true,
      );
    }
    context.sources.setKernelPlace(readAttach(args).kernelSource);
    context.attached = true;
    context.adopt(machine);
    await context.learnSources();
    context.table.attach(machine.inspector, machine.executions);
    context.data.attach(machine.inspector);
    context.event('initialized');
    return undefined;
  },

  configurationDone: async (context) => {
    const { attached, target } = context;
    if (!attached) await begin(context);
    else if (target) {
      context.applyFilters();
      if (target.stop) context.watcher.stopped(target.stop);
    }
    return undefined;
  },

  /** Boots a new machine; breakpoints stay. Whatever is wrong ends the session, because editors hang on a failed restart. */
  restart: async (context, args) => {
    const old = context.requireTarget();
    if (context.attached) {
      context.output.text('important', 'A machine that one attached to is not restarted: the session ends.');
      context.letGo();
      context.event('terminated');
      return undefined;
    }
    old.end();
    context.forget();
    try {
      const given = isObject(args) ? args.arguments : undefined;
      const before = context.launch;
      context.launch = given === undefined ? before : await readLaunch(given, context.host);
      if (!context.launch) throw new RequestFailure('notLaunched', 'There is nothing to restart.');
      const same = before !== undefined && sameLaunch(before, context.launch);
      if (!bootsVisibly(context)) {
        const target = (same ? reboot(context, old) : undefined) ?? (await boot(context, context.launch));
        context.table.attach(target.inspector, target.executions);
        context.data.attach(target.inspector);
      }
      await begin(context);
    } catch (error) {
      context.output.text('important', error instanceof Error ? error.message : String(error));
      context.output.drain();
      context.event('terminated');
    }
    return undefined;
  },

  terminate: (context) => {
    context.output.drain();
    if (context.attached) context.letGo();
    else context.target?.end();
    context.event('terminated');
    return undefined;
  },

  /** A machine of ours ends with the session; another one goes on, unless it is asked to end. */
  disconnect: (context, args) => {
    context.output.drain();
    const { target, attached } = context;
    context.letGo();
    if (attached && args?.terminateDebuggee) target?.finish('The machine was ended by a debugger.');
    return undefined;
  },

  /** Every request is answered within milliseconds; there is nothing to cancel. */
  cancel: () => undefined,
};

function bootsVisibly({ launch, table }: Context): boolean {
  return launch !== undefined && (launch.stopOnBoot || table.wantsBoot);
}

/**
 * Lets the machine do what the launch wants. Where a breakpoint is in boot code the machine that has booted is left for
 * one that has not: it boots again, now with breakpoints.
 */
async function begin(context: Context): Promise<void> {
  const { launch, table, data } = context;
  table.begin();
  if (!launch || !bootsVisibly(context)) {
    start(context);
    return;
  }
  context.target?.end();
  const target = await prepare(context, launch);
  table.attach(target.inspector, target.executions, launch.stopOnBoot ? 'bootAll' : 'boot');
  context.applyFilters();
  target.bootVisibly(launch.stopOnBoot, () => {
    target.keepHistory();
    table.attach(target.inspector, target.executions);
    data.attach(target.inspector);
    start(context);
  });
}

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
