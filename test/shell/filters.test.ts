/**
 * Text filters held against the real ones: the same command with the same input, run by this machine's own tools and by
 * the lab's programs, must print the same and end with the same status.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runProgram } from './memoryProcess';

const words = 'pear\napple\nfig\nbanana\napple\ncherry 10\ncherry 9\n\nEgg\negg\n';
const trace = `# tracer: nop
#
             cat-97      [000] .....     1.500001: e: (do_sys_open+0x0/0x60) name="/etc/hostname"
              sh-42      [001] .....     1.600001: e: (do_sys_open+0x0/0x60) name="/dev/null"
             cat-98      [000] .....     2.500001: r: (__x64_sys_openat+0x6a/0xa0 <- do_sys_open) ret=0x3
`;
const table = 'a:1:x\nb:22:y z\nc::w\nno delimiter\n';

const cases: { argv: string[]; input: string }[] = [
  ...[
    ['head', '-n', '2'],
    ['head', '-3'],
    ['head', '-c', '7'],
    ['tail', '-n', '2'],
    ['tail', '-n', '+8'],
    ['tail', '-c', '5'],
    ['sort'],
    ['sort', '-r'],
    ['sort', '-u'],
    ['sort', '-k2', '-n'],
    ['sort', '-f'],
    ['uniq'],
    ['uniq', '-c'],
    ['uniq', '-d'],
    ['wc', '-l'],
    ['wc', '-c'],
    ['wc', '-w'],
    ['rev'],
    ['tac'],
    ['nl', '-ba'],
    ['tr', 'a-z', 'A-Z'],
    ['tr', '-d', 'aeiou'],
    ['tr', '-s', 'p'],
    ['tr', '[:lower:]', '[:upper:]'],
    ['tr', '-cd', 'a-e\\n'],
    ['grep', 'an'],
    ['grep', '-c', 'e'],
    ['grep', '-v', 'e'],
    ['grep', '-n', 'apple'],
    ['grep', '-i', 'EGG'],
    ['grep', '-w', 'fig'],
    ['grep', '-x', 'egg'],
    ['grep', '-o', 'an'],
    ['grep', '-E', '^(apple|fig)$'],
    ['grep', '-F', 'a.n'],
    ['grep', '-q', 'nothing like it'],
    ['grep', '-m', '1', 'apple'],
    ['grep', '-A1', 'fig'],
    ['grep', '-B1', '-n', 'fig'],
    ['grep', 'ch\\(e\\|a\\)rry'],
    ['grep', '[[:digit:]]'],
    ['sed', 's/a/A/'],
    ['sed', 's/a/A/g'],
    ['sed', 's/a/A/2'],
    ['sed', '-n', '2,3p'],
    ['sed', '2d'],
    ['sed', '$d'],
    ['sed', '/fig/d'],
    ['sed', '-n', '/apple/='],
    ['sed', '-E', 's/(.)(.)/\\2\\1/'],
    ['sed', 's/.*/<&>/'],
    ['sed', '-n', 's/egg/hen/p'],
    ['sed', '3q'],
    ['sed', 'y/abc/xyz/'],
    ['sed', '2!d'],
    ['sed', '/fig/,/cherry/s/^/> /'],
    ['sed', 's|a|/|;s/p/P/'],
    ['sed', '$!N;s/\\n/+/'],
    ['sed', 'N;P;D'],
    ['sed', '1!G;h;$!d'],
    ['sed', '-n', 'H;$ {x;s/\\n/,/g;p}'],
    ['sed', ':a;s/^\\(.*\\)p/\\1q/;ta'],
    ['sed', '-n', '/apple/{n;p}'],
    ['sed', '/fig/{s/f/F/;s/g/G/}'],
    ['sed', '2,4{/fig/!d}'],
    ['sed', '2q;d'],
    ['sed', '2Q'],
    ['sed', 'q5'],
    ['sed', '0~3d'],
    ['sed', '2,+1d'],
    ['sed', '4,2d'],
    ['sed', '2a\\\nafter'],
    ['sed', '2i before'],
    ['sed', '/fig/c instead'],
    ['sed', '2,3c\\\nboth'],
    ['sed', 's/a/\\n/'],
    ['sed', '-E', 's/(a)(p)/\\U\\1\\E\\2/'],
    ['sed', 's/[/]/x/;s/[^]]$/]/'],
    ['sed', '-n', 'l'],
    ['sed', '-n', '/apple/,/fig/p;/egg/='],
    ['sed', 'x;G;1d'],
    ['sed', '/a/bend;s/$/ no a/;:end'],
    ['sed', '-e', 's/a/1/', '-e', 's/b/2/'],
    ['sed', '/^$/d;//s/x/y/'],
    ['sed', '-s', '$='],
    ['sed', '1~2s/$/ odd/'],
  ].map((argv) => ({ argv, input: words })),
  ...[
    ['grep', '-c', '-v', '^#'],
    ['grep', 'do_sys_open+0x0'],
    ['grep', '-o', 'name="[^"]*"'],
    ['sed', '-n', 's/.*name="\\(.*\\)".*/\\1/p'],
    ['sed', '/^#/d;s/^ *//'],
    ['cut', '-c', '1-20'],
    ['tr', '-s', ' '],
  ].map((argv) => ({ argv, input: trace })),
  ...[
    ['cut', '-d', ':', '-f', '2'],
    ['cut', '-d:', '-f1,3'],
    ['cut', '-d:', '-f2-', '-s'],
    ['sort', '-t:', '-k2', '-n'],
  ].map((argv) => ({ argv, input: table })),
  ...[
    ['echo', 'a', 'b'],
    ['printf', '%s-%d|%5s|%-5s|%05d|%x\\n', 'a', '12', 'b', 'c', '42', '255'],
    ['printf', '%x\\n', '-1'],
    ['printf', '%s\\n', 'a', 'b', 'c'],
    ['printf', '%c%%%o\\n', 'xyz', '8'],
    ['printf', 'tab\\there\\n'],
    ['seq', '5'],
    ['seq', '2', '3', '11'],
    ['seq', '3', '-1', '1'],
    ['seq', '-w', '8', '11'],
    ['seq', '-s', ',', '4'],
    ['basename', '/a/b.c', '.c'],
    ['dirname', '/a/b'],
    ['dirname', 'b'],
    ['test', '3', '-lt', '4'],
    ['test', 'a', '=', 'b'],
    ['test', '!', '-n', ''],
    ['test', '1', '-eq', '1', '-a', '2', '-gt', '1'],
    ['true'],
    ['false'],
  ].map((argv) => ({ argv, input: '' })),
];

const reason =
  existsSync('/usr/bin/sed') || existsSync('/bin/sed')
    ? undefined
    : 'no GNU tools to compare with on this machine';
if (reason && process.env.CI === 'true') throw new Error(`in CI nothing may skip: ${reason}`);

describe('text tools print what the real ones print', () => {
  for (const { argv, input } of cases) {
    it(argv.join(' '), { skip: reason }, () => {
      const real = spawnSync('/usr/bin/env', argv, {
        input,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      });
      const ours = runProgram(argv, input);
      assert.equal(ours.output, real.stdout);
      assert.equal(ours.status, real.status);
    });
  }
});

describe('what a console command says when it fails', () => {
  it('names the file and the error', () => {
    const { status, errors } = runProgram(['cat', '/no/such'], '');
    assert.equal(errors, 'cat: /no/such: No such file or directory\n');
    assert.equal(status, 1);
  });
  it('sed names what is wrong with a script', () => {
    assert.match(runProgram(['sed', 'k'], 'x\n').errors, /unknown command: 'k'/);
    assert.match(runProgram(['sed', 'b nowhere'], 'x\n').errors, /can't find label for jump to 'nowhere'/);
    assert.match(runProgram(['sed', '/a/{p'], 'x\n').errors, /unmatched '\{'/);
    assert.match(runProgram(['sed', 's/a/b'], 'x\n').errors, /the closing \/ is missing/);
  });
  it('sed -i changes the file', () => {
    assert.equal(runProgram(['sed', '-i', 's/1/2/', 'f'], '', { f: 'a1\nb1\n' }).files.get('f'), 'a2\nb2\n');
  });
});
