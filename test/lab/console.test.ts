/** The machine's console as a person uses it: lines over several lines, Ctrl+C, jobs, blocking readers, the system's own files. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Console } from './console';

describe('the console', () => {
  const console = Console.boot();

  it('runs loops and here-documents that are typed over several lines', () => {
    assert.equal(console.type('for i in 1 2\ndo\n  echo "line $i"\ndone').output, 'line 1\nline 2\n');
    assert.equal(console.type('cat <<END\nhome is $HOME\nEND').output, 'home is /root\n');
    assert.equal(console.type("echo 'one\ntwo'").output, 'one\ntwo\n');
  });

  it('says what is wrong with a line and goes on', () => {
    const broken = console.type('echo a; ) b');
    assert.match(broken.output, /syntax error/);
    assert.equal(broken.status, 2);
    const missing = console.type('nosuchcommand');
    assert.equal(missing.output, 'sh: nosuchcommand: command not found\n');
    assert.equal(missing.status, 127);
  });

  it('Ctrl+C ends the command, not the shell', () => {
    assert.equal(console.interrupt('yes > /dev/null').status, 130);
    assert.equal(console.run('echo "status $?"'), 'status 130\n');
    assert.equal(console.type('ps').output.includes('yes'), false);
  });

  it('tells of background jobs', () => {
    const started = console.type('sleep 0.01 &');
    assert.match(started.output, /^\[1\] \d+\n$/);
    assert.match(console.type('wait; echo waited').output, /waited\n/);
    assert.match(console.type('sleep 0.2 & jobs').output, /\[1\]\+ {2}Running {17}sleep 0\.2 &\n$/);
    assert.match(console.type('sleep 0.3; true').output, /\[1\]\+ {2}Done {20}sleep 0\.2\n/);
  });

  it('a reader of trace_pipe waits for a workload that runs beside it', () => {
    const tracing = '/sys/kernel/tracing';
    console.run(`echo 'p:opened do_sys_open name=+0(%si):ustring' > ${tracing}/kprobe_events`);
    console.run(`echo 1 > ${tracing}/events/kprobes/opened/enable`);
    console.type(`cat ${tracing}/trace_pipe | grep hostname | head -n 2 > /tmp/seen &`);
    console.run('cat /etc/hostname; cat /etc/hostname; sleep 0.1');
    const seen = console.run('cat /tmp/seen').trimEnd().split('\n');
    assert.equal(seen.length, 2, seen.join('\n'));
    for (const line of seen) assert.match(line, / cat-\d+ .* opened: .* name="\/etc\/hostname"$/);
    console.run(`echo 0 > ${tracing}/events/kprobes/opened/enable; killall cat; wait`);
    console.run(`echo > ${tracing}/kprobe_events`);
  });

  it('each command is a process of its own, with its name and parent', () => {
    const [, first, second] = /(\d+) (\d+)/.exec(console.run("sh -c 'echo $$ $PPID'").trim()) ?? [];
    assert.notEqual(first, undefined);
    assert.equal(second, console.run('echo $$').trim());
    assert.match(console.run('cat /proc/self/comm'), /^cat\n$/);
    assert.match(console.run('ps'), /^ +1 +0 \S+ +\/init$/m);
  });

  it('shows the system: uname, mounts, modules, log, kallsyms', () => {
    assert.match(console.run('uname -srm'), /^Linux 6\.1\.0-lab x86_64\n$/);
    assert.match(console.run('mount'), /^tracefs on \/sys\/kernel\/tracing type tracefs /m);
    assert.equal(console.run('lsmod'), 'Module                      Size  Used by\n');
    assert.match(console.run('dmesg | tail -n 1'), /^\[ +\d+\.\d{6}\] \S/);
    assert.match(console.run('grep -c " T " /proc/kallsyms'), /^\d{3,}\n$/);
    assert.equal(console.run('id -u'), '0\n');
    assert.equal(console.run('cat /proc/sys/debug/kprobes-optimization'), '1\n');
  });

  it('answers about files and errors as Linux does', () => {
    assert.equal(console.type('cat /etc').output, 'cat: /etc: Is a directory\n');
    assert.equal(console.type('mkdir /proc/x').status, 1);
    assert.equal(
      console.type('rmmod nosuch').output,
      "rmmod: can't unload module 'nosuch': no such module\n",
    );
    assert.equal(console.type('insmod /etc/hostname').status, 1);
    assert.equal(console.run('echo a > /tmp/f; stat -c "%s %a" /tmp/f'), '2 644\n');
  });
});
