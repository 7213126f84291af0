// From a decoded instruction to its meaning. The one place that both engines call.
import type { Decoded } from '../../isa/decode';
import type { Statement } from '../ir/nodes';
import { arithmetic } from './arithmetic';
import { bits } from './bits';
import { control } from './control';
import { Lifter } from './lifter';
import { moves } from './moves';
import { shifts } from './shifts';
import { transfers } from './transfers';

const families: ReadonlyMap<string, (lifter: Lifter) => void> = new Map(
  [arithmetic, shifts, bits, moves, control, transfers].flatMap((family) => Object.entries(family)),
);

/** Statements of an instruction at `address`. What has no family is a single `system` statement. */
export function lift(decoded: Decoded, address: bigint): Statement[] {
  const lifter = new Lifter(decoded, address);
  const family = families.get(decoded.op);
  if (family) family(lifter);
  else lifter.system();
  return lifter.statements;
}
