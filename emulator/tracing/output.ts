/**
 * The text of trace and trace_pipe: header, one line per record. Columns as Linux 6.1 prints them (recorded).
 */
import type { TraceEvent } from './event';
import { type FetchedValue, symbolText } from './fetch/evaluate';
import type { FetchArgument } from './fetch/program';
import type { TraceHost } from './host';
import type { TraceRecord } from './ringbuffer';

/** The block of comment lines at the top of trace. */
export function header(inBuffer: number, written: number, cpus: number): string {
  return [
    '# tracer: nop',
    '#',
    `# entries-in-buffer/entries-written: ${inBuffer}/${written}   #P:${cpus}`,
    '#',
    '#                                _-----=> irqs-off/BH-disabled',
    '#                               / _----=> need-resched',
    '#                              | / _---=> hardirq/softirq',
    '#                              || / _--=> preempt-depth',
    '#                              ||| / _-=> migrate-disable',
    '#                              |||| /     delay',
    '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
    '#              | |         |   |||||     |         |',
    '',
  ].join('\n');
}

/** One record's line, with its newline. */
export function line(record: TraceRecord, event: TraceEvent, host: TraceHost): string {
  const task = `${record.comm.padStart(16)}-${String(record.pid).padEnd(7)}`;
  const cpu = `[${String(record.cpu).padStart(3, '0')}]`;
  const micros = Math.floor(record.time / 1000);
  const seconds = String(Math.floor(micros / 1_000_000)).padStart(5);
  const time = `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}`;
  const place =
    record.returnIp === undefined
      ? symbolText(record.ip, host)
      : `${symbolText(record.returnIp, host)} <- ${host.symbolAt(record.ip)?.name ?? `0x${record.ip.toString(16)}`}`;
  const args = event.probes[0]?.arguments ?? [];
  const values = args.map(
    (argument, index) => ` ${argument.name}=${valueText(argument, record.values[index], host)}`,
  );
  return `${task} ${cpu} ${record.flags} ${time}: ${event.name}: (${place})${values.join('')}\n`;
}

function valueText(argument: FetchArgument, value: FetchedValue | undefined, host: TraceHost): string {
  if (Array.isArray(value))
    return `{${value.map((element) => valueText(argument, element, host)).join(',')}}`;
  if (value === null || value === undefined) return '(fault)';
  if (typeof value === 'string') return `"${value}"`;
  switch (argument.type.kind) {
    case 'signed':
      return BigInt.asIntN(argument.type.size * 8, value).toString();
    case 'hex':
      return `0x${value.toString(16)}`;
    case 'symbol':
      return symbolText(value, host);
    default:
      return value.toString();
  }
}
