/**
 * awk held against the real one: the same program on the same input, run by this machine's awk and by the lab's, must
 * print the same and end with the same status. What only gawk knows has its expectations written here.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runProgram } from './memoryProcess';

const table = `# name  pid state time
sh      1   S     0.5
cat     17  R     10.25
insmod  18  R     3

kworker 4   I     16.25
`;
const csv = 'a:1:x\nb:22:y z\nc::w\nno delimiter\n:last:\n';
const trace = `# tracer: nop
#
             cat-97      [000] .....     1.500001: e: (do_sys_open+0x0/0x60) name="/etc/hostname" flags=0x0
              sh-42      [001] .....     1.600001: e: (do_sys_open+0x0/0x60) name="/dev/null" flags=0x241
             cat-98      [000] .....     2.500001: r: (__x64_sys_openat+0x6a/0xa0 <- do_sys_open) ret=0x3
`;

const cases: { argv: string[]; input: string }[] = [
  ...[
    '{ print $1 }',
    '{ print $NF, NF }',
    'NR == 2',
    'NR > 1 && NF { n++; sum += $4 } END { print n, sum, sum / n }',
    '/R/ { print NR ": " $0 }',
    '!/^#/',
    '$3 == "R" { print $1; next } { print "-" }',
    '$2 > 4 { print $1 }',
    '/sh/,/insmod/ { print $1 }',
    'NR==2,NR==3',
    'BEGIN { print "start" } END { print NR }',
    '{ $2 = "x"; print; print NF }',
    '{ $7 = "seven"; print }',
    '{ NF = 2; print; print $3 "|" }',
    '{ $0 = "new " $1; print $2, NF }',
    '{ print length, length($1), length() }',
    '{ count[$3]++ } END { for (k in count) total += count[k]; print total, count["R"], ("Z" in count) }',
    'END { delete a["x"]; a[1,2] = 3; for (k in a) { split(k, p, SUBSEP); print p[1], p[2] } if ((1,2) in a) print "in" }',
    '{ print substr($0, 3, 4) "|" substr($0, -1) "|" substr($0, 100) "|" }',
    '{ print index($0, "s"), toupper($1), tolower("ABC") }',
    '{ n = gsub(/[aeiou]/, "<&>"); print n, $0 }',
    '{ sub(/ +/, "-"); print; print $1 }',
    '{ gsub("o", "\\\\&"); print }',
    '{ if (match($0, /[0-9]+/)) print RSTART, RLENGTH, substr($0, RSTART, RLENGTH) }',
    '{ n = split($0, f); for (i = n; i > 0; i--) printf "%s ", f[i]; print "" }',
    '{ printf "%-10s|%5d|%05.1f|%x|%e|%g\\n", $1, $2, $4, $2, $4, $4 }',
    'BEGIN { printf "%s %d%%\\n", "a", 50; printf("%5s|%-5s|%.2s|%+d\\n", "b", "c", "defg", 3) }',
    'BEGIN { while (i < 3) { i++; if (i == 2) continue; print i } do { print "d", i; i-- } while (i > 1) }',
    'BEGIN { for (i = 0; ; i++) { if (i == 3) break; print i } }',
    'BEGIN { for (;;) { if (n++ > 2) break } print n }',
    'function f(a, b) { return a * 10 + b } BEGIN { print f(3, 4), f(1) }',
    'function fill(a, n,  i) { for (i = 1; i <= n; i++) a[i] = i * i } BEGIN { fill(sq, 3); print sq[1], sq[2], sq[3] }',
    'function fact(n) { return n <= 1 ? 1 : n * fact(n - 1) } BEGIN { print fact(10) }',
    'function two(x) { x = 5 } BEGIN { y = 1; two(y); print y }',
    'BEGIN { print 1 + 2 * 3 ^ 2, -2 ^ 2, 2 ^ 3 ^ 2, 7 % 3, 1 / 4, 1e3, 0.1 + 0.2, 100000000 }',
    'BEGIN { x = 5; x += 2; x *= 3; x -= 1; x /= 4; x %= 4; x ^= 3; print x; print x++ + ++x, x-- - --x }',
    'BEGIN { print 1 " " -1, "a" "b", 1 2, "x" 1 + 2 }',
    'BEGIN { print 1 == 1.0, "a" < "b", "10" < "9", 10 < 9, "abc" ~ /b/, "abc" ~ "^b", !0, !"", !"a" }',
    'BEGIN { print (1 < 2) ? "yes" : "no"; print 1 ? 2 ? 3 : 4 : 5 }',
    'BEGIN { a["x"]; if ("x" in a) print "made by looking"; print length(a) }',
    'BEGIN { print substr("hello", 2), index("hello", "l"), length("hello") }',
    'BEGIN { printf "%d %d %i\\n", "12abc", -3.9, "26b" ; print int(-3.7), int("4x"), sqrt(16), exp(0), log(1), atan2(0, 1), sin(0), cos(0) }',
    'BEGIN { OFS = "-"; $0 = "a b c"; $1 = $1; print; print $1, $2 }',
    'BEGIN { CONVFMT = "%.2g"; a = 3.14159; b = a ""; print b; OFMT = "%.3f"; print a, a "" }',
    'BEGIN { exit 3 } END { print "end runs" }',
    '{ exit 4 } END { print NR }',
    'BEGIN { printf "a\\tb\\n" ; print "q\\"q", "back\\\\slash", "\\101" }',
    'BEGIN { if (!(3 in a)) print "no"; else print "yes"; if (1) ; else print "never" }',
    'BEGIN { getline; print "got " $0; getline line; print line, NR } { print "rest " $1 } END { print NR }',
    'BEGIN { while ((getline l) > 0) n++; print n, NR }',
    '{ print > "/dev/stderr" } END { print "done" }',
    'BEGIN { print length() ; print -"3x", +"4" ; print 1==1 ? "t" : "f" }',
    'BEGIN { print "A" < "a", 2 < 10, "2" < "10" } $2 < 10 { print $1, "less" }',
    '$1 ~ /^k/ || $3 == "S" { print $1 }',
    '{ print $(1+1), $NF-1, $(NF-1) }',
    '{ $3 = ""; print; print NF }',
    'BEGIN { $3 = "c"; print NF; print; $1 = "a"; print }',
    '# only a comment\nBEGIN { # here\n print "x" ; # there\n }\n\n',
    'BEGIN { print 1,\n 2; if (1 &&\n 1) print "continued"; x = 1 ; \\\n y = 2; print x y }',
    'BEGIN { regex = "a+b"; if ("xaaab" ~ regex) print "dynamic"; s = "a.b"; n = split(s, p, "."); print n, p[2] }',
    'BEGIN { print toupper(substr("abc", 2, 1)) }',
    'BEGIN { n = gsub(/x*/, "-", s); print n, s; s = "abc"; n = gsub(/x*/, "-", s); print n, s; t = "aaa"; print gsub(/a/, "b", t), t }',
    'BEGIN { print index("foo", ""), "a" > "/dev/stdout" }',
    'BEGIN { a = "x"; a = a a a; print a; b[1] = 1; b[2] = 2; delete b; print length(b) }',
    'END { print $0, NF }',
  ].map((program) => ({ argv: ['awk', program], input: table })),
  ...[
    ['awk', '-F:', '{ print $2 }'],
    ['awk', '-F', ':', '{ print NF ": " $1 "," $3 }'],
    ['awk', '-F[:,]', '{ print $2 }'],
    ['awk', '-v', 'x=7', '-v', 'y=a\\tb', 'BEGIN { print x + 1, y }'],
    ['awk', '-F', '\\t', '{ print NF }'],
    ['awk', '{ FS = ":"; print $1 }'],
    ['awk', 'BEGIN { FS = ":"; OFS = "," } { $1 = $1; print }'],
    ['awk', 'BEGIN { RS = ":" } { print NR "[" $0 "]" }'],
    ['awk', 'BEGIN { RS = "" } { print NR, NF; print $1 }'],
    ['awk', 'BEGIN { ORS = ";" } { print $1 } END { printf "\\n" }'],
    ['awk', '-F:', '$2 { print $2 + 0, $2 * 2 }'],
    ['awk', '{ print v, $1 }', 'v=1', '-', 'v=2'],
    ['awk', 'BEGIN { for (i = 0; i < ARGC; i++) print ARGV[i]; exit }', 'one', 'two'],
  ].map((argv) => ({ argv, input: csv })),
  ...[
    '/name=/ { match($0, /name="[^"]*"/); print substr($0, RSTART + 6, RLENGTH - 7) }',
    '!/^#/ { split($1, who, "-"); calls[who[1]]++ } END { print calls["cat"], calls["sh"] }',
    '$0 !~ /^#/ { sub(/:$/, "", $4); if (NR > 3) print $4 - last; last = $4 }',
    '{ for (i = 1; i <= NF; i++) if ($i ~ /^flags=/) print $i }',
    '/do_sys_open/ { gsub(/[()]/, ""); print $6 }',
  ].map((program) => ({ argv: ['awk', program], input: trace })),
];

const reason = existsSync('/usr/bin/awk') ? undefined : 'no awk to compare with on this machine';
if (reason && process.env.CI === 'true') throw new Error(`in CI nothing may skip: ${reason}`);

describe('awk prints what the real one prints', () => {
  for (const { argv, input } of cases) {
    it(argv.join(' '), { skip: reason }, () => {
      const [, ...rest] = argv;
      const real = spawnSync('/usr/bin/awk', rest, {
        input,
        encoding: 'utf8',
        env: { PATH: '/bin', LC_ALL: 'C' },
      });
      const ours = runProgram(argv, input);
      assert.equal(ours.output, real.stdout);
      assert.equal(ours.status, real.status);
    });
  }
});

describe('what gawk adds', () => {
  const prints = (program: string, input = '') => runProgram(['awk', program], input).output;

  it('strtonum reads hexadecimal and octal', () => {
    assert.equal(
      prints('BEGIN { print strtonum("0x1f"), strtonum("017"), strtonum("12k"), strtonum(" -0x2") }'),
      '31 15 12 -2\n',
    );
  });
  it('and, or, xor, shifts', () => {
    assert.equal(
      prints('BEGIN { print and(12, 10), or(12, 10), xor(12, 10), lshift(1, 40), rshift(256, 4) }'),
      '8 14 6 1099511627776 16\n',
    );
  });
  it('substr rounds its positions and cuts off what lies outside; whole numbers print whole', () => {
    assert.equal(
      prints(
        'BEGIN { print substr("hello", 0, 2), substr("hello", 1.5, 1), 1e6 * 1e6; printf "%c|%c|\\n", "", 65 }',
      ),
      'h e 1000000000000\n|A|\n',
    );
  });
  it('gensub puts groups back', () => {
    assert.equal(prints('{ print gensub(/(a)(b)/, "\\\\2\\\\1", "g") }', 'abxab\n'), 'baxba\n');
    assert.equal(prints('{ print gensub(/a/, "z", 2) }', 'aaa\n'), 'aza\n');
  });
  it('match fills an array with the groups', () => {
    assert.equal(
      prints('{ match($0, /name="([^"]*)"/, m); print m[1] }', trace.split('\n')[2]),
      '/etc/hostname\n',
    );
  });
  it('RS may be a regular expression', () => {
    assert.equal(prints('BEGIN { RS = "[;,]" } { print $1 }', 'a;b,c'), 'a\nb\nc\n');
  });
  it('nextfile and length of an array', () => {
    const run = runProgram(['awk', 'FNR == 2 { nextfile } { print FILENAME, $0 }', 'f', 'g'], '', {
      f: '1\n2\n3\n',
      g: '4\n5\n',
    });
    assert.equal(run.output, 'f 1\ng 4\n');
  });
});

describe('awk and its files', () => {
  it('writes, appends and reads them back', () => {
    const program =
      'BEGIN { print "one" > "f"; print "two" > "f"; close("f"); while ((getline l < "f") > 0) print "got", l; print (getline l < "none") }';
    const run = runProgram(['awk', program], '');
    assert.equal(run.files.get('f'), 'one\ntwo\n');
    assert.match(run.output, /-1\n$/);
  });
  it('-f reads the program from a file', () => {
    assert.equal(
      runProgram(['awk', '-f', 'prog.awk', 'data'], '', { 'prog.awk': '{ print $2 }\n', data: 'a b\n' })
        .output,
      'b\n',
    );
  });
  it('says which file cannot be read, and goes on', () => {
    const run = runProgram(['awk', '{ print }', 'none', 'data'], '', { data: 'x\n' });
    assert.equal(run.output, 'x\n');
    assert.match(run.errors, /cannot open none: No such file or directory/);
    assert.equal(run.status, 2);
  });
});

describe('what awk says of a program that is wrong', () => {
  const cases: [string, RegExp][] = [
    ['{ print', /a '}' is missing/],
    ['BEGIN { print "x }', /line 1: the string has no end/],
    ['BEGIN { f(1) }', /the function f is not defined/],
    ['BEGIN {\n x = = 1 }', /line 2: unexpected =/],
    ['BEGIN { 3 = x }', /only a variable, an element or a field can stand before =/],
    ['BEGIN { print 1 / 0 }', /division by zero/],
    ['BEGIN { a[1] = 1; a = 2 }', /a is an array/],
    ['BEGIN { $(-1) = 2 }', /attempt to access field -1/],
    ['/(/ { print }', /invalid regular expression|has no end/],
    ['function f(x) { return f(x + 1) } BEGIN { f(1) }', /too deeply/],
    ['BEGIN { $2000000 = 1 }', /cannot have 2000000 fields/],
  ];
  for (const [program, message] of cases) {
    it(program, () => {
      const run = runProgram(['awk', program], 'line\n');
      assert.match(run.errors, message);
      assert.equal(run.status, 2);
    });
  }
});
