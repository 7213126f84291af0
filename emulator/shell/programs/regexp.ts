/** POSIX regular expressions (basic and extended) as JavaScript ones. */

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  print: ' -~',
  cntrl: '\\x00-\\x1f',
};

/** Source of a JavaScript expression for a POSIX one (re_format(7)); `extended` is grep -E's and sed -E's kind. */
export function posixSource(pattern: string, extended: boolean): string {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? '';
    if (char === '[') {
      const [text, next] = bracket(pattern, i);
      source += text;
      i = next;
    } else if (char === '\\') {
      const next = pattern[++i] ?? '';
      if (!extended && '(){}|+?'.includes(next)) source += next;
      else if (/[wWsSbBnt1-9]/.test(next)) source += `\\${next}`;
      else if (next === '<' || next === '>') source += '\\b';
      else source += escapeRegExp(next);
    } else if (!extended && '(){}|+?'.includes(char)) source += `\\${char}`;
    else if (char === '*' && (source === '' || (!extended && /(^|[^\\])[(|]$/.test(source)))) source += '\\*';
    else if (char === '^' && !extended && !(source === '' || /[(|]$/.test(source))) source += '\\^';
    else if (char === '/') source += '\\/';
    else source += char;
  }
  return source;
}

/** A fixed text as an expression's source. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
}

/** A bracket expression at `start`: its JavaScript text and the index of its last character. */
function bracket(pattern: string, start: number): [string, number] {
  let at = start + 1;
  let text = '[';
  if (pattern[at] === '^') {
    text += '^';
    at++;
  }
  if (pattern[at] === ']') {
    text += '\\]';
    at++;
  }
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (named) {
      text += CLASSES[named[1] ?? ''] ?? '';
      at += named[0].length - 1;
      continue;
    }
    const char = pattern[at] ?? '';
    text += '\\[^/'.includes(char) ? `\\${char}` : char;
  }
  return at >= pattern.length ? ['\\[', start] : [`${text}]`, at];
}
