/**
 * Says how VS Code reaches the debug adapter: a Node process of its own, so that the emulated CPU never competes with
 * the extension host. VS Code forks it with its own Node, nothing has to be installed. Attaching goes to the port of a
 * machine that runs already (`kprobe-lab sh --listen`).
 */
import * as vscode from 'vscode';

/** Registers the descriptor factory for sessions of type `kprobe`. */
export function registerAdapter(context: vscode.ExtensionContext): void {
  const program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'adapter.js').fsPath;
  const factory: vscode.DebugAdapterDescriptorFactory = {
    createDebugAdapterDescriptor: ({ configuration }) =>
      configuration.request === 'attach'
        ? new vscode.DebugAdapterServer(Number(configuration.port), configuration.host)
        : new vscode.DebugAdapterExecutable('node', [program]),
  };
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory('kprobe', factory));
}
