/**
 * Says how VS Code reaches the debug adapter: a Node process of its own, so that the emulated CPU never competes with
 * the extension host. VS Code forks it with its own Node, nothing has to be installed.
 */
import * as vscode from 'vscode';

/** Registers the descriptor factory for sessions of type `kprobe`. */
export function registerAdapter(context: vscode.ExtensionContext): void {
  const program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'adapter.js').fsPath;
  const factory: vscode.DebugAdapterDescriptorFactory = {
    createDebugAdapterDescriptor: () => new vscode.DebugAdapterExecutable('node', [program]),
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory('kprobe', factory));
}
