/**
 * The types of fetch arguments: how many bytes a value takes in the record, how it prints, what events/…/format says.
 *
 * Facts: Documentation/trace/kprobetrace.rst, "Types"; the format lines as recorded from Linux 6.1.
 */
import { parseUnsigned } from '../numbers';

/** How a fetched value is read and shown. */
export interface FetchType {
  name: string;
  /** Bytes in the record: of the value, or of the location word of a string. */
  size: number;
  kind: 'unsigned' | 'signed' | 'hex' | 'symbol' | 'string' | 'ustring' | 'symstr';
  /** The C type that the event's format file names. */
  formatType: string;
  /** printf conversion in `print fmt`. */
  conversion: string;
}

function integer(name: string, bits: number): FetchType {
  const kind = name.startsWith('u') ? 'unsigned' : name.startsWith('s') ? 'signed' : 'hex';
  const long = bits === 64 ? 'L' : '';
  const conversion = kind === 'hex' ? `0x%${long}x` : kind === 'signed' ? `%${long}d` : `%${long}u`;
  return { name, size: bits / 8, kind, formatType: `${kind === 'signed' ? 's' : 'u'}${bits}`, conversion };
}

function text(name: 'string' | 'ustring' | 'symstr'): FetchType {
  return { name, size: 4, kind: name, formatType: '__data_loc char[]', conversion: '\\"%s\\"' };
}

const TYPES: ReadonlyMap<string, FetchType> = new Map(
  [
    ...['u', 's', 'x'].flatMap((letter) => [8, 16, 32, 64].map((bits) => integer(`${letter}${bits}`, bits))),
    text('string'),
    text('ustring'),
    text('symstr'),
    { name: 'symbol', size: 8, kind: 'symbol' as const, formatType: 'u64', conversion: '%pS' },
  ].map((type) => [type.name, type]),
);

/** Type names that may follow ':' (bit-fields aside), for completion. */
export const TYPE_NAMES: readonly string[] = [...TYPES.keys()];

/** The type of an argument without ':TYPE': a 64-bit value in hex. */
export const DEFAULT_TYPE = TYPES.get('x64') as FetchType;

/** The type for a name after ':', undefined when there is none. A bit-field has the type of its container. */
export function fetchType(name: string | undefined): FetchType | undefined {
  if (name === undefined) return DEFAULT_TYPE;
  if (name.startsWith('b')) {
    const slash = name.indexOf('/');
    const container = slash < 0 ? undefined : parseUnsigned(name.slice(slash + 1));
    return container && 'value' in container ? TYPES.get(`u${container.value}`) : undefined;
  }
  return TYPES.get(name);
}

/** True for the types whose value is text in the record. */
export function isText(type: FetchType): boolean {
  return type.kind === 'string' || type.kind === 'ustring' || type.kind === 'symstr';
}
