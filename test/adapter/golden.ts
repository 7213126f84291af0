/**
 * Golden files: a text that a test produced against the one that was accepted. A missing or different file writes
 * `.actual` beside it and fails; UPDATE_GOLDENS=1 accepts what the test produced — read the diff then.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DebugProtocol as P } from '@vscode/debugprotocol';

/** Compares with test/adapter/goldens/NAME. */
export function matchGolden(name: string, text: string): void {
  const path = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test/adapter/goldens', name);
  if (process.env.UPDATE_GOLDENS === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    rmSync(`${path}.actual`, { force: true });
    return;
  }
  const accepted = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (accepted !== text) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.actual`, text);
  }
  assert.equal(text, accepted, `differs from ${path}; UPDATE_GOLDENS=1 accepts ${path}.actual`);
}

/** A conversation as text: requests `>`, answers `<`, events `*`, with ids, addresses, times and paths made stable. */
export function transcript(messages: readonly P.ProtocolMessage[]): string {
  const root = process.env.KPROBE_LAB_ROOT ?? '.';
  const lines = messages.map((message) => {
    switch (message.type) {
      case 'request': {
        const { command, arguments: args } = message as P.Request;
        return `> ${command}${args === undefined ? '' : ` ${pretty(args)}`}`;
      }
      case 'response': {
        const { command, success, body, message: text } = message as P.Response;
        return `< ${command}${success ? '' : ` failed: ${text}`}${success && body !== undefined ? ` ${pretty(body)}` : ''}`;
      }
      default: {
        const { event, body } = message as P.Event;
        return `* ${event}${body === undefined ? '' : ` ${pretty(body)}`}`;
      }
    }
  });
  return `${lines.join('\n').replaceAll(root, '<root>')}\n`;
}

const REFERENCES =
  /^(?:variablesReference|frameId|id|locationReference|declarationLocationReference|valueLocationReference|sourceReference)$/;

/** JSON with what differs between builds of the kernel made the same: ids, addresses, offsets, kernel lines, times. */
function pretty(value: unknown): string {
  const text = JSON.stringify(
    value,
    function (this: Record<string, unknown>, key, one: unknown) {
      if (REFERENCES.test(key) && typeof one === 'number' && one > 0) return '<n>';
      if (/threadId/i.test(key) && typeof one === 'number') return '<thread>';
      if (/^(?:line|column)$/.test(key) && isKernelSource(this.source)) return `<${key}>`;
      return one;
    },
    2,
  );
  return text
    .replace(/0x[0-9a-f]{9,16}/g, '<address>')
    .replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '+<offset>/<size>')
    .replace(/\[ *\d+\.\d{6}\]/g, '[time]')
    .replace(/Per-CPU \(CPU \d\)/g, 'Per-CPU (CPU <n>)')
    .replace(/ \((\d+)\)/g, ' (<pid>)');
}

function isKernelSource(source: unknown): boolean {
  return JSON.stringify(source ?? '').includes('kprobe-kernel:');
}
