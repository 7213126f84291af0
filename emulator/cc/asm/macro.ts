/**
 * `.macro`, `.rept`, `.irp`, `.irpc`: bodies of statements, and their expansion with arguments. Only text is replaced here;
 * the assembler reads the result as if it had been written.
 */
import { AssemblyError } from '../../isa/assemble';
import { type Statement, splitArguments } from './statement';

/** A formal argument of a macro. */
interface Parameter {
  name: string;
  initial: string | undefined;
  required: boolean;
  rest: boolean;
}

/** A macro as `.macro` defined it. */
export interface Macro {
  name: string;
  parameters: Parameter[];
  body: Statement[];
}

/** Splits macro arguments: commas, and blanks between words that are no operators. */
function macroArguments(text: string): string[] {
  return splitArguments(text).flatMap((part) => (part === '' ? [''] : wordsOf(part)));
}

function wordsOf(text: string): string[] {
  const words: string[] = [];
  const pattern = /"(?:[^"\\]|\\.)*"|\([^)]*\)|[^\s"(]+(?:\([^)]*\))?/g;
  let joined = '';
  for (const [word] of text.matchAll(pattern)) {
    // An operator joins its neighbours: `1 + 2` is one argument.
    if (/^[+*/<>=|&^-]+$/.test(word) || /[+*/<>=|&^-]$/.test(joined)) joined += word;
    else {
      if (joined !== '') words.push(joined);
      joined = word;
    }
  }
  if (joined !== '') words.push(joined);
  return words;
}

/** Parses what follows `.macro`: a name and parameters with `=default`, `:req`, `:vararg`. */
export function parseMacroHead(text: string): Macro {
  const name = /^[A-Za-z_.$][\w.$]*/.exec(text)?.[0];
  if (name === undefined) throw new AssemblyError('.macro needs a name');
  const rest = text
    .slice(name.length)
    .replace(/^\s*,/, '')
    .replace(/\s*=\s*/g, '=')
    .replace(/\s*:\s*/g, ':');
  const parameters: Parameter[] = [];
  for (const [word] of rest.matchAll(/[A-Za-z_.$][\w.$]*(?::\w+)?(?:=(?:"(?:[^"\\]|\\.)*"|[^\s,]*))?/g)) {
    const [head = '', ...initial] = word.split('=');
    const [parameter = '', qualifier] = head.split(':');
    parameters.push({
      name: parameter,
      initial: initial.length > 0 ? unquote(initial.join('=')) : undefined,
      required: qualifier === 'req',
      rest: qualifier === 'vararg',
    });
  }
  return { name, parameters, body: [] };
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

/** Replaces `\name`, `\@` and `\()` in a body's text. */
function substitute(text: string, values: ReadonlyMap<string, string>, count: number): string {
  return text.replace(/\\(?:([A-Za-z_.$][\w$]*)|(@)|(\(\)))/g, (whole, name?: string, at?: string) => {
    if (at !== undefined) return String(count);
    if (name === undefined) return '';
    return values.get(name) ?? whole;
  });
}

function bind(macro: Macro, text: string): Map<string, string> {
  const given = macroArguments(text);
  const values = new Map<string, string>();
  let next = 0;
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] ?? '';
    const named = /^([A-Za-z_.$][\w.$]*)\s*=(?!=)\s*(.*)$/.exec(argument);
    const byName = named && macro.parameters.find(({ name }) => name === named[1]);
    if (named && byName) {
      values.set(byName.name, unquote(named[2] ?? ''));
      continue;
    }
    const parameter = macro.parameters[next++];
    if (!parameter) throw new AssemblyError(`too many arguments for macro ${macro.name}`);
    if (parameter.rest) {
      values.set(parameter.name, given.slice(at).join(', '));
      break;
    }
    if (argument !== '') values.set(parameter.name, unquote(argument));
  }
  for (const { name, initial, required } of macro.parameters) {
    if (values.has(name)) continue;
    if (required) throw new AssemblyError(`macro ${macro.name} needs a value for ${name}`);
    values.set(name, initial ?? '');
  }
  return values;
}

function placed(body: readonly Statement[], values: ReadonlyMap<string, string>, count: number): string[] {
  return body.map(({ text }) => substitute(text, values, count));
}

/** The statements of one call, all at the caller's line. `count` is the number of expansions so far (`\@`). */
export function expandMacro(
  macro: Macro,
  call: Statement,
  argumentsText: string,
  count: number,
): Statement[] {
  const values = bind(macro, argumentsText);
  return placed(macro.body, values, count).flatMap((text) => split(text, call));
}

/** `.irp name, values…` and `.irpc name, text`: the body once per value. */
export function expandEach(
  name: string,
  values: readonly string[],
  body: readonly Statement[],
  count: number,
): Statement[] {
  return values.flatMap((value) => {
    const bound = new Map([[name, unquote(value)]]);
    return body.flatMap((statement) => split(substitute(statement.text, bound, count), statement));
  });
}

/** An argument may bring a `;` with it. */
function split(text: string, at: Statement): Statement[] {
  if (!text.includes(';') || text.includes('"')) return [{ ...at, text }];
  return text
    .split(';')
    .map((part) => ({ ...at, text: part.trim() }))
    .filter((statement) => statement.text !== '');
}
