/**
 * Shell scripts of scripts/*.sh run in the guest, by our shell and commands as processes of the emulated kernel, and
 * by this machine's bash and GNU tools: the same output, the same status.
 *
 * Each script has an empty directory of its own. `#> NAME` starts one. KPROBE_LAB_ONLY=TEXT picks scripts by name.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Console } from '../lab/console';

interface Script {
  group: string;
  name: string;
  text: string;
  /** Where the guest finds it. */
  path: string;
}

const directory = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test', 'shell', 'scripts');
const only = process.env.KPROBE_LAB_ONLY ?? '';

function readScripts(): Script[] {
  return readdirSync(directory)
    .sort()
    .flatMap((file) =>
      readFileSync(join(directory, file), 'utf8')
        .split(/^#> /m)
        .slice(1)
        .map((part, index) => {
          const end = part.indexOf('\n');
          const group = file.replace(/\.sh$/, '');
          return { group, name: part.slice(0, end), text: part.slice(end + 1), path: `/t/${group}${index}` };
        }),
    )
    .filter(({ name }) => name.includes(only));
}

const bash = spawnSync('bash', ['-c', 'echo $BASH_VERSION'], { encoding: 'utf8' });
const reason = bash.status === 0 ? undefined : 'there is no bash to compare with on this machine';
if (reason && process.env.CI === 'true') throw new Error(`in CI nothing may skip: ${reason}`);

/** What bash makes of the script; both streams in one text. */
function native({ text }: Script): { output: string; status: number } {
  const home = mkdtempSync(join(tmpdir(), 'kprobe-lab-sh-'));
  try {
    const { stdout, status } = spawnSync('bash', ['-c', 'exec bash /dev/fd/9 2>&1 9< <(printf %s "$TEXT")'], {
      cwd: home,
      encoding: 'utf8',
      input: '',
      env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: '/root', TEXT: text },
    });
    return { output: stdout, status: status ?? -1 };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const scripts = readScripts();
// Before the machine is booted: starting a process from a small one is quick.
const expected = new Map(reason ? [] : scripts.map((script) => [script, native(script)]));

describe('scripts do in the guest what they do in bash', { skip: reason }, () => {
  const console = Console.boot({ texts: new Map(scripts.map(({ path, text }) => [path, text])) });
  for (const script of scripts) {
    it(`${script.group}: ${script.name}`, () => {
      const real = expected.get(script);
      const work = script.path.replace('/t/', '/tmp/');
      console.run(`mkdir ${work}; cd ${work}`);
      const ours = console.type(`sh ${script.path} < /dev/null`);
      assert.equal(ours.output, real?.output);
      assert.equal(ours.status, real?.status);
    });
  }
  after(() => {
    const left = console
      .run('ps')
      .split('\n')
      .filter((line) => /\bS\b.*\bsleep\b/.test(line));
    assert.deepEqual(left, [], 'nothing is left running');
  });
});
