/** The kernel's source is there to be read and clicked on, before any session. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './suite';

test('Open Kernel Source shows fs/open.c read-only', async () => {
  await vscode.commands.executeCommand('kprobeLab.openKernelSource', 'fs/open.c');
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.toString(), 'kprobe-kernel:/fs/open.c');
  assert.equal(document.languageId, 'c');
  assert.match(document.getText(), /do_sys_open/);
  assert.equal(vscode.workspace.fs.isWritableFileSystem('kprobe-kernel'), false);
});

test('the kernel source can be listed like a folder', async () => {
  const entries = new Map(await vscode.workspace.fs.readDirectory(vscode.Uri.parse('kprobe-kernel:/')));
  assert.equal(entries.get('fs'), vscode.FileType.Directory);
  assert.equal(entries.get('kernel'), vscode.FileType.Directory);
});
