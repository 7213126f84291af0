// All procedures by operation name, and what happens to operations that have none: #UD.
import type { Op } from '../../isa/op';
import { undefinedOpcode } from '../fault';
import { wideArithmetic } from './arithmetic';
import type { Procedure } from './environment';
import { identification } from './identify';
import { privileged } from './privileged';
import { strings } from './strings';
import { transfers } from './transfer';

const table: ReadonlyMap<string, Procedure> = new Map(
  [wideArithmetic, identification, privileged, strings, transfers].flatMap((family) =>
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
