/**
 * Which instructions are emulated at a probe, and with what operands: from the instruction table's classification.
 */
import { decode } from '../isa/decode';
import type { Copyable } from './place';
import type { Emulation } from './state';

/** The emulation of an instruction, or undefined when it is to be run out of line. */
export function emulationOf({ kind, bytes }: Copyable): Emulation | undefined {
  const decoded = decode(bytes, 0);
  if (kind.emulate === undefined || !decoded.ok) return undefined;
  const [operand] = decoded.operands;
  const displacement = operand?.kind === 'relative' ? operand.displacement : 0;
  const register = operand?.kind === 'register' ? operand.register : 0;
  switch (kind.emulate) {
    case 'cli':
    case 'sti':
    case 'pushf':
    case 'popf':
    case 'ret':
      return { kind: kind.emulate };
    case 'retFar':
      return { kind: 'lret' };
    case 'call':
      return { kind: 'call', displacement };
    case 'jmp':
      return { kind: 'jump', displacement };
    case 'jcc':
      return { kind: 'branch', displacement, condition: decoded.entry.condition };
    case 'loop':
      return { kind: 'loop', displacement, test: loopTest(decoded.op), addressSize: decoded.addressSize };
    case 'callRegister':
      return { kind: 'callRegister', register };
    case 'jmpRegister':
      return { kind: 'jumpRegister', register };
  }
}

function loopTest(op: string): 'loop' | 'loope' | 'loopne' | 'jcxz' {
  return op === 'loop' || op === 'loope' || op === 'loopne' ? op : 'jcxz';
}
