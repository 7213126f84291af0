/**
 * Runs the suite in host/ inside a real extension host: VS Code's own test runner protocol over a browser window.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { format } from 'node:util';
import { build } from 'esbuild';
import { missingForBrowserTests, root, startBrowser, startServer, workbenchUrl } from './workbench';

const reason = missingForBrowserTests();

it('the extension host suite passes', { skip: reason, timeout: 180_000 }, async () => {
  const suite = join(root, '.cache', 'tests-e2e', 'host', 'index.cjs');
  mkdirSync(join(root, '.cache', 'tests-e2e', 'host'), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/host/index.ts'],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
  });
  const work = mkdtempSync(join(tmpdir(), 'kpl-ws-'));
  const workspace = join(work, 'examples');
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  const server = await startServer({ development: true });
  const browser = await startBrowser();
  try {
    const output: string[] = [];
    const finished = new Promise<number>((resolve, reject) => {
      const expose = async () => {
        await browser.page.exposeFunction('codeAutomationLog', (_type: string, words: unknown[]) =>
          output.push(format(...words)),
        );
        await browser.page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
        const authority = `vscode-remote://127.0.0.1:${server.port}`;
        await browser.page.goto(
          workbenchUrl(server, workspace, [
            ['extensionDevelopmentPath', authority + root],
            ['extensionTestsPath', authority + suite],
          ]),
        );
      };
      expose().catch(reject);
    });
    const timeout = new Promise<number>((resolve) => setTimeout(() => resolve(-1), 150_000).unref());
    const code = await Promise.race([finished, timeout]);
    const report = output.filter((line) => line.startsWith('[suite]')).join('\n');
    console.log(report);
    assert.equal(
      code,
      0,
      `${code === -1 ? 'the suite did not end' : 'the suite failed'}\n${report}\n${code === -1 ? output.slice(-40).join('\n') : ''}`,
    );
  } finally {
    await browser.close();
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
});
