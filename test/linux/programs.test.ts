/**
 * Programs that make the same output and end the same way on this machine's Linux and in the lab.
 *
 * Each C file of test/linux/programs is compiled twice: natively with gcc against the system's libc, and with our compiler
 * against the lab's libc for the lab kernel. The lab runs all of them in one boot, each in an empty directory of its own.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import { BuildCache } from '../../emulator/kernel/build';
import { Lab, type LabStop } from '../../emulator/lab';
import { compileUser } from '../../emulator/lab/compile';

const root = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test', 'linux');
const support = join(root, 'support');
/** What the programs share. */
const header = join(support, 'check.h');
const programs = readdirSync(join(root, 'programs'))
  .filter((name) => name.endsWith('.c'))
  .map((name) => name.slice(0, -2))
  .sort();
/** Enough for all programs together; a program that hangs uses it up and its missing end fails the test. */
const BUDGET = 2_000_000_000;
const SLICE = 2_000_000;
const missing = spawnSync('gcc', ['--version']).status === 0 ? undefined : 'gcc is not installed';
const skip = missing !== undefined && process.env.CI !== 'true' ? missing : false;

interface Run {
  output: string;
  code: number;
}

/** Compiles a program with gcc and runs it in an empty directory. A signal's code is 128 and its number, as a shell says. */
function runNatively(name: string): Run {
  const directory = mkdtempSync(join(tmpdir(), 'kprobe-lab-'));
  const work = mkdtempSync(join(tmpdir(), 'kprobe-lab-'));
  try {
    const program = join(directory, name);
    const built = spawnSync(
      'gcc',
      ['-w', '-D_GNU_SOURCE', '-I', support, '-o', program, join(root, 'programs', `${name}.c`)],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(built.status, 0, built.stderr);
    const ran = spawnSync(program, [], { cwd: work, encoding: 'utf8' });
    return { output: ran.stdout, code: ran.status ?? 128 };
  } finally {
    rmSync(directory, { recursive: true });
    rmSync(work, { recursive: true });
  }
}

function compileForLab(path: string, cache: BuildCache): Uint8Array {
  const text = readFileSync(path, 'utf8');
  const files = new Map([
    [path, text],
    [header, readFileSync(header, 'utf8')],
  ]);
  const { bytes, diagnostics } = compileUser(path, files, kernelSources, { cache, includePaths: [support] });
  const provider = { read: (file: string) => files.get(file) ?? kernelSources.get(file) };
  assert.ok(bytes, diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, provider)).join('\n'));
  return bytes;
}

/** Boots a lab whose init is run_all.c; answers what each program wrote and how it ended, by name. */
function runInLab(cpus: number, cache: BuildCache): Map<string, Run> {
  const files = new Map([
    ['/init', { data: compileForLab(join(root, 'support', 'run_all.c'), cache), mode: 0o755 }],
    ...programs.map(
      (name) =>
        [
          `/root/${name}`,
          { data: compileForLab(join(root, 'programs', `${name}.c`), cache), mode: 0o755 },
        ] as const,
    ),
  ]);
  const { lab, ...failure } = Lab.boot({
    sources: kernelSources,
    cache,
    cpus,
    files,
    commandLine: 'init=/init',
  });
  assert.ok(lab, JSON.stringify(failure));
  let terminal = '';
  const log: string[] = [];
  lab.onEvent((event) => {
    if (event.kind === 'tty') terminal += event.text;
    else if (event.kind === 'console') log.push(event.record.text);
  });
  for (let left = BUDGET; left > 0; left -= SLICE) {
    const stop: LabStop = lab.run(SLICE);
    if (stop.kind === 'poweroff') break;
    assert.equal(stop.kind, 'budget', `${stop.kind}\n${log.slice(-40).join('\n')}`);
  }
  const runs = new Map<string, Run>();
  for (const [, name, output, code] of terminal.matchAll(/<<<<(.*)\n([\s\S]*?)>>>>(\d+)\n/g)) {
    runs.set(name ?? '', { output: output ?? '', code: Number(code) });
  }
  return runs;
}

const cache = new BuildCache();
const native = new Map<string, Run>();

/** The native run is the same for every machine: it is made once. */
function expected(name: string): Run {
  const run = native.get(name) ?? runNatively(name);
  native.set(name, run);
  return run;
}

for (const cpus of [1, 2]) {
  describe(`programs on ${cpus} CPU${cpus === 1 ? '' : 's'} behave as on Linux`, { skip }, () => {
    const runs = skip === false ? runInLab(cpus, cache) : new Map<string, Run>();
    for (const name of programs) {
      it(name, () => assert.deepEqual(runs.get(name), expected(name)));
    }
  });
}
