/**
 * The machine's console in a terminal: lines in, output out, Ctrl+C to the running command; the end of input leaves.
 *
 * With a port, debug sessions may attach meanwhile (adapter/serve.ts). The machine then lives until it is powered off,
 * whatever becomes of the terminal.
 */
import { createInterface } from 'node:readline';
import type { Lab } from '../../emulator/lab';
import { nodeHost } from '../node-host';
import { serve } from '../serve';
import type { TargetClient } from '../target/client';
import { Target } from '../target/target';
import { Failure } from './failure';
import { show } from './show';

const PROMPT = '# ';
const CTRL_C = 3;
const CTRL_D = 4;

/** Runs until the machine is off or the input ends; the exit code of the machine, or of the last command. */
export async function interactive(lab: Lab, port: number | undefined): Promise<number> {
  show(lab);
  const host = nodeHost();
  const target = new Target(lab, host);
  let last = 0;
  lab.onEvent((event) => {
    if (event.kind === 'prompt') last = event.status;
  });
  if (!(await target.boot())) throw new Failure('the machine did not boot');
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: terminal ? process.stdout : undefined,
    prompt: PROMPT,
  });
  lab.onEvent((event) => {
    if (event.kind === 'prompt' && terminal) lines.prompt();
  });
  if (terminal) lines.prompt();
  return new Promise((resolve, reject) => {
    let closing = false;
    const server =
      port === undefined
        ? undefined
        : serve(port, { ...host, machine: target }, listening, (reason) => fail(reason));
    const leave = (code: number) => {
      lines.close();
      server?.close();
      resolve(code);
    };
    const fail = (reason: string) => {
      lines.close();
      server?.close();
      reject(new Failure(reason));
    };
    const watcher: TargetClient = {
      holds: false,
      wants: () => false,
      travelled: (note) => {
        if (note !== undefined) process.stderr.write(`(${note})\n`);
      },
      afterSlice: () => undefined,
      stopped: ({ oops, reason }) => {
        if (server) process.stderr.write(`(the machine stands: ${oops?.message ?? reason})\n`);
        else fail(`kernel panic: ${oops?.message ?? reason}`);
      },
      resumed: () => undefined,
      idle: () => {
        if (closing && !server) leave(lab.exitCode ?? last);
      },
      ended: (reason, code) => {
        if (lab.exitCode !== undefined || server) leave(code);
        else fail(reason);
      },
    };
    target.join(watcher);
    lines.on('line', (text) => target.input(text));
    lines.on('SIGINT', () => target.inputBytes(Uint8Array.of(CTRL_C)));
    lines.on('close', () => {
      if (closing) return;
      closing = true;
      if (!server) target.inputBytes(Uint8Array.of(CTRL_D));
    });
  });
}

function listening(port: number): void {
  process.stderr.write(`listening on 127.0.0.1:${port}\n`);
}
