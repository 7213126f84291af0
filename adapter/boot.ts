/**
 * From a launch configuration to a machine whose shell waits for input: compile, boot, then type what the user wants.
 *
 * Modules are compiled first, because their errors are the user's and come in milliseconds.
 */
import { type Diagnostic, formatDiagnostic, hasErrors } from '../emulator/cc/diagnostic';
import { Lab } from '../emulator/lab';
import type { Context } from './context';
import type { Launch } from './launch';
import { RequestFailure } from './protocol/failure';
import { Target } from './target/target';

const EVENTS_FILE = '/root/events.kprobes';

/**
 * Boots the machine of a launch and makes it the session's, with a progress notice for clients that show one: the first
 * build of a kernel configuration takes its time. Throws a RequestFailure with what is wrong.
 */
export function boot(context: Context, launch: Launch): Promise<Target> {
  return withProgress(context, async () => {
    const target = make(context, launch);
    if (await target.boot()) {
      target.keepHistory();
      context.applyFilters();
      return target;
    }
    const sentence = 'The machine stopped while it booted; its console says why.';
    throw new RequestFailure('bootFailed', sentence, true);
  });
}

/** Makes the machine of a launch the session's, before its first instruction: the user wants to see it boot. */
export function prepare(context: Context, launch: Launch): Promise<Target> {
  return withProgress(context, async () => make(context, launch));
}

async function withProgress(context: Context, work: () => Promise<Target>): Promise<Target> {
  const progressId = 'boot';
  if (context.client.progress) {
    context.event('progressStart', {
      progressId,
      title: 'Kprobe Lab',
      message: 'Building and booting the kernel',
    });
    await context.host.breathe();
  }
  try {
    return await work();
  } finally {
    if (context.client.progress) context.event('progressEnd', { progressId });
  }
}

/** The same machine again as it was when it had booted; undefined when there is no record of that. */
export function reboot(context: Context, old: Target): Target | undefined {
  if (!old.history) return undefined;
  old.history.rewind();
  const target = new Target(old.lab, context.host);
  context.adopt(target);
  target.keepHistory();
  context.applyFilters();
  return target;
}

function make(context: Context, launch: Launch): Target {
  const files = new Map<string, { data: Uint8Array }>();
  if (launch.events) files.set(EVENTS_FILE, { data: new TextEncoder().encode(launch.events.text) });
  const booted = Lab.boot({
    profile: launch.kernelProfile,
    config: launch.kernelConfig,
    cpus: launch.cpus,
    memoryMiB: launch.memoryMiB,
    sources: context.sources.kernel,
    files,
    cache: context.host.kernels,
  });
  if (!booted.lab) {
    report(context, booted.diagnostics, context.sources.kernel);
    const errors = booted.diagnostics
      .filter((one) => one.severity === 'error')
      .map((one) => formatDiagnostic(one));
    throw new RequestFailure(
      'bootFailed',
      `The kernel cannot be built: ${[...booted.problems, ...errors].slice(0, 3).join('; ')}`,
      true,
    );
  }
  const { lab } = booted;
  for (const module of launch.modules) addModule(context, lab, module);
  const target = new Target(lab, context.host);
  context.adopt(target);
  context.sources.setKernelPlace(launch.kernelSource);
  return target;
}

function addModule(context: Context, lab: Lab, module: Launch['modules'][number]): void {
  const result = lab.compileModule(module.path, module.files);
  for (const [path, text] of module.files) context.sources.addModuleFile(path, text);
  report(context, result.diagnostics, module.files);
  if (result.bytes && !hasErrors(result.diagnostics)) {
    lab.addFile(`/root/${result.name}.ko`, result.bytes);
    return;
  }
  const first = result.diagnostics.find((one) => one.severity === 'error');
  const where = first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : module.path;
  throw new RequestFailure('compileFailed', `The module does not compile: ${where}`, true);
}

/** Diagnostics as the compiler prints them, each with a link to its place. */
function report(
  context: Context,
  diagnostics: readonly Diagnostic[],
  files: ReadonlyMap<string, string>,
): void {
  const provider = { read: (path: string) => files.get(path) ?? context.sources.text(path) };
  for (const one of diagnostics) {
    const lines = formatDiagnostic(one, provider).split('\n');
    for (const [index, text] of lines.entries()) {
      const place = {
        source: context.sources.toClient(one.file),
        line: context.client.toClientLine(one.line),
      };
      context.output.line({
        category: one.severity === 'error' ? 'stderr' : 'console',
        text,
        ...(index === 0 ? place : {}),
      });
    }
  }
  context.output.drain();
}

/** The shell lines that a launch means: load the modules, define and enable the events, then the user's own. */
export function consoleLines(launch: Launch): string[] {
  const lines = launch.modules.map(({ name }) => ['insmod', `/root/${name}.ko`, ...launch.params].join(' '));
  if (launch.events) {
    lines.push(`cat ${EVENTS_FILE} > /sys/kernel/tracing/kprobe_events`);
    for (const group of eventGroups(launch.events.text))
      lines.push(`echo 1 > /sys/kernel/tracing/events/${group}/enable`);
  }
  return [...lines, ...launch.console];
}

/** Groups that the definitions of a kprobe_events file create: `p:group/name`, or `kprobes` when none is said. */
function eventGroups(text: string): Set<string> {
  const groups = new Set<string>();
  for (const line of text.split('\n')) {
    const head = /^\s*[pr]\d*(?::(\S+))?\s+\S/.exec(line);
    if (head) groups.add(/^(\w+)[/.]/.exec(head[1] ?? '')?.[1] ?? 'kprobes');
  }
  return groups;
}
