/** Shifts, rotates, single bits, bit scans and counts, and the VEX-coded integer instructions of BMI1 and BMI2. */
import type { Op } from '../op';
import { type Attributes, type Row, row } from '../row';

function shift(op: Op, mnemonic: string, digit: number, attributes: Attributes): Row[] {
  return [
    row(op, mnemonic, `d0 /${digit}`, 'Eb,1', attributes),
    row(op, mnemonic, `d1 /${digit}`, 'Ev,1', attributes),
    row(op, mnemonic, `c0 /${digit}`, 'Eb,Ib', attributes),
    row(op, mnemonic, `c1 /${digit}`, 'Ev,Ib', attributes),
    row(op, mnemonic, `d2 /${digit}`, 'Eb,cl', attributes),
    row(op, mnemonic, `d3 /${digit}`, 'Ev,cl', attributes),
  ];
}

const rotate = { writes: 'oc', undefinedUnlessOne: 'o' };
const throughCarry = { ...rotate, reads: 'c' };
const shifted = { writes: 'oszapc', undefined: 'a', undefinedUnlessOne: 'o', undefinedFromSize: 'c' };
const arithmeticShift = { writes: 'oszapc', undefined: 'a', undefinedUnlessOne: 'o' };
const double = { writes: 'oszapc', undefined: 'a', undefinedUnlessOne: 'o', undefinedFromSize: 'oszapc' };
const bit = { writes: 'oszapc', undefined: 'osap' };
const scan = { writes: 'oszapc', undefined: 'osapc' };
const count = { writes: 'oszapc', undefined: 'osap' };
const lowest = { writes: 'oszapc', undefined: 'ap' };

function bitTest(op: Op, opcode: string, digit: number, lock: boolean): Row[] {
  return [
    row(op, op, `0f ${opcode}`, 'Ev,Gv', { ...bit, lock }),
    row(op, op, `0f ba /${digit}`, 'Ev,Ib', { ...bit, lock }),
  ];
}

export const bits: readonly Row[] = [
  ...shift('rol', 'rol', 0, rotate),
  ...shift('ror', 'ror', 1, rotate),
  ...shift('rcl', 'rcl', 2, throughCarry),
  ...shift('rcr', 'rcr', 3, throughCarry),
  ...shift('shl', 'shl', 4, shifted),
  ...shift('shr', 'shr', 5, shifted),
  ...shift('shl', 'shl', 6, { ...shifted, alternative: true }),
  ...shift('sar', 'sar', 7, arithmeticShift),
  row('shld', 'shld', '0f a4', 'Ev,Gv,Ib', double),
  row('shld', 'shld', '0f a5', 'Ev,Gv,cl', double),
  row('shrd', 'shrd', '0f ac', 'Ev,Gv,Ib', double),
  row('shrd', 'shrd', '0f ad', 'Ev,Gv,cl', double),
  ...bitTest('bt', 'a3', 4, false),
  ...bitTest('bts', 'ab', 5, true),
  ...bitTest('btr', 'b3', 6, true),
  ...bitTest('btc', 'bb', 7, true),
  row('bsf', 'bsf', '0f bc', 'Gv,Ev', scan),
  row('bsr', 'bsr', '0f bd', 'Gv,Ev', scan),
  row('tzcnt', 'tzcnt', 'f3 0f bc', 'Gv,Ev', count),
  row('lzcnt', 'lzcnt', 'f3 0f bd', 'Gv,Ev', count),
  row('popcnt', 'popcnt', 'f3 0f b8', 'Gv,Ev', { writes: 'oszapc' }),
  row('andn', 'andn', 'vex l0 np 0f 38 f2', 'Gy,By,Ey', lowest),
  row('blsr', 'blsr', 'vex l0 np 0f 38 f3 /1', 'By,Ey', lowest),
  row('blsmsk', 'blsmsk', 'vex l0 np 0f 38 f3 /2', 'By,Ey', lowest),
  row('blsi', 'blsi', 'vex l0 np 0f 38 f3 /3', 'By,Ey', lowest),
  row('bzhi', 'bzhi', 'vex l0 np 0f 38 f5', 'Gy,Ey,By', lowest),
  row('pext', 'pext', 'vex l0 f3 0f 38 f5', 'Gy,By,Ey'),
  row('pdep', 'pdep', 'vex l0 f2 0f 38 f5', 'Gy,By,Ey'),
  row('mulx', 'mulx', 'vex l0 f2 0f 38 f6', 'Gy,By,Ey'),
  row('bextr', 'bextr', 'vex l0 np 0f 38 f7', 'Gy,Ey,By', { writes: 'oszapc', undefined: 'sap' }),
  row('shlx', 'shlx', 'vex l0 66 0f 38 f7', 'Gy,Ey,By'),
  row('sarx', 'sarx', 'vex l0 f3 0f 38 f7', 'Gy,Ey,By'),
  row('shrx', 'shrx', 'vex l0 f2 0f 38 f7', 'Gy,Ey,By'),
  row('rorx', 'rorx', 'vex l0 f2 0f 3a f0', 'Gy,Ey,Ib'),
];
