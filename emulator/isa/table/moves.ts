/** Moves, conversions, exchanges, the stack, and the string instructions. */
import { conditions } from '../op';
import { type Row, row } from '../row';

const conditionFlags = [
  'o',
  'o',
  'c',
  'c',
  'z',
  'z',
  'cz',
  'cz',
  's',
  's',
  'p',
  'p',
  'os',
  'os',
  'osz',
  'osz',
];

/** The flags that condition `number` looks at. */
export function flagsOfCondition(number: number): string {
  return conditionFlags[number] ?? '';
}

const hex = (value: number) => value.toString(16).padStart(2, '0');

const stack = { default64: true, sizing: 'v' as const };

export const moves: readonly Row[] = [
  row('mov', 'mov', '88', 'Eb,Gb'),
  row('mov', 'mov', '89', 'Ev,Gv'),
  row('mov', 'mov', '8a', 'Gb,Eb'),
  row('mov', 'mov', '8b', 'Gv,Ev'),
  row('mov', 'mov', 'b0+r', 'Zb,Ib'),
  row('mov', 'mov', 'b8+r', 'Zv,Iv'),
  row('mov', 'mov', 'c6 /0', 'Eb,Ib'),
  row('mov', 'mov', 'c7 /0', 'Ev,Iz'),
  row('mov', 'movabs', 'a0', 'al,Ob'),
  row('mov', 'movabs', 'a1', 'rax,Ov'),
  row('mov', 'movabs', 'a2', 'Ob,al'),
  row('mov', 'movabs', 'a3', 'Ov,rax'),
  row('movzx', 'movzx', '0f b6', 'Gv,Eb', { att: 'movzb' }),
  row('movzx', 'movzx', '0f b7', 'Gv,Ew', { att: 'movzw' }),
  row('movsx', 'movsx', '0f be', 'Gv,Eb', { att: 'movsb' }),
  row('movsx', 'movsx', '0f bf', 'Gv,Ew', { att: 'movsw' }),
  row('movsx', 'movsxd', '63', 'Gv,Ed', { att: 'movsl' }),
  // With F3 it is no instruction, and with F2 crc32 (SDM volume 2, MOVBE).
  row('movbe', 'movbe', 'np 0f 38 f0', 'Gv,Mv'),
  row('movbe', 'movbe', 'np 0f 38 f1', 'Mv,Gv'),
  row('movbe', 'movbe', '66 0f 38 f0', 'Gv,Mv', { alternative: true }),
  row('movbe', 'movbe', '66 0f 38 f1', 'Mv,Gv', { alternative: true }),
  row('lea', 'lea', '8d', 'Gv,M', { addressOnly: true }),
  row('xchg', 'xchg', '90+r', 'Zv,rax'),
  row('xchg', 'xchg', '86', 'Eb,Gb', { lock: true }),
  row('xchg', 'xchg', '87', 'Ev,Gv', { lock: true }),
  row('xadd', 'xadd', '0f c0', 'Eb,Gb', { lock: true, writes: 'oszapc' }),
  row('xadd', 'xadd', '0f c1', 'Ev,Gv', { lock: true, writes: 'oszapc' }),
  row('cmpxchg', 'cmpxchg', '0f b0', 'Eb,Gb', { lock: true, writes: 'oszapc' }),
  row('cmpxchg', 'cmpxchg', '0f b1', 'Ev,Gv', { lock: true, writes: 'oszapc' }),
  row('cmpxchg8b', 'cmpxchg8b', 'w0 0f c7 /1', 'Mq', { lock: true, writes: 'z' }),
  row('cmpxchg16b', 'cmpxchg16b', 'w1 0f c7 /1', 'Mo', { lock: true, writes: 'z' }),
  row('bswap', 'bswap', '0f c8+r', 'Zv'),
  ...conditions.map(([name], number) =>
    row('cmovcc', `cmov${name}`, `0f ${hex(0x40 + number)}`, 'Gv,Ev', {
      condition: number,
      reads: flagsOfCondition(number),
    }),
  ),
  ...conditions.map(([name], number) =>
    row('setcc', `set${name}`, `0f ${hex(0x90 + number)}`, 'Eb', {
      condition: number,
      reads: flagsOfCondition(number),
    }),
  ),
  row('convert', 'cbw', '98', '', { sizing: 'v' }),
  row('extend', 'cwd', '99', '', { sizing: 'v' }),
  row('xlat', 'xlat', 'd7', '', { sizing: 1 }),
  row('push', 'push', '50+r', 'Zv', stack),
  row('push', 'push', '6a', 'Is', stack),
  row('push', 'push', '68', 'Iz', stack),
  row('push', 'push', 'ff /6', 'Ev', stack),
  row('push', 'push', '0f a0', 'fs', stack),
  row('push', 'push', '0f a8', 'gs', stack),
  row('pop', 'pop', '58+r', 'Zv', stack),
  row('pop', 'pop', '8f /0', 'Ev', stack),
  row('pop', 'pop', '0f a1', 'fs', stack),
  row('pop', 'pop', '0f a9', 'gs', stack),
  row('pushf', 'pushf', '9c', '', { ...stack, reads: 'oszapcdit' }),
  row('popf', 'popf', '9d', '', { ...stack, iopl: true, writes: 'oszapcdit' }),
  row('enter', 'enter', 'c8', 'Iw,Ib', stack),
  row('leave', 'leave', 'c9', '', stack),
  row('lahf', 'lahf', '9f', '', { sizing: 1, reads: 'szapc' }),
  row('sahf', 'sahf', '9e', '', { sizing: 1, writes: 'szapc' }),
  row('movs', 'movs', 'a4', 'Yb,Xb', { rep: 'rep', reads: 'd' }),
  row('movs', 'movs', 'a5', 'Yv,Xv', { rep: 'rep', reads: 'd' }),
  row('cmps', 'cmps', 'a6', 'Xb,Yb', { rep: 'repz', reads: 'd', writes: 'oszapc' }),
  row('cmps', 'cmps', 'a7', 'Xv,Yv', { rep: 'repz', reads: 'd', writes: 'oszapc' }),
  row('stos', 'stos', 'aa', 'Yb,al', { rep: 'rep', reads: 'd' }),
  row('stos', 'stos', 'ab', 'Yv,rax', { rep: 'rep', reads: 'd' }),
  row('lods', 'lods', 'ac', 'al,Xb', { rep: 'rep', reads: 'd' }),
  row('lods', 'lods', 'ad', 'rax,Xv', { rep: 'rep', reads: 'd' }),
  row('scas', 'scas', 'ae', 'al,Yb', { rep: 'repz', reads: 'd', writes: 'oszapc' }),
  row('scas', 'scas', 'af', 'rax,Yv', { rep: 'repz', reads: 'd', writes: 'oszapc' }),
  row('ins', 'ins', '6c', 'Yb,dx', { rep: 'rep', reads: 'd', iopl: true }),
  row('ins', 'ins', '6d', 'Yz,dx', { rep: 'rep', reads: 'd', iopl: true }),
  row('outs', 'outs', '6e', 'dx,Xb', { rep: 'rep', reads: 'd', iopl: true, sizing: 1 }),
  row('outs', 'outs', '6f', 'dx,Xz', { rep: 'rep', reads: 'd', iopl: true }),
];
