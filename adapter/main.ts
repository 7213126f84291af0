/**
 * The debug adapter as a process: one session over standard input and output, or one for each connection to a port.
 *
 *   node adapter.js                 stdio, as editors start it
 *   node adapter.js --port 4711     listens on 127.0.0.1; several sessions at once
 */
import { dirname, join } from 'node:path';
import { diskCache, programVersion } from './image-store';
import { nodeHost } from './node-host';
import { serve } from './serve';
import { Session } from './session';

const USAGE = 'usage: adapter [--port NUMBER]\n';

/** Kernels that were built before lie beside the program, or where KPROBE_LAB_CACHE says. */
const program = process.argv[1] ?? '';
const kernels = process.env.KPROBE_LAB_CACHE ?? join(dirname(program), 'kernels');
const host = nodeHost(diskCache(kernels, programVersion(program)));

function portOf(args: readonly string[]): number | undefined {
  if (args.length === 0) return undefined;
  const text = args[0] === '--port' ? args[1] : /^--port=(.*)$/.exec(args[0] ?? '')?.[1];
  const port = Number(text);
  if (text === undefined || text === '' || !Number.isInteger(port) || port < 0 || port > 65535) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  return port;
}

function servePort(port: number): void {
  const ready = (actual: number) => process.stderr.write(`listening on 127.0.0.1:${actual}\n`);
  serve(port, host, ready, (reason) => {
    process.stderr.write(`adapter: ${reason}\n`);
    process.exit(1);
  });
}

function serveStdio(): void {
  const session = new Session(host);
  process.stdin.on('close', () => process.exit(0));
  process.stdin.on('end', () => process.exit(0));
  process.stdout.on('error', () => process.exit(0));
  session.start(process.stdin, process.stdout);
}

const port = portOf(process.argv.slice(2));
if (port === undefined) serveStdio();
else servePort(port);
