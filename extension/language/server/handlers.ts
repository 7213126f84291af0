/**
 * Finds the probes that a module's text declares: which symbol, which handler, and where the handler's body is.
 *
 * Works on half-typed text, so it looks at the text's shape and not at a tree: designated initialisers of
 * struct kprobe, kretprobe and jprobe as every module writes them.
 */

/** A handler and the places it is attached to. */
export interface Handler {
  name: string;
  symbol: string;
  /** Column-exact place of the symbol's string in the text. */
  symbolStart: number;
  symbolEnd: number;
  isReturn: boolean;
  /** Body of the handler function in the text; undefined when it is not in this file. */
  body: { start: number; end: number } | undefined;
}

/** The symbols that the text names, each with its place, with or without handlers. */
export interface ProbeSite {
  symbol: string;
  start: number;
  end: number;
  isReturn: boolean;
}

const INITIALISER = /\bstruct\s+(kprobe|kretprobe|jprobe)\s+\w+(?:\s*\[[^\]]*\])?\s*=\s*\{/g;

/** Index just past the brace that closes the one at `open`; the text's end when it is not closed. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}

function bodyOf(text: string, name: string): { start: number; end: number } | undefined {
  const match = new RegExp(`\\b${name}\\s*\\([^;{)]*\\)[^;{}]*\\{`).exec(text);
  if (!match) return undefined;
  const open = match.index + match[0].length - 1;
  return { start: open, end: closing(text, open) };
}

/** All probe sites of the text. */
export function probeSites(text: string): ProbeSite[] {
  const sites: ProbeSite[] = [];
  for (const match of text.matchAll(INITIALISER)) {
    const end = closing(text, match.index + match[0].length - 1);
    const body = text.slice(match.index, end);
    for (const symbol of body.matchAll(/\.(?:kp\.)?symbol_name\s*=\s*"([^"\n]*)"/g)) {
      const quote = match.index + symbol.index + symbol[0].lastIndexOf(`"${symbol[1]}"`) + 1;
      const name = symbol[1] ?? '';
      sites.push({
        symbol: name,
        start: quote,
        end: quote + name.length,
        isReturn: match[1] === 'kretprobe',
      });
    }
  }
  return sites;
}

/** The handlers that the text attaches to symbols. */
export function handlers(text: string): Handler[] {
  const found: Handler[] = [];
  for (const match of text.matchAll(INITIALISER)) {
    const end = closing(text, match.index + match[0].length - 1);
    const body = text.slice(match.index, end);
    const symbol = /\.(?:kp\.)?symbol_name\s*=\s*"([^"\n]+)"/.exec(body);
    if (!symbol) continue;
    const symbolStart = match.index + symbol.index + symbol[0].lastIndexOf('"', symbol[0].length - 2) + 1;
    for (const field of body.matchAll(
      /\.(pre_handler|post_handler|handler|entry_handler)\s*=\s*&?\s*(\w+)/g,
    )) {
      const name = field[2] ?? '';
      found.push({
        name,
        symbol: symbol[1] ?? '',
        symbolStart,
        symbolEnd: symbolStart + (symbol[1] ?? '').length,
        isReturn: field[1] === 'handler',
        body: bodyOf(text, name),
      });
    }
  }
  return found;
}
