/**
 * kprobe-lab run MODULE.c: compile, boot, insmod, a workload, rmmod; what the machine's console shows goes to stdout.
 */
import { kernelSources } from 'kernel-sources';
import { KernelConsole } from '../../emulator/kernel/console';
import { errnoName } from '../../emulator/kernel/errno';
import type { Lab } from '../../emulator/lab';
import { failedStep, installRunner } from '../../emulator/lab/runner';
import { type CommandLine, split, UsageError, values } from './arguments';
import { Failure } from './failure';
import { diskFiles } from './files';
import { bootLab, explainStop, report, runUntil } from './machine';

const LIMIT = 2_000_000_000;

export function runCommand(line: CommandLine): number {
  const [path, ...rest] = line.words;
  if (path === undefined || rest.length > 0) throw new UsageError('run needs one module source');
  const files = diskFiles();
  if (!files.has(path)) throw new Failure(`no such file: ${path}`);
  const parameters = values(line, '--param');
  for (const parameter of parameters) split('--param', parameter);
  const lab = bootLab(line.kernel, { commandLine: 'quiet' });
  const compiled = lab.compileModule(path, files);
  report(compiled.diagnostics, files);
  if (compiled.bytes === undefined) throw new Failure(`${path} does not compile`);
  const runner = installRunner(lab, compiled.bytes, parameters, kernelSources);
  report(runner.diagnostics, kernelSources);
  if (runner.bytes === undefined) throw new Failure('the program that loads modules does not compile');
  return finish(lab, compiled.name);
}

function finish(lab: Lab, name: string): number {
  let failure: string | undefined;
  lab.onEvent((event) => {
    if (event.kind === 'console') process.stdout.write(`${KernelConsole.line(event.record)}\n`);
    else if (event.kind === 'tty') process.stdout.write(event.text);
    else if (event.kind === 'moduleFailed') failure = `${event.reason} (-${errnoName(event.errno)})`;
  });
  const stop = runUntil(lab, LIMIT);
  if (stop.kind !== 'poweroff') throw new Failure(explainStop(stop));
  const step = failedStep(lab.exitCode ?? 0);
  if (step === undefined) return 0;
  throw new Failure(`${step} of ${name} failed${failure === undefined ? '' : `: ${failure}`}`);
}
