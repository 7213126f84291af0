/**
 * A real VS Code in a real browser: starts the server that .ci/vscode.mjs fetched, opens Chromium on it, cleans up.
 *
 * Each run has folders of its own (user data, extensions, sockets), so nothing of it outlives the test.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

export const root = process.env.KPROBE_LAB_ROOT ?? process.cwd();
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why the browser tests cannot run here, or undefined. In CI nothing may be missing, so there it throws instead. */
export function missingForBrowserTests(): string | undefined {
  const reason =
    process.platform !== 'linux'
      ? 'the VS Code server for browser tests runs on Linux only'
      : existsSync(chromiumPath)
        ? undefined
        : `Chromium is not at ${chromiumPath} (set CHROMIUM, or install Debian's chromium)`;
  if (reason !== undefined && process.env.CI === 'true') throw new Error(`in CI nothing may skip: ${reason}`);
  return reason;
}

/** How the extension reaches VS Code: installed from a .vsix or a folder, or loaded under development (for host suites). */
export interface ServerOptions {
  install?: string;
  development?: boolean;
  environment?: Record<string, string>;
}

/** A running VS Code server. */
export interface Server {
  port: number;
  log(): string;
  stop(): Promise<void>;
}

/** The scripts of .ci that `npm start -- --web` uses as well. */
async function scripts(): Promise<{
  ensureVsCode(root: string): string;
  freePort(): Promise<number>;
  quietSettings: Record<string, unknown>;
}> {
  const load = (name: string) => import(pathToFileURL(join(root, '.ci', name)).href);
  return { ...(await load('vscode.mjs')), ...(await load('web.mjs')) };
}

/** Starts a server and waits until it answers. Throws with its log when it does not within 30 seconds. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { ensureVsCode, freePort, quietSettings } = await scripts();
  const main = join(ensureVsCode(root), 'out', 'server-main.js');
  const run = mkdtempSync(join(tmpdir(), 'kpl-'));
  const data = join(run, 'data');
  const extensions = join(run, 'ext');
  const sockets = join(run, 't');
  for (const path of [join(data, 'data', 'User'), extensions, sockets]) mkdirSync(path, { recursive: true });
  writeFileSync(join(data, 'data', 'User', 'settings.json'), JSON.stringify(quietSettings));
  const folders = ['--server-data-dir', data, '--extensions-dir', extensions];
  if (options.install?.endsWith('.vsix')) {
    execFileSync(
      process.execPath,
      [main, '--accept-server-license-terms', ...folders, '--install-extension', options.install],
      { stdio: 'pipe' },
    );
  } else if (options.install) {
    symlinkSync(options.install, join(extensions, 'kprobe-lab.kprobe-lab-0.1.0'));
  }
  const port = await freePort();
  const logFile = join(run, 'server.log');
  const output = openSync(logFile, 'w');
  const server: ChildProcess = spawn(
    process.execPath,
    [
      main,
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off', ...folders],
      ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      stdio: ['ignore', output, output],
      detached: true,
      env: {
        ...process.env,
        EXTENSIONS_GALLERY: '{"serviceUrl":""}',
        TMPDIR: sockets,
        XDG_RUNTIME_DIR: sockets,
        VSCODE_IPC_HOOK_CLI: '',
        ...options.environment,
      },
    },
  );
  const log = () => readFileSync(logFile, 'utf8');
  const stop = async () => {
    if (server.pid !== undefined && server.exitCode === null) {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      process.kill(-server.pid, 'SIGTERM');
      await gone;
    }
    rmSync(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  for (const deadline = Date.now() + 30_000; ; ) {
    const answered = await fetch(`http://127.0.0.1:${port}/version`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { port, log, stop };
    if (Date.now() > deadline || server.exitCode !== null) {
      const text = log();
      await stop();
      throw new Error(`the VS Code server did not start:\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Address of the workbench on `folder`; `payload` are VS Code's own key/value pairs for development windows. */
export function workbenchUrl(server: Server, folder: string, payload?: [string, string][]): string {
  const query = new URLSearchParams({ folder });
  if (payload) query.set('payload', JSON.stringify(payload));
  return `http://127.0.0.1:${server.port}/?${query}`;
}

/** A browser with one page, in a profile of its own. */
export interface Browser {
  page: Page;
  close(): Promise<void>;
}

/** Starts headless Chromium. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'kpl-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    page,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
