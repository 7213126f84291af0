/** What an expression can see: the names of one frame, one register set, one image's types. Implemented by callers. */
import type { RecordType, Type } from '../types';
import type { GuestMemory, Value } from '../value';
import type { Macro } from './macro';

export interface Scope {
  memory: GuestMemory;
  /** A local, parameter, global, function or the debugger's own name (`current`), innermost first. */
  variable(name: string): Value | undefined;
  /** A name written with `$`: a CPU register, a pt_regs field, `retval`, `cpu`, `pid`, `comm`. */
  register(name: string): Value | undefined;
  typedef(name: string): Type | undefined;
  record(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined;
  /** An enumerator of any enumeration. */
  enumerator(name: string): Value | undefined;
  macro(name: string): Macro | undefined;
  /** Names like `name`, for "did you mean". */
  similar?(name: string): string[];
  /** Completes a struct that is only declared in the unit that mentions it. */
  complete?(type: RecordType): RecordType | undefined;
}
