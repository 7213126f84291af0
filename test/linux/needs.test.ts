/** Every header, function, macro, member and probed name of needs.ts exists: compiled, linked by the loader, found. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { kernelSources } from 'kernel-sources';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import type { Lab } from '../../emulator/lab';
import { Console } from '../lab/console';
import { bootLab } from '../lab/module';
import { HEADERS, PROBED, STATEMENTS } from './needs';

const path = (header: string) =>
  header.includes('/') && !header.startsWith('sched/') ? header : `linux/${header}`;

const USES = `${HEADERS.map((header) => `#include <${path(header)}.h>`).join('\n')}
volatile long sink;
void use(struct task_struct *p, struct file *f, struct inode *i, struct dentry *d, struct sk_buff *skb, struct sock *sk,
	 struct pt_regs *regs, struct kprobe *k, struct seq_file *m, int n, char *text);
void use(struct task_struct *p, struct file *f, struct inode *i, struct dentry *d, struct sk_buff *skb, struct sock *sk,
	 struct pt_regs *regs, struct kprobe *k, struct seq_file *m, int n, char *text)
{
${STATEMENTS.map((statement) => (/^[a-z_]+\(.*\)$/.test(statement) && !statement.includes(' + ') ? `\t${statement};` : `\tsink = (long)(${statement});`)).join('\n')}
}
static int __init uses_init(void)
{
	return 0;
}
static void __exit uses_exit(void)
{
}
module_init(uses_init);
module_exit(uses_exit);
MODULE_LICENSE("GPL");
`;

/** Compiles a module of one text; its bytes, and what the compiler said. */
function compile(lab: Lab, name: string, text: string): { bytes: Uint8Array | undefined; said: string } {
  const files = new Map([[`${name}.c`, text]]);
  const { bytes, diagnostics } = lab.compileModule(`${name}.c`, files);
  const provider = { read: (wanted: string) => files.get(wanted) ?? kernelSources.get(wanted) };
  return { bytes, said: diagnostics.map((each) => formatDiagnostic(each, provider)).join('\n') };
}

describe('what public modules need', () => {
  let lab: Lab;
  before(() => {
    lab = bootLab({ commandLine: 'quiet' });
  });

  it('includes: each header stands alone', () => {
    for (const header of HEADERS) {
      const { said } = compile(lab, 'stub', `#include <${path(header)}.h>\n`);
      assert.equal(said, '', `#include <${path(header)}.h>`);
    }
  });

  it('uses: functions, macros and members compile together, and the loader finds every symbol', () => {
    const { bytes, said } = compile(lab, 'uses', USES);
    assert.equal(said, '');
    assert.ok(bytes !== undefined);
    lab.addFile('/root/uses.ko', bytes);
    const console = Console.start(lab);
    assert.equal(console.run('insmod /root/uses.ko && rmmod uses'), '');
  });

  it('probes: each function is in the kernel and can be probed', () => {
    for (const name of PROBED) {
      const symbol = lab.kernel.symbols.lookup(name);
      assert.ok(symbol !== undefined && /[tT]/.test(symbol.letter), name);
    }
  });
});
