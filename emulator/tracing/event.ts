/**
 * A trace event of the kprobes group and its probes: names, listing line, the text of its format file.
 */
import type { HostProbe } from '../kprobes/types';
import type { Place } from './command';
import type { FetchArgument } from './fetch/program';
import { isText } from './fetch/types';
import type { Filter } from './filter/parse';

/** One probe of an event; several may feed one event when their fields are the same. */
export interface EventProbe {
  place: Place;
  arguments: readonly FetchArgument[];
  /** As given, or as the kernel chose at registration; undefined while the module is not loaded and none was given. */
  maxactive: number | undefined;
  /** Undefined while its module is not loaded. */
  probe: HostProbe | undefined;
  /** Addresses of the symbol expressions its arguments use. */
  symbols: ReadonlyMap<string, bigint>;
  hits: number;
}

export interface TraceEvent {
  id: number;
  group: string;
  name: string;
  isReturn: boolean;
  probes: EventProbe[];
  enabled: boolean;
  filter: Filter | undefined;
  /** What the filter file reads: the filter, or the refused one with its error. */
  filterText: string;
}

/** The place as listings show it: offsets in decimal, raw addresses hashed. */
export function placeText(place: Place, hashPointer: (address: bigint) => string): string {
  if (place.kind === 'address') return hashPointer(place.address);
  return place.offset === 0n ? place.symbol : `${place.symbol}+${place.offset}`;
}

/** One line of kprobe_events. */
export function listingLine(
  event: TraceEvent,
  probe: EventProbe,
  hashPointer: (address: bigint) => string,
): string {
  const kind = event.isReturn ? `r${probe.maxactive ?? ''}` : 'p';
  const args = probe.arguments.map(({ name, body }) => ` ${name}=${body}`).join('');
  return `${kind}:${event.group}/${event.name} ${placeText(probe.place, hashPointer)}${args}\n`;
}

/** The event name that Linux makes up: p_SYM_OFF with everything that a C identifier cannot hold replaced. */
export function automaticName(
  isReturn: boolean,
  place: Place,
  hashPointer: (address: bigint) => string,
): string {
  const letter = isReturn ? 'r' : 'p';
  if (place.kind === 'address') return `${letter}_${hashPointer(place.address)}`;
  return `${letter}_${place.symbol}_${place.offset}`.replace(/[:.]/g, '_');
}

interface Field {
  type: string;
  name: string;
  offset: number;
  size: number;
  signed: boolean;
}

const COMMON: readonly Field[] = [
  { type: 'unsigned short', name: 'common_type', offset: 0, size: 2, signed: false },
  { type: 'unsigned char', name: 'common_flags', offset: 2, size: 1, signed: false },
  { type: 'unsigned char', name: 'common_preempt_count', offset: 3, size: 1, signed: false },
  { type: 'int', name: 'common_pid', offset: 4, size: 4, signed: true },
];

function fieldLine({ type, name, offset, size, signed }: Field): string {
  return `\tfield:${type} ${name};\toffset:${offset};\tsize:${size};\tsigned:${signed ? 1 : 0};\n`;
}

function argumentFields(event: TraceEvent): Field[] {
  let offset = event.isReturn ? 24 : 16;
  return (event.probes[0]?.arguments ?? []).map(({ name, type, count }) => {
    const size = type.size * (count ?? 1);
    const text = isText(type);
    const field = {
      type: text && count !== undefined ? `${type.formatType}[${count}]` : type.formatType,
      name: !text && count !== undefined ? `${name}[]` : name,
      offset,
      size,
      signed: text || type.kind === 'signed',
    };
    offset += size;
    return field;
  });
}

/** What one argument adds to `print fmt`: its conversion and the C expression that feeds it. */
function printParts({ name, type, count }: FetchArgument): { format: string; values: string } {
  const value = (index?: number) => {
    const element = index === undefined ? name : `${name}[${index}]`;
    return isText(type) ? `__get_str(${element})` : `REC->${element}`;
  };
  if (count === undefined) return { format: ` ${name}=${type.conversion}`, values: `, ${value()}` };
  const indices = Array.from({ length: count }, (_, index) => index);
  return {
    format: ` ${name}={${indices.map(() => type.conversion).join(',')}}`,
    values: indices.map((index) => `, ${value(index)}`).join(''),
  };
}

/** The text of events/GROUP/NAME/format. */
export function formatText(event: TraceEvent): string {
  const word = (name: string, offset: number): Field => ({
    type: 'unsigned long',
    name,
    offset,
    size: 8,
    signed: false,
  });
  const own = event.isReturn
    ? [word('__probe_func', 8), word('__probe_ret_ip', 16)]
    : [word('__probe_ip', 8)];
  const parts = (event.probes[0]?.arguments ?? []).map(printParts);
  const place = event.isReturn ? '(%lx <- %lx)' : '(%lx)';
  const placeValues = event.isReturn ? ', REC->__probe_func, REC->__probe_ret_ip' : ', REC->__probe_ip';
  const print = `"${place}${parts.map((part) => part.format).join('')}"${placeValues}${parts.map((part) => part.values).join('')}`;
  return `name: ${event.name}\nID: ${event.id}\nformat:\n${COMMON.map(fieldLine).join('')}\n${[
    ...own,
    ...argumentFields(event),
  ]
    .map(fieldLine)
    .join('')}\nprint fmt: ${print}\n`;
}
