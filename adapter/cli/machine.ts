/**
 * Booting and driving a lab for a command: compiler messages to stderr, the run loop until something ends it.
 */
import { dirname, join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { type Diagnostic, formatDiagnostic } from '../../emulator/cc/diagnostic';
import { Lab, type LabOptions, type LabStop } from '../../emulator/lab';
import { diskCache, programVersion } from '../image-store';
import type { KernelChoice } from './arguments';
import { Failure } from './failure';

/** Instructions per slice: a few milliseconds. */
const SLICE = 200_000;

/** Kernels that earlier runs compiled: beside the program, or where KPROBE_LAB_CACHE says. */
export const buildCache = diskCache(
  process.env.KPROBE_LAB_CACHE ?? join(dirname(process.argv[1] ?? '.'), 'kernels'),
  programVersion(process.argv[1] ?? ''),
);

/** Prints diagnostics as gcc does; true when one is an error. */
export function report(diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>): boolean {
  const provider = { read: (path: string) => files.get(path) ?? kernelSources.get(path) };
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic, provider)}\n`);
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Boots a lab or fails with what is wrong. */
export function bootLab(choice: KernelChoice, more: Partial<LabOptions> = {}): Lab {
  const booted = Lab.boot({
    sources: kernelSources,
    cache: buildCache,
    profile: choice.profile,
    config: choice.config,
    ...(choice.cpus === undefined ? {} : { cpus: choice.cpus }),
    ...more,
  });
  if (booted.lab !== undefined) return booted.lab;
  report(booted.diagnostics, kernelSources);
  throw new Failure(booted.problems.length > 0 ? booted.problems.join('\n') : 'the kernel does not compile');
}

/**
 * Runs until `until` says so, the machine powers off, panics, or goes idle with nothing to wake it. Gives up after
 * `limit` instructions, because a command line has nobody to press pause.
 */
export function runUntil(lab: Lab, limit: number, until: (stop: LabStop) => boolean = () => false): LabStop {
  const end = lab.machine.retired + limit;
  for (;;) {
    const stop = lab.run(SLICE);
    if (until(stop)) return stop;
    switch (stop.kind) {
      case 'poweroff':
      case 'panic':
      case 'idle':
      case 'shutdown':
        return stop;
      case 'budget':
        if (lab.machine.retired >= end)
          throw new Failure(`the machine did not finish within ${limit} instructions`);
        break;
      case 'oops':
      case 'paused':
      case 'probe':
      case 'breakpoint':
      case 'watchpoint':
      case 'stepped':
        break;
    }
  }
}

/** Why a machine that should have powered off did not, in words. */
export function explainStop(stop: LabStop): string {
  switch (stop.kind) {
    case 'panic':
      return `kernel panic: ${stop.oops.message}`;
    case 'shutdown':
      return `the CPU shut down: ${stop.reason}`;
    case 'idle':
      return 'all CPUs sleep and nothing will wake them';
    default:
      return `the machine stopped (${stop.kind})`;
  }
}
