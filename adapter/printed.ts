/** A kernel log record as a console line: dmesg's time stamp, and the colour of its level where the client shows colours. */
import type { ConsoleRecord } from '../emulator/kernel/types';
import type { OutputLine } from './output';

const NANOSECONDS = 1e9;

/** The line and its category. Errors and worse go to stderr, which editors show in red without any styling. */
export function printed(record: ConsoleRecord, ansi: boolean): OutputLine {
  const seconds = (record.time / NANOSECONDS).toFixed(6).padStart(12);
  const stamp = `[${seconds}] `;
  const category = record.level <= 3 ? 'stderr' : 'stdout';
  if (!ansi) return { category, text: stamp + record.text };
  const colour = record.level <= 3 ? '31' : record.level === 4 ? '33' : record.level === 7 ? '2' : undefined;
  const text = colour === undefined ? record.text : `\x1b[${colour}m${record.text}\x1b[0m`;
  return { category: 'stdout', text: `\x1b[2m${stamp}\x1b[0m${text}` };
}
