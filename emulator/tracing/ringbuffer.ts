/**
 * The trace ring buffer: per CPU, bounded by bytes, the oldest record makes room. Records are plain data.
 */
import type { FetchedValue } from './fetch/evaluate';

/** One hit of an event. */
export interface TraceRecord {
  time: number;
  cpu: number;
  pid: number;
  comm: string;
  eventId: number;
  /** The five characters of the flags column. */
  flags: string;
  /** The probed address; of a return probe the function's. */
  ip: bigint;
  /** Of a return probe: where the function returned to. */
  returnIp: bigint | undefined;
  values: FetchedValue[];
  /** Position in the sequence of all records, to merge CPUs in order. */
  sequence: number;
}

/** Header of a record on Linux plus the common fields: what a record costs beside its values. */
const RECORD_BYTES = 28;
/** Linux's default: 1410 KiB per CPU. */
const DEFAULT_KIB = 1410;

function bytesOf(value: FetchedValue): number {
  if (typeof value === 'string') return 5 + value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, element) => sum + bytesOf(element), 0);
  return 8;
}

interface CpuBuffer {
  records: TraceRecord[];
  bytes: number;
  written: number;
  overrun: number;
}

/** The state of the buffer as data, for snapshots. */
export interface RingBufferState {
  cpus: CpuBuffer[];
  sizeKib: number;
  sequence: number;
}

export class RingBuffer {
  private state: RingBufferState;

  constructor(cpus: number) {
    this.state = { cpus: Array.from({ length: cpus }, emptyCpu), sizeKib: DEFAULT_KIB, sequence: 0 };
  }

  get sizeKib(): number {
    return this.state.sizeKib;
  }

  /** Resizes every CPU's buffer; what no longer fits is dropped, oldest first. */
  set sizeKib(kib: number) {
    this.state.sizeKib = kib;
    for (const cpu of this.state.cpus) this.trim(cpu);
  }

  add(record: Omit<TraceRecord, 'sequence'>): void {
    const cpu = this.state.cpus[record.cpu];
    if (!cpu) return;
    cpu.records.push({ ...record, sequence: this.state.sequence++ });
    cpu.bytes += RECORD_BYTES + bytesOf(record.values);
    cpu.written++;
    this.trim(cpu);
  }

  /** All records, oldest first. */
  records(): TraceRecord[] {
    return this.state.cpus.flatMap((cpu) => cpu.records).sort((a, b) => a.sequence - b.sequence);
  }

  /** Takes the oldest record out of the buffer. */
  take(): TraceRecord | undefined {
    const oldest = this.state.cpus
      .filter((cpu) => cpu.records.length > 0)
      .sort((a, b) => (a.records[0]?.sequence ?? 0) - (b.records[0]?.sequence ?? 0))[0];
    const record = oldest?.records.shift();
    if (oldest && record) oldest.bytes -= RECORD_BYTES + bytesOf(record.values);
    return record;
  }

  /** Records ever written, minus those consumed by trace_pipe: the second number of the header. */
  get written(): number {
    return this.state.cpus.reduce((sum, cpu) => sum + cpu.records.length + cpu.overrun, 0);
  }

  clear(): void {
    this.state.cpus = this.state.cpus.map(emptyCpu);
  }

  /** Drops the records of an event whose definition goes away, as Linux resets the buffer of its users. */
  dropEvent(eventId: number): void {
    for (const cpu of this.state.cpus) {
      cpu.records = cpu.records.filter((record) => record.eventId !== eventId);
      cpu.bytes = cpu.records.reduce((sum, record) => sum + RECORD_BYTES + bytesOf(record.values), 0);
    }
  }

  /** A copy; the records, which never change, are shared with it. */
  save(): RingBufferState {
    return copy(this.state);
  }

  restore(state: RingBufferState): void {
    this.state = copy(state);
  }

  private trim(cpu: CpuBuffer): void {
    let drop = 0;
    while (cpu.bytes > this.state.sizeKib * 1024 && drop < cpu.records.length - 1) {
      cpu.bytes -= RECORD_BYTES + bytesOf(cpu.records[drop]?.values ?? []);
      drop++;
    }
    if (drop > 0) {
      cpu.records.splice(0, drop);
      cpu.overrun += drop;
    }
  }
}

function copy(state: RingBufferState): RingBufferState {
  return { ...state, cpus: state.cpus.map((cpu) => ({ ...cpu, records: cpu.records.slice() })) };
}

function emptyCpu(): CpuBuffer {
  return { records: [], bytes: 0, written: 0, overrun: 0 };
}
