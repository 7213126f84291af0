/**
 * Tokens back to text: what `gcc -E -P` shows, what the assembler of .S files reads, and what tests compare.
 */

import type { Diagnostic } from '../diagnostic';
import { BEGINS_LINE, Kind, SPACE_BEFORE } from '../lex/kinds';
import type { FilePlace, FileProvider } from '../source';
import { FrontCache } from './cache';
import { spellingOf } from './operators';
import { type PreprocessOptions, Preprocessor } from './preprocess';

/** Preprocessed text; `lines[i]` is where line i (from 0) of the text came from. */
export interface PreprocessedText {
  text: string;
  lines: { file: string; line: number }[];
  diagnostics: Diagnostic[];
}

/** Would the two spellings lex as something else if they touched? */
function needsSpace(left: string, right: string): boolean {
  const a = left[left.length - 1];
  const b = right[0];
  const number = /^\.?\d/.test(left);
  if ((/[\w$]/.test(a) || (a === '.' && number)) && /[\w$]/.test(b)) return true;
  if (/[\w$]/.test(a) && ((b === '.' && number) || b === '"' || b === "'")) return true;
  if ((a === '+' || a === '-') && a === b) return true;
  return /^(?:\+=|-=|->|\*=|\/=|\/\/|\/\*|%=|%:|%>|&&|&=|\|\||\|=|\^=|!=|==|<=|<<|<:|<%|>=|>>|##|::|\.\.|:>)$/.test(
    a + b,
  );
}

/** Preprocesses a file to text, line structure kept. Never throws. */
export function preprocessToText(
  path: string,
  files: FileProvider,
  options: PreprocessOptions,
  cache: FrontCache = new FrontCache(),
): PreprocessedText {
  const pp = new Preprocessor(cache, files, options);
  pp.run(path);
  const { out } = pp;
  const lines: PreprocessedText['lines'] = [];
  const rows: string[] = [];
  let row = '';
  let last = '';
  const finish = () => {
    rows.push(row);
    row = '';
    last = '';
  };
  const begin = (at: number) => {
    const place: FilePlace = pp.sources.place(pp.expansions.outermost(out.pos[at], out.expansion[at]));
    lines.push({ file: place.path, line: place.line });
  };
  for (let i = 0; i < out.length; i++) {
    const kind: Kind = out.kind[i];
    if (kind === Kind.End) break;
    const spelling =
      kind === Kind.Pragma
        ? `#pragma ${cache.interner.text(out.value[i])}`
        : spellingOf(out, cache.interner, i);
    const fresh = (out.flags[i] & BEGINS_LINE) !== 0 || kind === Kind.Pragma;
    if (i > 0 && (fresh || out.kind[i - 1] === Kind.Pragma)) finish();
    if (row === '' && lines.length === rows.length) begin(i);
    else if (out.flags[i] & SPACE_BEFORE || (!options.assembly && needsSpace(last, spelling))) row += ' ';
    row += spelling;
    last = spelling;
  }
  if (row !== '') finish();
  return { text: rows.length > 0 ? `${rows.join('\n')}\n` : '', lines, diagnostics: pp.reporter.diagnostics };
}
