/**
 * The language server's process: diagnostics, hints, hovers and completions for probe modules and .kprobes files.
 *
 * Dispatch only. It stays silent about C that includes no kernel header.
 */
import {
  createConnection,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isModuleText } from '../documents';
import { eventCompletions, eventDiagnostics, eventHints, eventHover } from './events';
import { KernelKnowledge } from './kernel';
import { moduleDiagnostics, moduleHints, moduleHover } from './module';

/** Diagnostics wait this long for the next keystroke (ms). */
const PAUSE = 150;

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const kernel = KernelKnowledge.load(__dirname);
const waiting = new Map<string, NodeJS.Timeout>();

type Kind = 'events' | 'module' | undefined;

function kindOf(document: TextDocument | undefined): Kind {
  if (document?.languageId === 'kprobe-events') return 'events';
  return document?.languageId === 'c' && isModuleText(document.getText()) ? 'module' : undefined;
}

function check(document: TextDocument): void {
  const kind = kindOf(document);
  const diagnostics =
    kind === 'events'
      ? eventDiagnostics(document, kernel)
      : kind === 'module'
        ? moduleDiagnostics(document, kernel)
        : [];
  void connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
}

connection.onInitialize(() => ({
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    hoverProvider: true,
    inlayHintProvider: true,
    completionProvider: { triggerCharacters: ['%', '$', ':', ' '] },
  },
}));

documents.onDidChangeContent(({ document }) => {
  clearTimeout(waiting.get(document.uri));
  waiting.set(
    document.uri,
    setTimeout(() => {
      waiting.delete(document.uri);
      check(document);
    }, PAUSE),
  );
});

documents.onDidClose(({ document }) => {
  clearTimeout(waiting.get(document.uri));
  waiting.delete(document.uri);
  void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
});

connection.onHover(({ textDocument, position }) => {
  const document = documents.get(textDocument.uri);
  const kind = kindOf(document);
  if (!document || !kind) return null;
  return (
    (kind === 'events' ? eventHover(document, position, kernel) : moduleHover(document, position, kernel)) ??
    null
  );
});

connection.languages.inlayHint.on(({ textDocument }) => {
  const document = documents.get(textDocument.uri);
  const kind = kindOf(document);
  if (!document || !kind) return [];
  return kind === 'events' ? eventHints(document, kernel) : moduleHints(document, kernel);
});

connection.onCompletion(({ textDocument, position }) => {
  const document = documents.get(textDocument.uri);
  return document && kindOf(document) === 'events' ? eventCompletions(document, position, kernel) : [];
});

documents.listen(connection);
connection.listen();
