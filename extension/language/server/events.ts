/**
 * .kprobes files: every line is checked by the very parser that the machine's kprobe_events uses, with the caret as a
 * range, the kernel's words and a sentence of advice; registers are explained, names completed.
 */
import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Hover,
  type InlayHint,
  InlayHintKind,
  type Position,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Definition, type Lookup, parseCommand } from '../../../emulator/tracing/command';
import { PROBE_ADVICE } from '../../../emulator/tracing/errors';
import { REGISTER_NAMES } from '../../../emulator/tracing/fetch/program';
import { TYPE_NAMES } from '../../../emulator/tracing/fetch/types';
import { ARGUMENT_REGISTERS, type KernelFunction, registerMeaning, signature } from '../kernelSymbols';
import type { KernelKnowledge } from './kernel';

/** A line without its comment. */
const withoutComment = (line: string): string => line.split('#', 1)[0] ?? '';

function lookupIn(kernel: KernelKnowledge): Lookup {
  return (symbol, offset) => {
    if (symbol.includes(':')) return 'inside';
    const func = kernel.find(symbol);
    if (func) return offset === 0n ? 'entry' : 'inside';
    return kernel.isData(symbol) ? 'inside' : 'unknown';
  };
}

/** Column in the line as written of column `caret` in its words joined by single blanks. */
function columnOf(line: string, caret: number): number {
  let joined = 0;
  for (const match of line.matchAll(/\S+/g)) {
    if (caret <= joined + match[0].length) return match.index + Math.max(0, caret - joined);
    joined += match[0].length + 1;
  }
  return line.trimEnd().length;
}

interface Line {
  number: number;
  text: string;
  definition: Definition;
  func: KernelFunction | undefined;
}

function definitions(document: TextDocument, kernel: KernelKnowledge): Line[] {
  return document
    .getText()
    .split(/\r?\n/)
    .flatMap((text, number): Line[] => {
      const command = parseCommand(withoutComment(text), lookupIn(kernel));
      if (command.kind !== 'define') return [];
      const { place } = command;
      const func = place.kind === 'symbol' && place.offset === 0n ? kernel.find(place.symbol) : undefined;
      return [{ number, text, definition: command, func }];
    });
}

/** The kernel's complaints, line by line, and registers that hold something else than their field's name says. */
export function eventDiagnostics(document: TextDocument, kernel: KernelKnowledge): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [number, text] of document.getText().split(/\r?\n/).entries()) {
    const line = withoutComment(text);
    const command = parseCommand(line, lookupIn(kernel));
    if (command.kind !== 'error') continue;
    const start = columnOf(line, command.caret);
    const length = /^\S*/.exec(line.slice(start))?.[0].length ?? 0;
    const place = line.trim().split(/\s+/)[1] ?? '';
    const reason =
      command.error === 'BAD_PROBE_ADDR' ? kernel.refusal(place.replace(/[+%].*$/, '')) : undefined;
    const advice = command.error === undefined ? undefined : PROBE_ADVICE[command.error];
    const message =
      command.error === undefined
        ? 'A definition is p[:[GROUP/]EVENT] PLACE [ARG…], r[MAXACTIVE][:[GROUP/]EVENT] PLACE [ARG…] or -:[GROUP/]EVENT.'
        : [`${command.message} (${command.errno})`, reason ?? advice]
            .filter((part) => part !== undefined)
            .join('\n');
    found.push({
      severity: DiagnosticSeverity.Error,
      source: 'kprobe_events',
      code: command.error,
      message,
      range: {
        start: { line: number, character: start },
        end: { line: number, character: start + Math.max(1, length) },
      },
    });
  }
  return [...found, ...definitions(document, kernel).flatMap(misnamedFields)];
}

/** A field called like a parameter that reads a register which holds something else. */
function misnamedFields({ number, text, definition, func }: Line): Diagnostic[] {
  if (!func || definition.isReturn) return [];
  return definition.arguments.flatMap(({ name, source, body }): Diagnostic[] => {
    const index = func.parameters.findIndex((parameter) => parameter.name === name);
    if (index < 0 || source.kind !== 'register') return [];
    const right = ARGUMENT_REGISTERS[index];
    if (right === undefined || right === source.name) return [];
    const holds = registerMeaning(func, source.name, false) ?? 'no argument';
    const start = text.indexOf(`${name}=${body}`);
    return [
      {
        severity: DiagnosticSeverity.Information,
        source: 'kprobe_events',
        message: `At the entry of ${func.name}, %${source.name} holds ${holds}; ${name} is in %${right}.`,
        range: {
          start: { line: number, character: Math.max(0, start) },
          end: { line: number, character: Math.max(0, start) + name.length + 1 + body.length },
        },
      },
    ];
  });
}

/** Behind each register: the argument it holds at that probe point. */
export function eventHints(document: TextDocument, kernel: KernelKnowledge): InlayHint[] {
  return definitions(document, kernel).flatMap(({ number, text, definition, func }) => {
    if (!func) return [];
    return [...withoutComment(text).matchAll(/%(\w+)\b(?!return)/g)].flatMap((match): InlayHint[] => {
      const meaning = registerMeaning(func, match[1] ?? '', definition.isReturn);
      if (meaning === undefined) return [];
      return [
        {
          position: { line: number, character: match.index + match[0].length },
          label: `‹${meaning.replace(/ \(.*/, '')}›`,
          kind: InlayHintKind.Type,
          tooltip: `${meaning}, at this probe of ${signature(func)}`,
          paddingLeft: true,
        },
      ];
    });
  });
}

/** The signature over a function's name. */
export function eventHover(
  document: TextDocument,
  position: Position,
  kernel: KernelKnowledge,
): Hover | undefined {
  const line = document.getText({
    start: { line: position.line, character: 0 },
    end: { line: position.line + 1, character: 0 },
  });
  for (const match of line.matchAll(/[\w.]+/g)) {
    if (position.character < match.index || position.character > match.index + match[0].length) continue;
    const func = kernel.find(match[0]);
    if (!func) return undefined;
    const registers = func.parameters
      .slice(0, ARGUMENT_REGISTERS.length)
      .map(({ name, type }, index) => `| %${ARGUMENT_REGISTERS[index]} | ${name} | \`${type}\` |`);
    const table =
      registers.length > 0
        ? `\n\n| register | argument | type |\n|---|---|---|\n${registers.join('\n')}`
        : '';
    return {
      contents: {
        kind: 'markdown',
        value: `\`\`\`c\n${signature(func)}\n\`\`\`\n${func.file}:${func.line}${table}`,
      },
    };
  }
  return undefined;
}

/** Completions by what stands in front: functions as the second word, then registers, variables, types. */
export function eventCompletions(
  document: TextDocument,
  position: Position,
  kernel: KernelKnowledge,
): CompletionItem[] {
  const before = document.getText({ start: { line: position.line, character: 0 }, end: position });
  const word = /\S*$/.exec(before)?.[0] ?? '';
  const words = before.trimStart().split(/\s+/).length;
  const item = (label: string, kind: CompletionItemKind, detail?: string): CompletionItem => ({
    label,
    kind,
    detail,
  });
  if (words <= 1) {
    return [
      item('p:', CompletionItemKind.Keyword, 'probe'),
      item('r:', CompletionItemKind.Keyword, 'return probe'),
    ];
  }
  if (words === 2) {
    return kernel.probeable().map((func) => item(func.name, CompletionItemKind.Function, signature(func)));
  }
  const func = kernel.find(
    before
      .trim()
      .split(/\s+/)[1]
      ?.replace(/%return$/, '') ?? '',
  );
  if (/%\w*$/.test(word)) {
    const isReturn = /^\s*r/.test(before);
    return REGISTER_NAMES.map((name) =>
      item(`%${name}`, CompletionItemKind.Variable, func && registerMeaning(func, name, isReturn)),
    );
  }
  if (/\$\w*$/.test(word)) {
    return ['$retval', '$comm', '$stack', '$stack0', '$arg1'].map((name) =>
      item(name, CompletionItemKind.Variable),
    );
  }
  if (/:\w*$/.test(word)) return TYPE_NAMES.map((name) => item(name, CompletionItemKind.TypeParameter));
  return [];
}
