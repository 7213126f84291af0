// All procedures by operation name, and what happens to operations that have none: #UD, as CPUID promises (identify.ts).
// These are rdrand and rdseed (a run must be the same every time), rdpid, stac and clac (no SMAP), monitor and mwait,
// sysenter and sysexit, xgetbv and xsetbv, clflushopt and clwb, and everything of x87, MMX, SSE, AVX, virtualization and
// transactions. A 32-bit sysret is #UD, too: there is no compatibility mode.
import type { Op } from '../../isa/op';
import { undefinedOpcode } from '../fault';
import { wideArithmetic } from './arithmetic';
import type { Procedure } from './environment';
import { identification } from './identify';
import { privileged } from './privileged';
import { selectors } from './selectors';
import { strings } from './strings';
import { transfers } from './transfer';

const table: ReadonlyMap<string, Procedure> = new Map(
  [wideArithmetic, identification, privileged, selectors, strings, transfers].flatMap((family) =>
    Object.entries(family),
  ),
);

const undefinedInstruction: Procedure = () => {
  throw undefinedOpcode();
};

/** The procedure of an operation. */
export function procedureOf(op: Op): Procedure {
  return table.get(op) ?? undefinedInstruction;
}
