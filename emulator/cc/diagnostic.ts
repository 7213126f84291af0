/**
 * Diagnostics: what the compiler says about a source text, as data and as text in gcc's shape.
 *
 * A Diagnostic is self-contained (path, line, columns), so it can leave the process. Reporting never throws; a unit stops
 * collecting after a fixed number of errors so that hopeless input cannot fill memory.
 */
import type { FileProvider } from './source';
import { computeLineStarts } from './source';

/** One message. Lines and columns count from 1 in UTF-16 units; the end is exclusive. */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'note';
  /** Stable identifier, e.g. `implicit-function-declaration`; printed as [-W…] for warnings. */
  code?: string;
  message: string;
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** Further places: previous declarations, the macro expansion chain (outermost last), hints. */
  notes: Diagnostic[];
  /** A text that, put in place of the range, would cure it ("did you mean"). */
  replacement?: string;
}

const TAB = /\t/g;

/** The line of text with the caret and range below it; tabs are shown as one blank so that the caret fits. */
function excerpt(d: Diagnostic, text: string): string {
  const starts = computeLineStarts(text);
  const start = starts[d.line - 1];
  if (start === undefined) return '';
  let end = text.indexOf('\n', start);
  if (end < 0) end = text.length;
  const full = text.slice(start, end).replace(/\r$/, '');
  // A very long line (generated code) is cut to a window around the caret.
  const from = d.column > 120 ? d.column - 60 : 0;
  const line = full.slice(from, from + 160).replace(TAB, ' ');
  const column = d.column - from;
  const last = d.endLine === d.line ? Math.min(d.endColumn - from, line.length + 1) : line.length + 1;
  const number = String(d.line).padStart(5);
  const caret = `${' '.repeat(Math.max(column - 1, 0))}^${'~'.repeat(Math.max(last - column - 1, 0))}`;
  const fix =
    d.replacement === undefined ? '' : `\n      | ${' '.repeat(Math.max(column - 1, 0))}${d.replacement}`;
  return `\n${number} | ${line}\n      | ${caret}${fix}`;
}

/**
 * The message as gcc prints one: `file:line:column: error: text [-Wcode]`, the source line, the caret, then the notes.
 * Without `files` the excerpt is left out.
 */
export function formatDiagnostic(d: Diagnostic, files?: FileProvider): string {
  const option = d.severity === 'warning' && d.code !== undefined ? ` [-W${d.code}]` : '';
  const text = files?.read(d.file);
  const head = `${d.file}:${d.line}:${d.column}: ${d.severity}: ${d.message}${option}`;
  const body = text === undefined ? '' : excerpt(d, text);
  return [head + body, ...d.notes.map((note) => formatDiagnostic(note, files))].join('\n');
}

/** True if any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
