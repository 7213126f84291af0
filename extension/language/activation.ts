/**
 * Starts the language client when the first kprobe document is opened, and not before.
 *
 * The client library is the costly part of the extension (about 100 ms to load), so it is a bundle of its own,
 * dist/languageClient.js, required lazily.
 */
import * as vscode from 'vscode';
import { kernelScheme } from '../kernelSource';
import { isModuleText } from './documents';

/** What dist/languageClient.js exports. */
export interface LanguageClientModule {
  start(context: vscode.ExtensionContext): Promise<vscode.Disposable>;
}

function needsServer(document: vscode.TextDocument): boolean {
  if (document.languageId === 'kprobe-events') return true;
  return (
    document.languageId === 'c' && document.uri.scheme !== kernelScheme && isModuleText(document.getText())
  );
}

/** Watches for kprobe documents; the first one loads the client. */
export function registerLanguage(context: vscode.ExtensionContext): void {
  let started = false;
  const consider = (document: vscode.TextDocument): void => {
    if (started || !needsServer(document)) return;
    started = true;
    const bundle = vscode.Uri.joinPath(context.extensionUri, 'dist', 'languageClient.js').fsPath;
    const client = require(bundle) as LanguageClientModule;
    client.start(context).then(
      (disposable) => context.subscriptions.push(disposable),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(`Kprobe Lab: the language server did not start: ${reason}`);
      },
    );
  };
  for (const document of vscode.workspace.textDocuments) consider(document);
  context.subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidChangeTextDocument((event) => consider(event.document)),
  );
}
