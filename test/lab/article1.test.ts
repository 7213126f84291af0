/**
 * The article's first listing, unchanged: a kprobe on do_fork with pre, post and fault handlers compiles, loads, prints
 * at each fork, and unloads.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listing, runModule } from './module';

test('listing 1: pre and post handlers print at every fork', () => {
  const { log, failed } = runModule('article1', listing(1));
  assert.equal(failed, undefined, log.join('\n'));
  const pre = log.filter((line) => line.startsWith('<do_fork> pre_handler: p->addr = '));
  const post = log.filter((line) => line.startsWith('<do_fork> post_handler: p->addr = '));
  assert.equal(pre.length, 3, log.join('\n'));
  assert.equal(post.length, 3);
  assert.ok(log.some((line) => /^Planted kprobe at /.test(line)));
  assert.ok(log.some((line) => /^kprobe at .* unregistered$/.test(line)));
});

test('the pre handler sees ip one byte behind the probed address, and the post handler runs before the next pre', () => {
  const { lab, log } = runModule('article1', listing(1));
  const ips = log.flatMap((line) => /pre_handler: .* ip = ([0-9a-f]+),/.exec(line)?.[1] ?? []);
  const address = lab.kernel.symbols.lookup('do_fork')?.address ?? 0n;
  assert.deepEqual([...new Set(ips)], [(address + 1n).toString(16)]);
  const order = log.flatMap((line) => (/(pre|post)_handler/.exec(line) ?? [])[1] ?? []);
  assert.deepEqual(order, ['pre', 'post', 'pre', 'post', 'pre', 'post']);
});
