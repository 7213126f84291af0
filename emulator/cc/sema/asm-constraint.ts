/**
 * Inline assembly constraints: gcc's common letters and those of x86 (gcc manual, "Constraints for Particular Machines").
 */
import type { AsmConstraint } from '../ast';

const CLASSES: Readonly<Record<string, string[] | 'any'>> = {
  r: 'any',
  q: 'any',
  Q: ['a', 'b', 'c', 'd'].map((r) => `r${r}x`),
  R: 'any',
  l: 'any',
  U: 'any',
  a: ['rax'],
  b: ['rbx'],
  c: ['rcx'],
  d: ['rdx'],
  S: ['rsi'],
  D: ['rdi'],
  A: ['rax', 'rdx'],
};

/** Letters that allow constants. */
const IMMEDIATE = 'inesEIJKLMNOZG';

/**
 * Parses a constraint. `outputs` is the number of outputs that a matching digit may name.
 * @returns the constraint, or what is wrong with it
 */
export function parseConstraint(text: string, outputs: number): AsmConstraint | string {
  const result: AsmConstraint = {
    text,
    readWrite: text.includes('+'),
    earlyClobber: text.includes('&'),
    commutative: text.includes('%'),
    registers: [],
    memory: false,
    immediate: '',
    matches: undefined,
    flag: undefined,
  };
  const flag = /^=@cc(\w+)$/.exec(text);
  if (flag) {
    result.flag = flag[1];
    result.registers = 'any';
    return result;
  }
  const allow = (registers: string[] | 'any') => {
    if (registers === 'any' || result.registers === 'any') result.registers = 'any';
    else result.registers.push(...registers.filter((r) => !result.registers.includes(r)));
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    const registers = CLASSES[c];
    if (registers !== undefined) allow(registers);
    else if (c === 'm' || c === 'o' || c === 'V' || c === 'p') result.memory = true;
    else if (c === 'g' || c === 'X') {
      allow('any');
      result.memory = true;
      result.immediate += 'i';
    } else if (c === 'Y' && text[i + 1] === 'z')
      return `constraint '${text}' needs SSE registers, which are not supported`;
    else if (c >= '0' && c <= '9') {
      const digits = /^\d+/.exec(text.slice(i))?.[0] ?? c;
      result.matches = Number.parseInt(digits, 10);
      if (result.matches >= outputs) return 'matching constraint references invalid operand number';
      i += digits.length - 1;
    } else if ('xytufv'.includes(c))
      return `constraint '${text}' needs floating-point or vector registers, which are not supported`;
    else if (IMMEDIATE.includes(c)) result.immediate += c;
    else if (!'=+&%,?!*#^$ '.includes(c)) return `invalid constraint '${c}' in asm`;
  }
  return result;
}
