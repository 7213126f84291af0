// npm start -- --web: a real VS Code with the extension, served on this machine's own address, for people without one.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureVsCode } from './vscode.mjs';

/** Settings that keep the window quiet: no trust question, no welcome page, no telemetry, no update checks. */
export const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'git.enabled': false,
  'window.commandCenter': false,
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'debug.toolBarLocation': 'docked',
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
};

/** A TCP port of the loopback interface that nobody uses. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Serves until the process is ended; the examples are a copy, so nothing in the checkout is changed. */
export async function web(root, wantedPort) {
  const vscode = ensureVsCode(root);
  const run = mkdtempSync(join(tmpdir(), 'kprobe-lab-'));
  const data = join(run, 'data');
  const extensions = join(run, 'ext');
  for (const path of [join(data, 'data', 'User'), extensions, join(run, 't')])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(data, 'data', 'User', 'settings.json'), JSON.stringify(quietSettings));
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  symlinkSync(root, join(extensions, `${publisher}.${name}-${version}`));
  cpSync(join(root, 'examples'), join(run, 'examples'), { recursive: true });
  const port = wantedPort ?? (await freePort());
  const server = spawn(
    process.execPath,
    [
      join(vscode, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...['--server-data-dir', data, '--extensions-dir', extensions],
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        EXTENSIONS_GALLERY: '{"serviceUrl":""}',
        TMPDIR: join(run, 't'),
        VSCODE_IPC_HOOK_CLI: '',
      },
    },
  );
  const clean = () => {
    server.kill();
    rmSync(run, { recursive: true, force: true });
  };
  process.on('SIGINT', () => {
    clean();
    process.exit(0);
  });
  process.on('SIGTERM', () => {
    clean();
    process.exit(0);
  });
  console.log(
    `VS Code with Kprobe Lab: http://127.0.0.1:${port}/?folder=${encodeURIComponent(join(run, 'examples'))}`,
  );
  console.log('Open open_counter.c and press F5. Ctrl+C ends it.');
  await new Promise((resolve) => server.once('exit', resolve));
  clean();
}
