/** What a variables reference stands for: a scope of a frame, or a value that has something inside. */
import type { About } from '../../emulator/inspect/children';
import type { Value } from '../../emulator/inspect/value';
import type { ViewFrame } from '../target/frames';

export type ScopeKind = 'arguments' | 'locals' | 'returnValue' | 'registers' | 'statics' | 'probe' | 'perCpu';

export type Container =
  | { kind: ScopeKind; frame: ViewFrame }
  | { kind: 'value'; frame: ViewFrame; value: Value; path: string | undefined; about: About }
  | { kind: 'rows'; frame: ViewFrame; rows: () => readonly Row[] };

/** One row, before it is given references. */
export interface Row {
  name: string;
  content: RowContent;
  evaluateName: string | undefined;
  /** The struct that holds it. */
  holder: string | undefined;
  /** The name that says what it means, when that is not its own. */
  known?: string;
  memoryReference?: string;
  declaration?: { file: string; line: number; column: number };
}

/** A C value, a finished text, or a group of rows that are made when it is opened. */
export type RowContent =
  | { value: Value }
  | { text: string; type?: string }
  | { text: string; rows: () => readonly Row[] };
