/**
 * The language client: runs dist/languageServer.js beside C and .kprobes documents.
 *
 * The server itself stays silent about C that includes no kernel header, so other C extensions are not doubled.
 */
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';

/** Starts the client; resolves when the server answers. Rejects with the reason when it does not start. */
export async function start(context: vscode.ExtensionContext): Promise<vscode.Disposable> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'languageServer.js').fsPath;
  const server: ServerOptions = { module, transport: TransportKind.ipc };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: 'kprobe-events' },
      { scheme: 'file', language: 'c' },
      { scheme: 'untitled', language: 'c' },
    ],
  };
  const client = new LanguageClient('kprobe-lab', 'Kprobe Lab', server, options);
  await client.start();
  return client;
}
