/**
 * Running one module without a shell: a first process that loads it, works, unloads it and powers off.
 *
 * The process is a C program of the lab (emulator/linux/user/lab/run_module.c); its exit code says which step failed.
 */
import type { Lab } from '../lab';
import { compileUser } from './compile';
import type { CompileResult } from './types';

const RUNNER = 'user/lab/run_module.c';
const MODULE_PATH = '/root/module.ko';
const PARAMETERS_PATH = '/root/parameters';

/** What the runner's exit code says: which step failed. */
const STEPS: Readonly<Record<number, string>> = { 2: 'insmod', 3: 'the workload', 4: 'rmmod' };

/** Puts module and runner into the machine's file system, before it runs. Answers the runner's compilation. */
export function installRunner(
  lab: Lab,
  module: Uint8Array,
  parameters: readonly string[],
  kernel: ReadonlyMap<string, string>,
): CompileResult {
  const runner = compileUser(RUNNER, kernel, kernel, { cache: lab.cache });
  if (runner.bytes === undefined) return runner;
  const encoder = new TextEncoder();
  lab.addFile(MODULE_PATH, module);
  lab.addFile(PARAMETERS_PATH, encoder.encode(parameters.join(' ')));
  lab.addFile('/etc/hostname', encoder.encode('lab\n'));
  lab.addFile('/tmp/.keep', new Uint8Array(0));
  lab.addFile('/init', runner.bytes, 0o755);
  return runner;
}

/** The step that an exit code of the runner names; undefined for 0. */
export function failedStep(exitCode: number): string | undefined {
  return exitCode === 0 ? undefined : (STEPS[exitCode] ?? `the machine (exit code ${exitCode})`);
}
