/**
 * Probe modules in C: the compiler's diagnostics, and what each register of pt_regs holds in a handler.
 */
import { readFileSync } from 'node:fs';
import { kernelSources } from 'kernel-sources';
import {
  DiagnosticSeverity,
  type Hover,
  type InlayHint,
  InlayHintKind,
  type Diagnostic as LspDiagnostic,
  type Position,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from '../../../emulator/cc/diagnostic';
import { parseUnit } from '../../../emulator/cc/front';
import { kernelCompileOptions } from '../../../emulator/kernel/build';
import { kernelConfig } from '../../../emulator/kernel/config';
import { registerMeaning, signature } from '../kernelSymbols';
import { handlers, probeSites } from './handlers';
import type { KernelKnowledge } from './kernel';
import { URI } from './uri';

const { config } = kernelConfig('lab', {});

/** The user's file as open in the editor, its neighbours from disk, the lab's headers. */
function provider(path: string, text: string): { read(file: string): string | undefined } {
  return {
    read(file) {
      if (file === path) return text;
      const header = kernelSources.get(file);
      if (header !== undefined) return header;
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
} as const;

function toLsp(diagnostic: Diagnostic, uri: string, path: string): LspDiagnostic {
  const related = diagnostic.notes.filter((note) => note.file === path);
  return {
    severity: SEVERITY[diagnostic.severity],
    source: 'Kprobe Lab',
    code: diagnostic.code,
    message: [
      diagnostic.message,
      ...diagnostic.notes.filter((note) => note.file !== path).map((note) => note.message),
    ].join('\n'),
    range: rangeOf(diagnostic),
    relatedInformation: related.map((note) => ({
      location: { uri, range: rangeOf(note) },
      message: note.message,
    })),
  };
}

function rangeOf({ line, column, endLine, endColumn }: Diagnostic): LspDiagnostic['range'] {
  return {
    start: { line: line - 1, character: column - 1 },
    end: {
      line: Math.max(line, endLine) - 1,
      character: Math.max(endColumn - 1, endLine > line ? 0 : column),
    },
  };
}

/** What the compiler says of the module, and symbols that no probe can be set on. */
export function moduleDiagnostics(document: TextDocument, kernel: KernelKnowledge): LspDiagnostic[] {
  const path = URI.toPath(document.uri);
  const text = document.getText();
  const name = path
    .replace(/^.*[\\/]/, '')
    .replace(/\.c$/, '')
    .replace(/-/g, '_');
  const { diagnostics } = parseUnit(path, provider(path, text), kernelCompileOptions(config, 'module', name));
  const own = diagnostics
    .filter((diagnostic) => diagnostic.file === path)
    .map((each) => toLsp(each, document.uri, path));
  const sites = probeSites(text).flatMap(({ symbol, start, end }): LspDiagnostic[] => {
    const reason = kernel.refusal(symbol.replace(/^\w+:/, ''));
    if (reason === undefined || symbol.includes(':')) return [];
    return [
      {
        severity: DiagnosticSeverity.Warning,
        source: 'Kprobe Lab',
        message: reason,
        range: { start: document.positionAt(start), end: document.positionAt(end) },
      },
    ];
  });
  return [...own, ...sites];
}

/** `regs->di` and its place, inside handlers whose probed function is known. */
function registerUses(text: string, kernel: KernelKnowledge) {
  return handlers(text).flatMap((handler) => {
    const func = kernel.find(handler.symbol);
    if (!func || !handler.body) return [];
    const { start, end } = handler.body;
    return [
      ...text.slice(start, end).matchAll(/\b\w+\s*->\s*(r?[a-ds][xip]|r?bp|r?sp|r?ip|r8|r9|r1[0-5])\b/g),
    ].flatMap((match) => {
      const register = (match[1] ?? '').replace(/^r(?=[a-z])/, '');
      const meaning = registerMeaning(func, register, handler.isReturn);
      return meaning === undefined
        ? []
        : [{ func, meaning, at: start + match.index, length: match[0].length }];
    });
  });
}

/** A hint behind each register: the argument of the probed function that it holds. */
export function moduleHints(document: TextDocument, kernel: KernelKnowledge): InlayHint[] {
  return registerUses(document.getText(), kernel).map(({ func, meaning, at, length }) => ({
    position: document.positionAt(at + length),
    label: `= ${meaning.replace(/ \(.*/, '')}`,
    kind: InlayHintKind.Type,
    tooltip: `${meaning}, at this probe of ${signature(func)}`,
    paddingLeft: true,
  }));
}

/** The probed function's signature over its name, a register's meaning over the register. */
export function moduleHover(
  document: TextDocument,
  position: Position,
  kernel: KernelKnowledge,
): Hover | undefined {
  const text = document.getText();
  const offset = document.offsetAt(position);
  const site = probeSites(text).find(({ start, end }) => offset >= start && offset <= end);
  const func = site && kernel.find(site.symbol);
  if (func)
    return {
      contents: { kind: 'markdown', value: `\`\`\`c\n${signature(func)}\n\`\`\`\n${func.file}:${func.line}` },
    };
  const use = registerUses(text, kernel).find(({ at, length }) => offset >= at && offset <= at + length);
  return (
    use && {
      contents: {
        kind: 'markdown',
        value: `**${use.meaning}**\n\nat this probe of \`${signature(use.func)}\``,
      },
    }
  );
}
