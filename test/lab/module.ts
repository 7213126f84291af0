/**
 * Running a module in a whole machine, for tests: compile, boot, insmod, the runner's workload, rmmod, power off.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { compilerVersion } from '../../.ci/compilerVersion';
import { diskCache } from '../../adapter/image-store';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import { Lab, type LabEvent, type LabOptions } from '../../emulator/lab';
import { failedStep, installRunner } from '../../emulator/lab/runner';

/**
 * The kernel is compiled once per configuration and compiler, for all test processes, and only what has changed of it.
 * The compiler's own tests do not depend on this; what is cached is keyed by its sources.
 */
const root = process.env.KPROBE_LAB_ROOT ?? '.';
export const kernelCache = diskCache(join(root, '.cache', 'kernels'), compilerVersion(root));

/** What a run left. */
export interface ModuleRun {
  lab: Lab;
  /** printk texts in order. */
  log: string[];
  tty: string;
  events: LabEvent[];
  /** The step that failed, if one did. */
  failed: string | undefined;
}

/** Boots a lab for tests; fails with the compiler's words. */
export function bootLab(options: Partial<LabOptions> = {}): Lab {
  const booted = Lab.boot({ sources: kernelSources, cache: kernelCache, ...options });
  if (booted.lab === undefined) {
    const provider = { read: (path: string) => kernelSources.get(path) };
    const errors = booted.diagnostics.filter((each) => each.severity === 'error');
    assert.fail(
      [...booted.problems, ...errors.map((each) => formatDiagnostic(each, provider))].slice(0, 20).join('\n'),
    );
  }
  return booted.lab;
}

/** Text of a fixture beside the tests. */
export function fixture(name: string): string {
  return readFileSync(join(process.env.KPROBE_LAB_ROOT ?? '.', 'test', 'lab', 'fixtures', name), 'utf8');
}

/** A listing of the article, unchanged, from examples/article. */
export function listing(number: 1 | 2): string {
  const path = ['examples', 'article', `listing${number}.c`];
  return readFileSync(join(process.env.KPROBE_LAB_ROOT ?? '.', ...path), 'utf8');
}

/** Compiles `source` as NAME.c and runs it as a module. `prepare` may set probes before the machine starts. */
export function runModule(
  name: string,
  source: string,
  options: Partial<LabOptions> & {
    parameters?: string[];
    prepare?: (lab: Lab) => void;
    slice?: number;
    limit?: number;
  } = {},
): ModuleRun {
  const lab = bootLab({ commandLine: 'quiet', ...options });
  const files = new Map([[`${name}.c`, source]]);
  const compiled = lab.compileModule(`${name}.c`, files);
  const provider = { read: (path: string) => files.get(path) ?? kernelSources.get(path) };
  const errors = compiled.diagnostics.filter((each) => each.severity === 'error');
  assert.ok(compiled.bytes !== undefined, errors.map((each) => formatDiagnostic(each, provider)).join('\n'));
  const runner = installRunner(lab, compiled.bytes, options.parameters ?? [], kernelSources);
  assert.ok(
    runner.bytes !== undefined,
    runner.diagnostics.map((each) => formatDiagnostic(each, provider)).join('\n'),
  );
  const run: ModuleRun = { lab, log: [], tty: '', events: [], failed: undefined };
  lab.onEvent((event) => {
    run.events.push(event);
    if (event.kind === 'console') run.log.push(event.record.text);
    else if (event.kind === 'tty') run.tty += event.text;
  });
  lab.stopOn = { oops: false, warn: false };
  options.prepare?.(lab);
  const limit = options.limit ?? 300_000_000;
  for (;;) {
    const stop = lab.run(options.slice ?? 500_000);
    if (stop.kind === 'poweroff') break;
    const going = stop.kind === 'budget' || stop.kind === 'probe';
    assert.ok(going, `the machine stopped: ${stop.kind}\n${run.log.slice(-30).join('\n')}\n${run.tty}`);
    assert.ok(
      lab.machine.retired < limit,
      `no end after ${limit} instructions\n${run.log.slice(-30).join('\n')}`,
    );
  }
  run.failed = failedStep(lab.exitCode ?? 0);
  return run;
}
