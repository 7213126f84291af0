/** Why the machine stands, in the protocol's terms, with what later requests ask about. */

import type { OopsReport } from '../../emulator/kernel/types';
import type { Hit } from '../../emulator/kprobes/types';
import type { Breakpoint } from '../breakpoints/breakpoint';
import type { Position } from './position';

export type StopReason =
  | 'entry'
  | 'breakpoint'
  | 'function breakpoint'
  | 'instruction breakpoint'
  | 'data breakpoint'
  | 'step'
  | 'pause'
  | 'goto'
  | 'exception';

export interface Stop {
  reason: StopReason;
  position: Position;
  /** Set when the stop is inside a probe's handler: its registers are what the user sees. */
  hit: Hit | undefined;
  oops: OopsReport | undefined;
  /** Of all clients. */
  breakpoints: readonly Breakpoint[];
  /** Shown as the stop's headline, and as a longer text. */
  description: string | undefined;
  text: string | undefined;
}
