/**
 * A debug client for tests: a session in this process behind two streams that deliver late on purpose, so that nothing
 * can rely on an answer being there at once. Every message is validated, and the conversation can be written down.
 */
import assert from 'node:assert/strict';
import { PassThrough, type Readable, Transform, type TransformCallback, type Writable } from 'node:stream';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Host } from '../../adapter/host';

import { Session } from '../../adapter/session';
import { protocolSchema } from './protocol-schema';
import { testHost } from './test-host';

/** Passes chunks on after a few turns of the event loop, cut in pieces. */
class Late extends Transform {
  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const middle = Math.floor(chunk.length / 2);
    setImmediate(() => {
      this.push(chunk.subarray(0, middle));
      queueMicrotask(() => {
        this.push(chunk.subarray(middle));
        done();
      });
    });
  }
}

export interface Answer<Body = unknown> {
  success: boolean;
  message: string | undefined;
  body: Body;
}

interface Waiting {
  event: string;
  fits(body: Record<string, unknown>): boolean;
  resolve(body: Record<string, unknown>): void;
}

/** A first launch builds the kernel, on a busy machine too. */
const TIMEOUT_MS = 180_000;

/** How messages travel: bytes out, bytes in (through `receive`), and an end. */
export interface Wire {
  write(bytes: string): void;
  onData(receive: (chunk: Buffer) => void): void;
  end(): void;
}

/** A session in this process behind two streams that are late. */
export function lateWire(host: Host): Wire {
  const input = new Late();
  const out = new Late();
  const seen = new PassThrough();
  out.pipe(seen);
  const session = new Session(host);
  session.start(input, out);
  return {
    write: (bytes) => input.write(bytes),
    onData: (receive) => seen.on('data', receive),
    end: () => session.dispose(),
  };
}

/** A session at the other end of a socket or of a process's standard streams. */
export function streamWire(input: Readable, output: Writable, end: () => void): Wire {
  return {
    write: (bytes) => output.write(bytes),
    onData: (receive) => input.on('data', receive),
    end,
  };
}

export class TestClient {
  readonly messages: P.ProtocolMessage[] = [];
  readonly #wire: Wire;
  readonly #answers = new Map<number, (response: P.Response) => void>();
  #waiting: Waiting[] = [];
  /** Events that nobody has waited for yet. */
  #unclaimed: P.Event[] = [];
  #seq = 1;
  #rest = Buffer.alloc(0);

  constructor(wire: Wire = lateWire(testHost())) {
    this.#wire = wire;
    wire.onData((chunk) => this.#receive(chunk));
  }

  dispose(): void {
    this.#wire.end();
  }

  /** Sends bytes as they are: for what no well-behaved client would send. */
  raw(text: string): void {
    this.#wire.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  /** Sends a request and waits for its answer, whatever it is. `valid` false: the request breaks the protocol on purpose. */
  async send<Body = Record<string, unknown>>(
    command: string,
    args?: unknown,
    valid = true,
  ): Promise<Answer<Body>> {
    const request = {
      seq: this.#seq++,
      type: 'request',
      command,
      ...(args === undefined ? {} : { arguments: args }),
    };
    if (valid) {
      const wrong = protocolSchema().validate(request);
      assert.deepEqual(wrong, [], `request ${command}`);
    }
    this.messages.push(request);
    const answered = new Promise<P.Response>((resolve) => this.#answers.set(request.seq, resolve));
    this.raw(JSON.stringify(request));
    const response = await within(answered, `an answer to ${command}`);
    return { success: response.success, message: response.message, body: response.body as Body };
  }

  /** Sends a request that must succeed; its body. */
  async request<Body = Record<string, unknown>>(command: string, args?: unknown): Promise<Body> {
    const answer = await this.send<Body>(command, args);
    assert.ok(answer.success, `${command} failed: ${answer.message}`);
    return answer.body;
  }

  /** The sentence of a request that must fail. */
  async refusal(command: string, args?: unknown, valid = true): Promise<string> {
    const answer = await this.send(command, args, valid);
    assert.equal(answer.success, false, `${command} succeeded`);
    return answer.message ?? '';
  }

  /** The next event of that name (that fits), including ones that came already and were not asked for. */
  event(
    name: string,
    fits: (body: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    const index = this.#unclaimed.findIndex((one) => one.event === name && fits(one.body ?? {}));
    if (index >= 0) {
      const [found] = this.#unclaimed.splice(index, 1);
      return Promise.resolve(found?.body ?? {});
    }
    const waited = new Promise<Record<string, unknown>>((resolve) => {
      this.#waiting.push({ event: name, fits, resolve });
    });
    return within(waited, `the event ${name}`);
  }

  /** Whichever of these events comes next. */
  async either(...names: string[]): Promise<string> {
    const waiting = names.map((name) => this.event(name).then(() => name));
    const first = await Promise.race(waiting);
    this.#waiting = this.#waiting.filter((one) => !names.includes(one.event));
    for (const one of waiting) one.catch(() => undefined);
    return first;
  }

  /** All console text so far. */
  output(): string {
    return this.messages
      .filter((one): one is P.OutputEvent => one.type === 'event' && 'event' in one && one.event === 'output')
      .map((one) => one.body.output)
      .join('');
  }

  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(this.#rest.toString('utf8', 0, Math.max(0, end)))?.[1],
      );
      if (end < 0 || this.#rest.length < end + 4 + length) return;
      const text = this.#rest.toString('utf8', end + 4, end + 4 + length);
      this.#rest = this.#rest.subarray(end + 4 + length);
      this.#handle(JSON.parse(text) as P.ProtocolMessage);
    }
  }

  #handle(message: P.ProtocolMessage): void {
    const wrong = protocolSchema().validate(message);
    assert.deepEqual(wrong, [], `the adapter broke the protocol: ${JSON.stringify(message).slice(0, 300)}`);
    this.messages.push(message);
    if (message.type === 'response') {
      const response = message as P.Response;
      const resolve = this.#answers.get(response.request_seq);
      // Answers to raw messages without a number are nobody's.
      if (response.request_seq === 0) return;
      assert.ok(resolve, `two answers to one request: ${response.command}`);
      this.#answers.delete(response.request_seq);
      resolve(response);
      return;
    }
    const event = message as P.Event;
    const body: Record<string, unknown> = event.body ?? {};
    const index = this.#waiting.findIndex((one) => one.event === event.event && one.fits(body));
    if (index >= 0) this.#waiting.splice(index, 1)[0]?.resolve(body);
    else this.#unclaimed.push(event);
  }
}

function within<T>(promise: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${what} within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    timer.unref();
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
