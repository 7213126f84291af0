/**
 * The kernel log: printk records with the moment, the task and the source line that printed them.
 *
 * Formatting is the guest's (lib/vsprintf.c); here arrive finished records. pr_cont text is appended to the record
 * before it when that came from the same CPU; listeners then hear the continuation alone, with the record's seq.
 */
import type { ConsoleRecord } from './types';

export type ConsoleListener = (record: ConsoleRecord) => void;

/** The log as data. */
export interface ConsoleState {
  readonly records: readonly ConsoleRecord[];
  readonly nextSeq: number;
}

/** How many records are kept: Linux's default log buffer holds about as many lines. */
const CAPACITY = 16384;

export class KernelConsole {
  private records: ConsoleRecord[] = [];
  private readonly listeners: ConsoleListener[] = [];
  private nextSeq = 0;

  onRecord(listener: ConsoleListener): void {
    this.listeners.push(listener);
  }

  /** Adds a record; text of several lines becomes several records, as printk stores them. */
  add(record: Omit<ConsoleRecord, 'seq'>): void {
    for (const text of record.text.split('\n')) this.push({ ...record, text, seq: this.nextSeq++ });
  }

  /** Continues the last record (pr_cont), or begins one when there is none. */
  append(record: Omit<ConsoleRecord, 'seq'>): void {
    const last = this.records[this.records.length - 1];
    if (last === undefined || last.cpu !== record.cpu) {
      this.add(record);
      return;
    }
    // Snapshots share the records: a changed one is a new one.
    this.records[this.records.length - 1] = { ...last, text: last.text + record.text };
    for (const listener of this.listeners) listener({ ...last, text: record.text });
  }

  save(): ConsoleState {
    return { records: this.records.slice(), nextSeq: this.nextSeq };
  }

  restore({ records, nextSeq }: ConsoleState): void {
    this.records = records.slice();
    this.nextSeq = nextSeq;
  }

  /** The records kept, oldest first. */
  all(): readonly ConsoleRecord[] {
    return this.records;
  }

  /** `[    1.234567] text`, as the console and dmesg show it. */
  static line(record: ConsoleRecord): string {
    const seconds = Math.floor(record.time / 1e9);
    const micros = Math.floor((record.time % 1e9) / 1000);
    return `[${String(seconds).padStart(5)}.${String(micros).padStart(6, '0')}] ${record.text}`;
  }

  private push(record: ConsoleRecord): void {
    this.records.push(record);
    if (this.records.length > CAPACITY) this.records.splice(0, this.records.length - CAPACITY);
    for (const listener of this.listeners) listener(record);
  }
}
