/** What a variables reference stands for: a scope of a frame, or a value that has something inside. */
import type { Value } from '../../emulator/inspect/value';
import type { ViewFrame } from '../target/frames';

export type ScopeKind = 'arguments' | 'locals' | 'returnValue' | 'registers' | 'statics' | 'probe';

export type Container =
  | { kind: ScopeKind; frame: ViewFrame }
  | {
      kind: 'value';
      frame: ViewFrame;
      value: Value;
      path: string | undefined;
      name: string;
      holder: string | undefined;
    }
  | { kind: 'rows'; frame: ViewFrame; rows: readonly NamedRow[] };

/** A row of a view that is not a C variable: a name and a text, or a C value. */
export interface NamedRow {
  name: string;
  text?: string;
  value?: Value;
  evaluateName?: string;
  memoryReference?: string;
}
