/**
 * Event filters held against a real Linux 6.1: errno, what the file reads, error_log and whether the recorded hit
 * passes (test/conformance/oracle/filters.json). The hit is `cat /proc/version` opening its file.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TraceFs } from '../../emulator/tracing/tracefs';
import { Tracing } from '../../emulator/tracing/tracing';
import { ProbedKernel } from './probedKernel';

interface Case {
  id: string;
  file: string;
  filter: string | string[];
  writes: (string | null)[];
  filter_readback: string;
  error_log: { msg: string; command: string; caret: number }[];
  hits_on_cat_proc_version?: string;
  event_filter_readback?: string;
}

const root = process.env.KPROBE_LAB_ROOT ?? process.cwd();
const recorded = JSON.parse(readFileSync(join(root, 'test/conformance/oracle/filters.json'), 'latin1')) as {
  event_definition: string;
  cases: Case[];
};

const errnoNumber: Record<string, number> = { EINVAL: -22, EPERM: -1, ENOENT: -2, ESRCH: -3 };
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('filters as Linux 6.1 answers', () => {
  for (const { id, file, filter, writes, filter_readback, error_log, ...after } of recorded.cases) {
    it(`${id}: ${JSON.stringify(filter).slice(0, 80)}`, () => {
      const kernel = new ProbedKernel();
      kernel.poke(0x7ffe0000n, '/proc/version\0');
      const tracing = new Tracing(kernel.host);
      const files = new TraceFs(tracing);
      const write = (path: string, text: string) => {
        const opened = files.open(path, 1);
        assert.ok(typeof opened === 'object', path);
        return opened.write(0, bytes(text));
      };
      assert.ok(write('kprobe_events', recorded.event_definition) > 0);
      const texts = Array.isArray(filter) ? filter : [filter];
      for (const [index, text] of texts.entries()) {
        const answer = write(file, `${text}\n`);
        const expected = writes[index];
        assert.equal(answer < 0 ? answer : null, expected ? errnoNumber[expected] : null);
      }
      const read = (path: string) => {
        const opened = files.open(path, 0);
        assert.ok(typeof opened === 'object');
        return String.fromCharCode(...(opened.read(0, 65536) as Uint8Array));
      };
      assert.equal(read(file), filter_readback);
      const { event_filter_readback, hits_on_cat_proc_version } = after;
      if (event_filter_readback !== undefined)
        assert.equal(read('events/kprobes/e/filter'), event_filter_readback);
      assert.deepEqual(
        tracing.errorLog.list().map(({ location, message, command, caret }) => ({
          msg: `${location}: error: ${message}`,
          command,
          caret,
        })),
        error_log,
      );
      write('events/kprobes/e/enable', '1');
      kernel.hit(
        'do_sys_openat2',
        { di: BigInt.asUintN(32, -100n), si: 0x7ffe0000n, dx: 0xffa00000005bbcd0n },
        'cat',
      );
      if (hits_on_cat_proc_version !== undefined) {
        assert.equal(String(tracing.buffer.records().length), hits_on_cat_proc_version);
      }
    });
  }
});
