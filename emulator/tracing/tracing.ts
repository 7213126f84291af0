/**
 * Tracing as one thing: definitions, the ring buffer, filters and switches; what a hit does. Files are in tracefs.ts.
 */
import type { Hit } from '../kprobes/types';
import { Definitions, type DefinitionsState } from './definitions';
import { ErrorLog, type LoggedError } from './errorlog';
import { type EventProbe, formatText, type TraceEvent } from './event';
import { fetch } from './fetch/evaluate';
import { isText } from './fetch/types';
import { matches } from './filter/match';
import { FilterError, type FilterField, parseFilter } from './filter/parse';
import type { TraceHost } from './host';
import { header, line } from './output';
import { RingBuffer, type RingBufferState, type TraceRecord } from './ringbuffer';

/** Told of every record that enters the buffer, for live views. */
export type RecordListener = (text: string, event: TraceEvent, record: TraceRecord) => void;

/** All of tracing at one moment. */
export interface TracingState {
  readonly definitions: DefinitionsState;
  readonly buffer: RingBufferState;
  readonly errors: readonly LoggedError[];
  readonly on: boolean;
}

export class Tracing {
  readonly errorLog = new ErrorLog();
  readonly buffer: RingBuffer;
  readonly definitions: Definitions;
  /** tracing_on. */
  on = true;
  private readonly listeners = new Set<RecordListener>();

  constructor(readonly host: TraceHost) {
    this.buffer = new RingBuffer(host.cpus);
    this.definitions = new Definitions(
      host,
      this.errorLog,
      (event, probe, hit) => this.hit(event, probe, hit),
      (event) => this.buffer.dropEvent(event.id),
    );
  }

  /** Adds a listener; returns how to remove it. */
  onRecord(listener: RecordListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Events, records and switches, as data. */
  save(): TracingState {
    return {
      definitions: this.definitions.save(),
      buffer: this.buffer.save(),
      errors: this.errorLog.list(),
      on: this.on,
    };
  }

  /** Back to a saved state, after kprobes have been restored. */
  restore({ definitions, buffer, errors, on }: TracingState): void {
    this.definitions.restore(definitions);
    this.buffer.restore(buffer);
    this.errorLog.restore(errors);
    this.on = on;
  }

  /** The trace file. */
  traceText(): string {
    const records = this.buffer.records();
    return (
      header(records.length, this.buffer.written, this.host.cpus) +
      records.map((r) => this.lineOf(r)).join('')
    );
  }

  /** The next line of trace_pipe, which it takes out of the buffer. */
  takeLine(): string | undefined {
    const record = this.buffer.take();
    return record && this.lineOf(record);
  }

  /** events/GROUP/NAME/format. */
  formatText(event: TraceEvent): string {
    return formatText(event);
  }

  /**
   * Sets an event's filter; '0' or blank clears it. Returns the errno's name when it is refused: then the event has no
   * filter, and its file reads the text with a caret.
   */
  setFilter(event: TraceEvent, text: string): string | undefined {
    const filter = text.trim();
    if (filter === '' || filter === '0') {
      clearFilter(event);
      return undefined;
    }
    const parsed = parseFilter(filter, filterFields(event));
    if (!(parsed instanceof FilterError)) {
      event.filter = parsed;
      event.filterText = `${filter}\n`;
      return undefined;
    }
    this.refuseFilter(event, filter, parsed);
    return parsed.errno;
  }

  /** The filter of a group goes to each of its events; those that it does not fit lose theirs. Only '0' clears. */
  setGroupFilter(events: readonly TraceEvent[], text: string): void {
    const filter = text.trim();
    for (const event of events) {
      if (filter === '0') {
        clearFilter(event);
        continue;
      }
      const parsed = parseFilter(filter, filterFields(event));
      if (parsed instanceof FilterError) {
        const message = "Couldn't find or set field in one of a subsystem's events";
        this.refuseFilter(event, filter, new FilterError(message, 0, 'EINVAL'));
      } else {
        event.filter = parsed;
        event.filterText = `${filter}\n`;
      }
    }
  }

  private refuseFilter(event: TraceEvent, filter: string, error: FilterError): void {
    event.filter = undefined;
    event.filterText = error.fileText(filter);
    this.errorLog.add({
      time: this.host.now(),
      location: 'event filter parse error',
      message: error.message ?? 'Error',
      command: filter,
      caret: error.message === undefined ? 0 : error.position,
    });
  }

  private lineOf(record: TraceRecord): string {
    const event = this.definitions.byId(record.eventId);
    return event ? line(record, event, this.host) : '';
  }

  private hit(event: TraceEvent, probe: EventProbe, hit: Hit): void {
    probe.hits++;
    if (!this.on || !event.enabled) return;
    const input = {
      register: (name: Parameters<Hit['regs']['get']>[0]) => hit.regs.get(name),
      comm: hit.task.comm,
      symbol: (expression: string) => probe.symbols.get(expression),
    };
    const record: Omit<TraceRecord, 'sequence'> = {
      time: hit.timestamp,
      cpu: hit.cpu,
      pid: hit.task.pid,
      comm: hit.task.comm,
      eventId: event.id,
      // int3 counts as an NMI on Linux: Z in the context column, f for the preemption count of one.
      flags: probe.probe && !event.isReturn && this.host.path(probe.probe) === 'int3' ? '..Zff' : '.....',
      ip: hit.address,
      returnIp: event.isReturn ? (hit.returnAddress ?? 0n) : undefined,
      values: probe.arguments.map((argument) => fetch(argument, input, this.host)),
    };
    if (event.filter && !matches(event.filter, (name) => fieldValue(name, event, record))) return;
    this.buffer.add(record);
    if (this.listeners.size === 0) return;
    const full = { ...record, sequence: 0 };
    const text = line(full, event, this.host);
    for (const listener of this.listeners) listener(text, event, full);
  }
}

function clearFilter(event: TraceEvent): void {
  event.filter = undefined;
  event.filterText = 'none\n';
}

/** What a filter of this event may name. */
function filterFields(event: TraceEvent): FilterField[] {
  const number = (name: string, size: number, signed = false): FilterField => ({
    name,
    kind: 'number',
    signed,
    size,
  });
  const text = (name: string): FilterField => ({ name, kind: 'text', signed: false, size: 16 });
  return [
    number('common_type', 2),
    number('common_flags', 1),
    number('common_preempt_count', 1),
    number('common_pid', 4, true),
    ...(event.isReturn
      ? [number('__probe_func', 8), number('__probe_ret_ip', 8)]
      : [number('__probe_ip', 8)]),
    ...(event.probes[0]?.arguments ?? []).map(({ name, type, count }) =>
      isText(type) && count === undefined
        ? text(name)
        : number(name, type.size * (count ?? 1), type.kind === 'signed'),
    ),
    number('CPU', 4, true),
    number('cpu', 4, true),
    text('COMM'),
    text('comm'),
  ];
}

function fieldValue(
  name: string,
  event: TraceEvent,
  record: Omit<TraceRecord, 'sequence'>,
): bigint | string | null {
  const args = event.probes[0]?.arguments ?? [];
  const index = args.findIndex((argument) => argument.name === name);
  if (index >= 0) {
    const value = record.values[index] ?? null;
    if (!Array.isArray(value)) return value;
    // An array compares as the number its bytes make, as far as that goes.
    const bits = BigInt((args[index]?.type.size ?? 1) * 8);
    return value.reduceRight<bigint>(
      (sum, element) => (sum << bits) | (typeof element === 'bigint' ? element : 0n),
      0n,
    );
  }
  switch (name) {
    case 'common_type':
      return BigInt(record.eventId);
    case 'common_pid':
      return BigInt(record.pid);
    case '__probe_ip':
    case '__probe_func':
      return record.ip;
    case '__probe_ret_ip':
      return record.returnIp ?? 0n;
    case 'CPU':
    case 'cpu':
      return BigInt(record.cpu);
    case 'COMM':
    case 'comm':
      return record.comm;
    default:
      return 0n;
  }
}
