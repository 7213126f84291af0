/** The adapter as a process: over standard input and output, and over a port with several sessions. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { bundled, exited, listeningPort, start } from './programs';

/** Sends an initialize request and resolves with the answer's body. */
function initialize(input: Readable, output: Writable): Promise<Record<string, unknown>> {
  const request = JSON.stringify({
    seq: 1,
    type: 'request',
    command: 'initialize',
    arguments: { adapterID: 'kprobe' },
  });
  return new Promise((resolve, reject) => {
    let text = '';
    input.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(text)?.[1]);
      if (end < 0 || Buffer.byteLength(text.slice(end + 4)) < length) return;
      resolve((JSON.parse(text.slice(end + 4)) as { body: Record<string, unknown> }).body);
    });
    input.on('error', reject);
    output.write(`Content-Length: ${Buffer.byteLength(request)}\r\n\r\n${request}`);
  });
}

test('stdio, and the process ends with its input', async () => {
  const child = start(await bundled('main'));
  const over = exited(child);
  const body = await initialize(child.stdout, child.stdin);
  assert.equal(body.supportsFunctionBreakpoints, true);
  child.stdin.end();
  assert.equal(await over, 0);
});

test('a port serves several sessions at once', async () => {
  const child = start(await bundled('main'), '--port', '0');
  const port = await listeningPort(child);
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  const bodies = await Promise.all(sockets.map((socket) => initialize(socket, socket)));
  assert.deepEqual(bodies[0], bodies[1]);
  for (const socket of sockets) socket.destroy();
  child.kill();
  await exited(child);
});

test('a wrong command line is refused', async () => {
  const child = start(await bundled('main'), '--prot', '1');
  assert.equal(await exited(child), 2);
});
