/** The programs of the adapter as processes, for tests: bundled once, started with arguments, ended with the test. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { build } from 'esbuild';
import { streamWire, type Wire } from './client';

const root = process.env.KPROBE_LAB_ROOT ?? '.';
const directory = mkdtempSync(join(tmpdir(), 'kprobe-adapter-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const bundles = new Map<string, Promise<string>>();

/** Bundles adapter/NAME.ts as it is shipped; the path of the program. */
export function bundled(name: 'main' | 'cli'): Promise<string> {
  const known = bundles.get(name);
  if (known) return known;
  const made = bundle(name);
  bundles.set(name, made);
  return made;
}

async function bundle(name: string): Promise<string> {
  const { esbuildOptions } = (await import(join(root, '.ci/bundle.mjs'))) as {
    esbuildOptions(root: string): Parameters<typeof build>[0];
  };
  const outfile = join(directory, `${name}.cjs`);
  await build({ ...esbuildOptions(root), entryPoints: [`adapter/${name}.ts`], outfile, logLevel: 'error' });
  return outfile;
}

/** Kernels that the tests have built are shared by all processes. */
export function start(program: string, ...args: string[]): ChildProcessWithoutNullStreams {
  const env = { ...process.env, KPROBE_LAB_CACHE: join(root, '.cache', 'kernels') };
  return spawn(process.execPath, [program, ...args], { env });
}

export function exited(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.on('exit', (code) => resolve(code)));
}

/** The port that a program says it listens on. */
export function listeningPort(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const match = /listening on 127\.0\.0\.1:(\d+)/.exec(said);
      if (match) resolve(Number(match[1]));
    });
    child.on('exit', () => reject(new Error(`the program ended: ${said}`)));
  });
}

export function connected(port: number): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      resolve(streamWire(socket, socket, () => socket.destroy())),
    );
    socket.on('error', reject);
  });
}
