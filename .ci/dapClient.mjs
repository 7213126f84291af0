// A small Debug Adapter Protocol client over a child process's stdio, for the terminal demonstration.
import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';

/** Events of the adapter are emitted under their names, with their bodies. */
export class DapClient extends EventEmitter {
  #child;
  #sequence = 1;
  #pending = new Map();
  #received = Buffer.alloc(0);

  constructor(script) {
    super();
    this.#child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout.on('data', (chunk) => this.#receive(chunk));
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#pending.values())
        reject(new Error(`the debug adapter ended with code ${code}`));
      this.#pending.clear();
    });
  }

  /** Sends a request; resolves with the response's body, rejects with the adapter's sentence. */
  request(command, args = {}) {
    const seq = this.#sequence++;
    const text = JSON.stringify({ seq, type: 'request', command, arguments: args });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    return new Promise((resolve, reject) => this.#pending.set(seq, { resolve, reject }));
  }

  close() {
    this.#child.kill();
  }

  #receive(chunk) {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(
        /Content-Length: (\d+)/i.exec(this.#received.subarray(0, end).toString())?.[1] ?? 0,
      );
      if (this.#received.length < end + 4 + length) return;
      const message = JSON.parse(this.#received.subarray(end + 4, end + 4 + length).toString());
      this.#received = this.#received.subarray(end + 4 + length);
      this.#dispatch(message);
    }
  }

  #dispatch(message) {
    if (message.type === 'event') {
      this.emit(message.event, message.body ?? {});
      return;
    }
    const pending = this.#pending.get(message.request_seq);
    this.#pending.delete(message.request_seq);
    if (message.success) pending?.resolve(message.body);
    else pending?.reject(new Error(message.body?.error?.variables?.text ?? message.message));
  }
}
