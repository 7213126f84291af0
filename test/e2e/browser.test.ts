/**
 * A person's path through a real VS Code in a real browser: open the examples, open kernel source, click the gutter,
 * press F5, read the stop, the variables and the debug console, continue. Keeps a picture in docs/ when asked to
 * (KPROBE_LAB_PICTURE=1).
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import type { Page } from 'playwright-core';
import { missingForBrowserTests, root, startBrowser, startServer, workbenchUrl } from './workbench';

const reason = missingForBrowserTests();

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Scrolls the editor to a line and clicks in the gutter beside it. */
async function clickGutter(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`:${line}`);
  await page.keyboard.press('Enter');
  const number = page
    .locator('.monaco-editor .margin-view-overlays .line-numbers', { hasText: new RegExp(`^${line}$`) })
    .first();
  await number.waitFor();
  const box = await number.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x - 10, box.y + box.height / 2);
  await page.mouse.click(box.x - 10, box.y + box.height / 2);
}

it('open examples, click the gutter, F5, see the stop, read variables and console, continue', {
  skip: reason,
  timeout: 180_000,
}, async () => {
  const work = mkdtempSync(join(tmpdir(), 'kpl-ui-'));
  const workspace = join(work, 'examples');
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  const server = await startServer({ install: root });
  const browser = await startBrowser();
  const { page } = browser;
  page.setDefaultTimeout(30_000);
  const picture = (name: string) => page.screenshot({ path: join(root, 'docs', `${name}.png`) });
  try {
    await page.goto(workbenchUrl(server, workspace));
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'open_counter.c' }).dblclick();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await command(page, 'Kprobe Lab: Open Kernel Source');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'fs/open.c' }).first().click();
    await page.locator('.tab', { hasText: 'open.c' }).last().waitFor();
    const line = probedLine();
    await clickGutter(page, line);
    await page
      .locator(
        '.monaco-editor .codicon-debug-breakpoint, .monaco-editor .codicon-debug-breakpoint-unverified',
      )
      .first()
      .waitFor();
    await page.locator('.tab', { hasText: 'open_counter.c' }).click();
    await page.keyboard.press('F5');
    await page
      .locator(
        '.monaco-editor .debug-top-stack-frame-line, .monaco-editor .codicon-debug-breakpoint-stackframe',
      )
      .first()
      .waitFor();
    const variables = page.locator('.debug-viewlet .debug-variables');
    const scope = variables.locator('.monaco-list-row', { hasText: 'Arguments' }).first();
    await scope.waitFor();
    if ((await scope.getAttribute('aria-expanded')) === 'false') await scope.click();
    await variables.locator('.monaco-list-row', { hasText: 'filename' }).first().waitFor();
    const shown = (await variables.locator('.monaco-list-row').allInnerTexts())
      .join('\n')
      .replace(/\u00a0/g, ' ');
    assert.match(shown, /dfd\s*[=:]\s*-100/);
    const frames = await page.locator('.debug-call-stack').first().textContent();
    assert.match(frames ?? '', /do_sys_open/);
    await page.keyboard.press('Control+Shift+Y');
    const repl = page.locator('.repl');
    await repl.waitFor();
    if (process.env.KPROBE_LAB_PICTURE) {
      mkdirSync(join(root, 'docs'), { recursive: true });
      await page.waitForTimeout(1500);
      await picture('stop');
    }
    await repl.locator('.repl-input-wrapper .monaco-editor').click();
    await page.keyboard.type('=flags');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await repl
      .locator('.repl-tree .monaco-list-row', { hasText: /^\s*(0x)?\d+|flags/ })
      .first()
      .waitFor();
    // Each open is a stop; continuing a few times lets the module's handler print what cat opens.
    const printed = repl.locator('.monaco-list-row', { hasText: '"/etc/hostname"' }).first();
    for (let round = 0; round < 20 && !(await printed.isVisible()); round++) {
      await page.keyboard.press('F5');
      await page.waitForTimeout(500);
    }
    await printed.waitFor();
  } catch (error) {
    await page.screenshot({ path: join(root, '.cache', 'browser-failure.png') });
    console.log(
      `A screenshot of the failure is in .cache/browser-failure.png. The server's log ends:\n${server.log().slice(-1500)}`,
    );
    throw error;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
});

/** Line (from 1) of the definition of do_sys_open in the kernel's source. */
function probedLine(): number {
  const lines = readFileSync(join(root, 'emulator/linux/fs/open.c'), 'utf8').split('\n');
  const line = lines.findIndex((text) => /\bdo_sys_open\(int dfd\b/.test(text) && !/;\s*$/.test(text));
  assert.ok(line >= 0);
  return line + 1;
}
