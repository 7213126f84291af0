/**
 * Modules that carry their own expectation: a C file whose last comment is a session at the console.
 *
 *     /* console
 *      * warning: what the compiler says, in order
 *      * $ insmod /root/name.ko
 *      * a line that the machine prints then: a terminal line or a kernel message
 *      * a line with … for any text in it
 *      * …                                   (alone: any lines)
 *      *\/
 *
 * All that is printed is compared, in order, so what is not said may not happen.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import type { Lab } from '../../emulator/lab';
import { Console } from '../lab/console';
import { bootLab } from '../lab/module';

/** One typed line and what must follow. */
interface Step {
  line: string;
  expected: string[];
}

/** A module, or a program of user mode (PROGRAM.user.c), with its session. */
export interface Transcript {
  path: string;
  name: string;
  text: string;
  user: boolean;
  warnings: string[];
  steps: Step[];
}

/** Instructions: a lockup is one after seconds, and a second is a thousand million. */
const LINE_LIMIT = 5_000_000_000;

const ROOT = process.env.KPROBE_LAB_ROOT ?? '.';

/** The transcripts of a directory below the repository, by name. */
export function transcripts(directory: string): Transcript[] {
  return readdirSync(join(ROOT, directory))
    .filter((file) => file.endsWith('.c'))
    .sort()
    .map((file) => {
      const path = `${directory}/${file}`;
      const text = readFileSync(join(ROOT, path), 'utf8');
      const name = basename(file).replace(/(\.user)?\.c$/, '');
      return { path, name, text, user: file.endsWith('.user.c'), ...parse(text, path) };
    });
}

function parse(text: string, path: string): { warnings: string[]; steps: Step[] } {
  const start = text.lastIndexOf('/* console\n');
  const warnings: string[] = [];
  const steps: Step[] = [];
  if (start < 0) return { warnings, steps };
  const body = text.slice(start, text.indexOf('*/', start)).split('\n').slice(1, -1);
  for (const raw of body) {
    const line = raw.replace(/^ \* ?/, '');
    if (line.startsWith('$ ')) steps.push({ line: line.slice(2), expected: [] });
    else if (steps.length > 0) steps.at(-1)?.expected.push(line);
    else {
      assert.match(line, /^warning: /, `${path}: what stands before the first $ is a warning`);
      warnings.push(line.slice('warning: '.length));
    }
  }
  return { warnings, steps };
}

/** Programs that several sessions use; the workload's own name is a command's. */
const PROGRAMS: readonly Transcript[] = [
  program('examples/workloads/echo.c', 'echo_pair'),
  program('test/linux/modules/programs/datagram.c', 'datagram'),
];

function program(path: string, name: string): Transcript {
  return { path, name, text: readFileSync(join(ROOT, path), 'utf8'), user: true, warnings: [], steps: [] };
}

/** A booted machine that has all of these as /root/NAME.ko and /bin/NAME, and what their compilation said. */
export class Session {
  private constructor(
    readonly console: Console,
    private readonly said: ReadonlyMap<string, string[]>,
  ) {}

  static boot(all: readonly Transcript[], cpus: number, config: Record<string, string> = {}): Session {
    const lab = bootLab({ commandLine: 'quiet', cpus, config });
    const said = new Map<string, string[]>();
    for (const each of [...all, ...PROGRAMS]) said.set(each.path, compile(lab, each));
    return new Session(Console.start(lab), said);
  }

  /** Types the session of one transcript. */
  run(transcript: Transcript): void {
    assert.deepEqual(this.said.get(transcript.path), transcript.warnings, 'what the compiler says');
    for (const { line, expected } of transcript.steps) {
      const printed = this.printed(line);
      const at = mismatch(printed, expected);
      if (at !== undefined) assert.fail(`$ ${line}\n${at}\nprinted:\n${printed.join('\n')}`);
    }
  }

  /** All lines of the terminal and the kernel's log, in order. */
  private printed(text: string): string[] {
    const { events } = this.console.type(text, LINE_LIMIT);
    let terminal = '';
    let record = -1;
    const printed: string[] = [];
    for (const event of events) {
      if (event.kind === 'console') {
        // A continuation (pr_cont) comes alone, under its record's number.
        const begun = event.record.seq === record ? (printed.pop() ?? '') : '';
        record = event.record.seq;
        printed.push(...(begun + event.record.text).split('\n').filter(isNews));
      } else if (event.kind === 'tty') {
        const lines = (terminal + event.text.replace(/\r/g, '')).split('\n');
        terminal = lines.pop() ?? '';
        printed.push(...lines);
      }
    }
    return terminal === '' ? printed : [...printed, terminal];
  }
}

/** Puts the module or program into the machine; what the compiler said. */
function compile(lab: Lab, { path, name, text, user }: Transcript): string[] {
  const file = `${name}.c`;
  const files = new Map([[file, text]]);
  const { bytes, diagnostics } = user ? lab.compileUser(file, files) : lab.compileModule(file, files);
  const provider = { read: (wanted: string) => files.get(wanted) ?? kernelSources.get(wanted) };
  const errors = diagnostics.filter((each) => each.severity === 'error');
  assert.ok(bytes !== undefined, errors.map((each) => formatDiagnostic(each, provider)).join('\n'));
  lab.addFile(user ? `/bin/${name}` : `/root/${name}.ko`, bytes, user ? 0o755 : 0o644);
  return diagnostics.map((each) => `${each.message}${each.file === file ? '' : ` (${path}: ${each.file})`}`);
}

/** The taint of the first module is said once in a boot: which session that is in, does not matter. */
function isNews(line: string): boolean {
  return !line.endsWith(': loading out-of-tree module taints kernel.');
}

function matches(line: string, pattern: string): boolean {
  const parts = pattern.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}

/** Undefined when the lines are the expected ones; else what is wrong in words. */
function mismatch(printed: readonly string[], expected: readonly string[]): string | undefined {
  let at = 0;
  let skip = false;
  for (const pattern of expected) {
    if (pattern === '…') {
      skip = true;
      continue;
    }
    const found = printed.slice(at).findIndex((line) => matches(line, pattern));
    if (found < 0 || (found > 0 && !skip))
      return `expected: ${pattern}\n     got: ${printed[at] ?? '(nothing)'}`;
    at += found + 1;
    skip = false;
  }
  return at < printed.length && !skip ? `expected nothing more, got: ${printed[at]}` : undefined;
}
