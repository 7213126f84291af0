/** The language server's answers, as the editor shows them. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, test } from './suite';

async function diagnosticsOf(
  uri: vscode.Uri,
  enough: (found: vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return eventually(`diagnostics of ${uri.path}`, () => {
    const found = vscode.languages.getDiagnostics(uri);
    return enough(found) ? found : undefined;
  });
}

async function openText(language: string, content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

test('a .kprobes line that the kernel would refuse is underlined where the kernel puts its caret', async () => {
  const document = await openText(
    'kprobe-events',
    'p:ok do_sys_open flags=%dx:x32\np:bad do_sys_open a=%rax\n',
  );
  const [diagnostic] = await diagnosticsOf(document.uri, (found) => found.length > 0);
  assert.match(diagnostic.message, /^Invalid register name \(EINVAL\)/);
  assert.deepEqual([diagnostic.range.start.line, diagnostic.range.start.character], [1, 20]);
});

test('the article’s definition is explained: what its registers really hold', async () => {
  const document = await openText(
    'kprobe-events',
    'p:myprobe do_sys_open dfd=%ax filename=%dx flags=%cx mode=+4($stack)\n',
  );
  const found = await diagnosticsOf(document.uri, (all) => all.length >= 3);
  const messages = found.map(({ message }) => message).join('\n');
  assert.match(messages, /dfd is in %di/);
  assert.match(messages, /%dx holds flags/);
  const whole = new vscode.Range(0, 0, 1, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  );
  assert.ok(hints.some(({ label }) => typeof label === 'string' && /flags/.test(label)));
});

test('a module that does not compile shows the compiler’s message in its place', async () => {
  const document = await openText(
    'c',
    '#include <linux/module.h>\n#include <linux/kprobes.h>\n\nstatic int __init start(void)\n{\n\treturn undeclared_thing;\n}\nmodule_init(start);\nMODULE_LICENSE("GPL");\n',
  );
  const [diagnostic] = await diagnosticsOf(document.uri, (found) =>
    found.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
  );
  assert.match(diagnostic.message, /undeclared_thing/);
  assert.equal(diagnostic.range.start.line, 5);
});

test('the registers of a handler are named after the probed function’s arguments', async () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'open_counter.c'));
  await vscode.window.showTextDocument(document);
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await eventually('hints', async () => {
    const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      whole,
    );
    return found.length >= 4 ? found : undefined;
  });
  const labels = hints.map(({ label }) => label);
  assert.ok(
    labels.some((label) => typeof label === 'string' && label.includes('filename')),
    JSON.stringify(labels),
  );
});

test('the examples have no problems', async () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  for (const name of ['fork_probe.c', 'open_counter.c', 'open_latency.c', 'open_events.kprobes']) {
    const document: vscode.TextDocument = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(folder.uri, name),
    );
    await vscode.window.showTextDocument(document);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const bad = vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);
    assert.deepEqual(
      bad.map(({ message }) => `${name}: ${message}`),
      [],
    );
  }
});
