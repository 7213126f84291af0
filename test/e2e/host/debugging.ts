/** A session from F5 to the end: probes from breakpoints, a stop and what it shows, the console, bad modules. */
import * as assert from 'node:assert/strict';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { activeSession, cleanUp, Recorder } from './session';
import { eventually, test } from './suite';

function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Line (from 0) of the first text that matches, in a document. */
async function lineOf(uri: vscode.Uri, expression: RegExp): Promise<number> {
  const document = await vscode.workspace.openTextDocument(uri);
  const line = document
    .getText()
    .split('\n')
    .findIndex((text) => expression.test(text));
  assert.ok(line >= 0, `${uri.path}: no line matches ${expression}`);
  return line;
}

async function variablesOf(
  session: vscode.DebugSession,
  frameId: number,
  scope: RegExp,
): Promise<DebugProtocol.Variable[]> {
  const { scopes } = (await session.customRequest('scopes', {
    frameId,
  })) as DebugProtocol.ScopesResponse['body'];
  const found = scopes.find(({ name }) => scope.test(name));
  assert.ok(found, `scopes are ${scopes.map(({ name }) => name).join(', ')}`);
  const { variables } = (await session.customRequest('variables', {
    variablesReference: found.variablesReference,
  })) as DebugProtocol.VariablesResponse['body'];
  return variables;
}

test('F5 on a module: a breakpoint in fs/open.c is a kprobe, the stop shows the arguments', async () => {
  const recorder = new Recorder();
  try {
    const kernelFile = vscode.Uri.parse('kprobe-kernel:/fs/open.c');
    const definition = await lineOf(kernelFile, /\bdo_sys_open\(int dfd\b[^;]*$/);
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(kernelFile, new vscode.Position(definition, 0))),
    ]);
    await vscode.window.showTextDocument(workspaceFile('open_counter.c'));
    await vscode.commands.executeCommand('kprobeLab.debugFile');
    const stopped = await recorder.event('stopped');
    const session = await activeSession();
    const { threadId } = stopped.body as DebugProtocol.StoppedEvent['body'];
    const { stackFrames } = (await session.customRequest('stackTrace', {
      threadId,
    })) as DebugProtocol.StackTraceResponse['body'];
    assert.equal(stackFrames[0]?.name.replace(/\(.*/, ''), 'do_sys_open');
    assert.ok(stackFrames.length > 2, 'the true callers are there');
    const names = (await variablesOf(session, stackFrames[0].id, /^Arguments/)).map(({ name }) => name);
    assert.deepEqual(names, ['dfd', 'filename', 'flags', 'mode']);
    const registers = await variablesOf(session, stackFrames[0].id, /^Registers/);
    assert.ok(registers.some(({ name }) => /^r?di$/.test(name)));
    await eventually('the stop is shown in the editor', () =>
      vscode.window.activeTextEditor?.document.uri.toString() === kernelFile.toString() ? true : undefined,
    );
    const { probes } = (await session.customRequest('kprobe/probes')) as {
      probes: { symbol: string; owner: string }[];
    };
    assert.ok(probes.some(({ symbol, owner }) => symbol.startsWith('do_sys_open') && owner === 'debugger'));
    vscode.debug.removeBreakpoints([...vscode.debug.breakpoints]);
    await session.customRequest('continue', { threadId });
    await eventually('the handler’s output', () =>
      /opens ".*hostname": dfd=-100/.test(recorder.output) ? true : undefined,
    );
  } finally {
    await cleanUp();
    recorder.dispose();
  }
});

test('a shell line typed in the debug console runs in the machine', async () => {
  const recorder = new Recorder();
  try {
    await vscode.debug.startDebugging(undefined, {
      type: 'kprobe',
      request: 'launch',
      name: 'console',
      console: [],
    });
    const session = await activeSession();
    await recorder.event('kprobe/idle');
    await session.customRequest('evaluate', { expression: 'echo hello from $((40 + 2))', context: 'repl' });
    await eventually('the line’s output', () => (/hello from 42/.test(recorder.output) ? true : undefined));
  } finally {
    await cleanUp();
    recorder.dispose();
  }
});

test('a module that does not compile ends the launch with the compiler’s message', async () => {
  const recorder = new Recorder();
  const bad = workspaceFile('broken.c');
  await vscode.workspace.fs.writeFile(
    bad,
    new TextEncoder().encode('#include <linux/module.h>\nint x = ;\n'),
  );
  try {
    const configuration = { type: 'kprobe', request: 'launch', name: 'bad', module: bad.fsPath };
    // The message is shown in a dialog, which VS Code's test mode turns into a rejection with the dialog's text.
    const outcome = await vscode.debug.startDebugging(undefined, configuration).then(String, String);
    assert.match(outcome, /broken\.c:2:9: expected expression/);
    assert.doesNotMatch(outcome, /\n\s+at /);
  } finally {
    await vscode.workspace.fs.delete(bad);
    await cleanUp();
    recorder.dispose();
  }
});
