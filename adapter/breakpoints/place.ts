/**
 * Where a breakpoint goes: from what the editor asks (a line, a name, an address) to probe sites.
 *
 * Placing reads symbols and line tables only; whether the kernel accepts a probe there is the kprobes system's answer.
 */
import { linesOf } from '../../emulator/inspect/lines';
import { hex } from '../../emulator/inspect/value';
import type { Inspector } from '../target/inspector';

export type Mode = 'kprobe' | 'kprobePost' | 'kretprobe' | 'hardware';

/** What was asked. */
export type Wanted =
  | { kind: 'line'; file: string; line: number }
  | { kind: 'function'; name: string }
  | { kind: 'instruction'; address: bigint };

/** One probe to place. */
export interface Site {
  address: bigint;
  what: 'before' | 'after' | 'return' | 'hardware';
}

/** Sites, or why there are none. `pending` may change when a module is loaded; a refusal will not. */
export type Placed =
  | { sites: Site[]; line?: number; note?: string }
  | { pending: string }
  | { refused: string };

/** A glob that matches more functions than this is refused: it is a slip of the pen. */
const MOST_MATCHES = 200;

export function placeBreakpoint(wanted: Wanted, mode: Mode, inspector: Inspector): Placed {
  switch (wanted.kind) {
    case 'line':
      return placeLine(wanted.file, wanted.line, mode, inspector);
    case 'function':
      return placeFunction(wanted.name, mode, inspector);
    case 'instruction':
      return { sites: [{ address: wanted.address, what: siteKind(mode) }] };
  }
}

function siteKind(mode: Mode): Site['what'] {
  switch (mode) {
    case 'kprobe':
      return 'before';
    case 'kprobePost':
      return 'after';
    case 'kretprobe':
      return 'return';
    case 'hardware':
      return 'hardware';
  }
}

function placeLine(file: string, line: number, mode: Mode, inspector: Inspector): Placed {
  const indexes = inspector.programs().map((program) => linesOf(program));
  const having = indexes.filter((index) => index.has(file));
  if (having.length === 0) {
    return {
      pending: `No loaded code comes from ${file} yet: the probe is placed when its module is loaded.`,
    };
  }
  const sites: Site[] = [];
  let actual = line;
  for (const index of having) {
    const place = index.place(file, line);
    if (!place) continue;
    actual = place.line;
    const base = index.program.image.base;
    if (place.kind === 'return') {
      for (const one of place.functions) sites.push({ address: base + BigInt(one.start), what: 'return' });
    } else if (mode === 'kretprobe') {
      // A return probe belongs to a whole function: the one that the line is in.
      for (const { within } of place.sites)
        sites.push({ address: base + BigInt(within.start), what: 'return' });
    } else {
      for (const { address } of place.sites) sites.push({ address, what: siteKind(mode) });
    }
  }
  if (sites.length === 0)
    return { refused: `EINVAL: no instruction comes from line ${line}. Choose a line with a statement.` };
  return { sites: unique(sites), line: actual };
}

/** name = [MODULE ":"] GLOB ["+" OFFSET] ["%return"], or an address. */
const FUNCTION = /^\s*(?:(0x[0-9a-fA-F]+)|([\w.*?[\]:$-]+?)(?:\+(0x[0-9a-fA-F]+|\d+))?)(%return)?\s*$/;

function placeFunction(text: string, mode: Mode, inspector: Inspector): Placed {
  const match = FUNCTION.exec(text);
  if (!match)
    return {
      refused: `EINVAL: \`${text}\` is not a function name. Write name, name+0x12, name%return or a glob.`,
    };
  const [, addressText, name = '', offsetText, suffix] = match;
  const offset = BigInt(offsetText ?? 0);
  const what = suffix ? 'return' : siteKind(mode);
  if (what === 'return' && offset !== 0n) {
    return { refused: "EINVAL: a return probe is placed at a function's entry; leave the offset out." };
  }
  if (addressText) return { sites: [{ address: BigInt(addressText), what }] };
  const { symbols } = inspector.lab.kernel;
  if (!/[*?[]/.test(name)) {
    const found = symbols.all(name)[0];
    if (found) return { sites: [{ address: found.address + offset, what }] };
    const similar = symbols.suggestions(name, 3);
    const hint = similar.length > 0 ? ` Did you mean ${similar.join(', ')}?` : '';
    return { pending: `ENOENT: no function is called ${name}.${hint}` };
  }
  const glob = globPattern(name);
  const matches = [...symbols.entries()].filter(
    ({ name: one, letter }) => /[tTwW]/.test(letter) && glob.test(one),
  );
  if (matches.length === 0) return { pending: `ENOENT: no function matches ${name}.` };
  if (matches.length > MOST_MATCHES) {
    return {
      refused: `E2BIG: ${matches.length} functions match ${name}; at most ${MOST_MATCHES} are probed at once.`,
    };
  }
  const sites = matches.map(({ address }): Site => ({ address: address + offset, what }));
  return { sites: unique(sites), note: matches.map((one) => one.name).join(', ') };
}

/** A shell glob as a pattern over whole names. */
function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${pattern}$`);
  } catch {
    // An unfinished [class] means the bracket itself.
    return new RegExp(`^${pattern.replace(/[[\]]/g, '\\$&')}$`);
  }
}

function unique(sites: Site[]): Site[] {
  const seen = new Set<string>();
  return sites.filter(({ address, what }) => {
    const key = `${what} ${hex(address)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
