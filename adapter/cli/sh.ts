/**
 * kprobe-lab sh [-c LINE | SCRIPT]: the machine's console in a terminal, one line, or a script.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { KernelConsole } from '../../emulator/kernel/console';
import type { Lab } from '../../emulator/lab';
import { type CommandLine, UsageError, values } from './arguments';
import { Console, quote } from './console';
import { Failure } from './failure';
import { bootLab, explainStop } from './machine';

const SCRIPT_PATH = '/root/script.sh';
const PROMPT = '# ';
const CTRL_C = 3;
const CTRL_D = 4;

export function shCommand(line: CommandLine): number | Promise<number> {
  const [script, ...rest] = line.words;
  const inline = values(line, '-c').at(-1);
  if (rest.length > 0 || (script !== undefined && inline !== undefined)) {
    throw new UsageError('sh takes -c LINE, one script, or nothing');
  }
  const lab = bootLab(line.kernel);
  if (script !== undefined) lab.addFile(SCRIPT_PATH, readScript(script), 0o755);
  const console = new Console(lab);
  if (inline === undefined && script === undefined) return interactive(lab, console);
  console.boot();
  show(lab);
  return console.line(inline === undefined ? `sh ${SCRIPT_PATH}` : `sh -c ${quote(inline)}`);
}

function readScript(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch {
    throw new Failure(`no such file: ${path}`);
  }
}

/** What programs write goes to stdout, the kernel's log to stderr as its console shows it. */
function show(lab: Lab): void {
  lab.onEvent((event) => {
    if (event.kind === 'tty') process.stdout.write(event.text);
    else if (event.kind === 'console' && event.record.level < 7) {
      process.stderr.write(`${KernelConsole.line(event.record)}\n`);
    }
  });
}

/** Lines from the terminal; Ctrl+C interrupts the command, the end of input leaves. */
function interactive(lab: Lab, console: Console): Promise<number> {
  show(lab);
  console.boot();
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    output: terminal ? process.stdout : undefined,
    prompt: PROMPT,
  });
  let closing = false;
  let last = 0;
  lab.onEvent((event) => {
    if (event.kind !== 'prompt') return;
    last = event.status;
    if (terminal) lines.prompt();
  });
  if (terminal) lines.prompt();
  lines.on('line', (text) => lab.input(text));
  lines.on('SIGINT', () => lab.inputBytes(Uint8Array.of(CTRL_C)));
  lines.on('close', () => {
    closing = true;
    lab.inputBytes(Uint8Array.of(CTRL_D));
  });
  return new Promise((resolve, reject) => {
    const turn = () => {
      const stop = console.slice();
      if (stop.kind === 'panic' || stop.kind === 'shutdown') {
        lines.close();
        reject(new Failure(explainStop(stop)));
      } else if (stop.kind === 'poweroff' || (stop.kind === 'idle' && closing)) {
        lines.close();
        resolve(lab.exitCode ?? last);
      } else if (stop.kind === 'idle') setTimeout(turn, 10);
      else setImmediate(turn);
    };
    turn();
  });
}
