/**
 * kprobe-lab sh [-c LINE | SCRIPT | --listen PORT]: the machine's console in a terminal, one line, or a script; with a
 * port, debuggers may attach to the machine while it runs.
 */
import { readFileSync } from 'node:fs';
import { type CommandLine, UsageError, values } from './arguments';
import { Console, quote } from './console';
import { Failure } from './failure';
import { interactive } from './interactive';
import { bootLab } from './machine';
import { show } from './show';

const SCRIPT_PATH = '/root/script.sh';

export function shCommand(line: CommandLine): number | Promise<number> {
  const [script, ...rest] = line.words;
  const inline = values(line, '-c').at(-1);
  if (rest.length > 0 || (script !== undefined && inline !== undefined)) {
    throw new UsageError('sh takes -c LINE, one script, or nothing');
  }
  const lab = bootLab(line.kernel);
  if (script !== undefined) lab.addFile(SCRIPT_PATH, readScript(script), 0o755);
  const port = portOf(values(line, '--listen').at(-1));
  if (inline === undefined && script === undefined) return interactive(lab, port);
  if (port !== undefined) throw new UsageError('--listen is for a console without -c and script');
  const console = new Console(lab);
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

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`--listen needs a port, not '${text}'`);
  return port;
}
