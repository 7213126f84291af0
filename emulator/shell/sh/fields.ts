/** Field splitting: from the pieces of an expanded word to fields (POSIX.1-2017, Shell Command Language, 2.6.5). */

/** A piece of a word: text as an escaped pattern, and whether separators in it end fields. */
export interface Piece {
  pattern: string;
  split: boolean;
  /** Between the fields of "$@". */
  boundary?: boolean;
  quoted?: boolean;
}

/**
 * Splits at the characters of `separators` (IFS): blanks of it in runs, each other one alone. A word of nothing but
 * empty expansions gives no field, a quoted empty one gives one.
 */
export function splitFields(pieces: readonly Piece[], separators: string): string[] {
  const fields: string[] = [];
  let current: string | undefined;
  const end = () => {
    if (current !== undefined) fields.push(current);
    current = undefined;
  };
  for (const piece of pieces) {
    if (piece.boundary) {
      fields.push(current ?? '');
      current = undefined;
    } else if (!piece.split || separators === '') {
      if (piece.pattern !== '' || piece.quoted) current = (current ?? '') + piece.pattern;
    } else {
      for (const part of split(piece.pattern, separators)) {
        if (part === undefined) end();
        else if (part.hard) {
          current ??= '';
          end();
        } else current = (current ?? '') + part.text;
      }
    }
  }
  end();
  return fields;
}

/** Stretches of text; undefined for a run of blanks, `hard` for a separator that delimits even empty fields. */
function split(text: string, separators: string): ({ text: string; hard: boolean } | undefined)[] {
  const parts: ({ text: string; hard: boolean } | undefined)[] = [];
  const separator = (char: string) => char !== '' && separators.includes(char);
  for (let at = 0; at < text.length; ) {
    let stop = at;
    while (stop < text.length && !separator(text[stop] ?? '')) stop++;
    if (stop > at) parts.push({ text: text.slice(at, stop), hard: false });
    at = stop;
    let blanks = false;
    let hard = false;
    for (; separator(text[at] ?? ''); at++) {
      if (/\s/.test(text[at] ?? '')) blanks = true;
      else if (hard) break;
      else hard = true;
    }
    if (hard) parts.push({ text: '', hard });
    else if (blanks) parts.push(undefined);
  }
  return parts;
}
