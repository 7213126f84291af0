/** Integer arithmetic and logic: the eight classic two-operand groups, inc/dec/neg/not/test, multiplication, division. */
import type { Op } from '../op';
import { type Attributes, type Row, row } from '../row';

function group(op: Op, digit: number, attributes: Attributes): Row[] {
  const at = (low: number) => (digit * 8 + low).toString(16).padStart(2, '0');
  const locked = { ...attributes, lock: op !== 'cmp' };
  return [
    row(op, op, at(0), 'Eb,Gb', locked),
    row(op, op, at(1), 'Ev,Gv', locked),
    row(op, op, at(2), 'Gb,Eb', attributes),
    row(op, op, at(3), 'Gv,Ev', attributes),
    row(op, op, at(4), 'al,Ib', attributes),
    row(op, op, `83 /${digit}`, 'Ev,Is', locked),
    row(op, op, at(5), 'rax,Iz', attributes),
    row(op, op, `80 /${digit}`, 'Eb,Ib', locked),
    row(op, op, `81 /${digit}`, 'Ev,Iz', locked),
  ];
}

const all = { writes: 'oszapc' };
const logic = { writes: 'oszapc', undefined: 'a' };
const carry = { writes: 'oszapc', reads: 'c' };
const product = { writes: 'oszapc', undefined: 'szap' };
const quotient = { writes: 'oszapc', undefined: 'oszapc' };

export const arithmetic: readonly Row[] = [
  ...group('add', 0, all),
  ...group('or', 1, logic),
  ...group('adc', 2, carry),
  ...group('sbb', 3, carry),
  ...group('and', 4, logic),
  ...group('sub', 5, all),
  ...group('xor', 6, logic),
  ...group('cmp', 7, all),
  row('test', 'test', '84', 'Eb,Gb', logic),
  row('test', 'test', '85', 'Ev,Gv', logic),
  row('test', 'test', 'a8', 'al,Ib', logic),
  row('test', 'test', 'a9', 'rax,Iz', logic),
  row('test', 'test', 'f6 /0', 'Eb,Ib', logic),
  row('test', 'test', 'f7 /0', 'Ev,Iz', logic),
  row('test', 'test', 'f6 /1', 'Eb,Ib', { ...logic, alternative: true }),
  row('test', 'test', 'f7 /1', 'Ev,Iz', { ...logic, alternative: true }),
  row('inc', 'inc', 'fe /0', 'Eb', { writes: 'oszap', lock: true }),
  row('inc', 'inc', 'ff /0', 'Ev', { writes: 'oszap', lock: true }),
  row('dec', 'dec', 'fe /1', 'Eb', { writes: 'oszap', lock: true }),
  row('dec', 'dec', 'ff /1', 'Ev', { writes: 'oszap', lock: true }),
  row('not', 'not', 'f6 /2', 'Eb', { lock: true }),
  row('not', 'not', 'f7 /2', 'Ev', { lock: true }),
  row('neg', 'neg', 'f6 /3', 'Eb', { ...all, lock: true }),
  row('neg', 'neg', 'f7 /3', 'Ev', { ...all, lock: true }),
  row('mul', 'mul', 'f6 /4', 'Eb', product),
  row('mul', 'mul', 'f7 /4', 'Ev', product),
  row('imul', 'imul', 'f6 /5', 'Eb', product),
  row('imul', 'imul', 'f7 /5', 'Ev', product),
  row('div', 'div', 'f6 /6', 'Eb', quotient),
  row('div', 'div', 'f7 /6', 'Ev', quotient),
  row('idiv', 'idiv', 'f6 /7', 'Eb', quotient),
  row('idiv', 'idiv', 'f7 /7', 'Ev', quotient),
  row('imul2', 'imul', '0f af', 'Gv,Ev', product),
  row('imul2', 'imul', '6b', 'Gv,Ev,Is', product),
  row('imul2', 'imul', '69', 'Gv,Ev,Iz', product),
  row('adcx', 'adcx', '66 0f 38 f6', 'Gy,Ey', { reads: 'c', writes: 'c' }),
  row('adox', 'adox', 'f3 0f 38 f6', 'Gy,Ey', { reads: 'o', writes: 'o' }),
];
