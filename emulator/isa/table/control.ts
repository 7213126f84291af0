/** Jumps, calls, returns, software interrupts, system call entry, nops and flag instructions. */
import { conditions } from '../op';
import { type Row, row } from '../row';
import { flagsOfCondition } from './moves';

const near = { force64: true, sizing: 8 as const };
const loop = { force64: true, sizing: 8 as const };
const far = { sizing: 'v' as const };
const hint = { addressOnly: true };
const hex = (value: number) => value.toString(16).padStart(2, '0');

export const control: readonly Row[] = [
  row('call', 'call', 'e8', 'Jz', near),
  row('call', 'call', 'ff /2', 'Eq', near),
  row('jmp', 'jmp', 'eb', 'Jb', near),
  row('jmp', 'jmp', 'e9', 'Jz', near),
  row('jmp', 'jmp', 'ff /4', 'Eq', near),
  row('ret', 'ret', 'c3', '', near),
  row('ret', 'ret', 'c2', 'Iw', near),
  ...conditions.map(([name], number) =>
    row('jcc', `j${name}`, hex(0x70 + number), 'Jb', {
      ...near,
      condition: number,
      reads: flagsOfCondition(number),
    }),
  ),
  ...conditions.map(([name], number) =>
    row('jcc', `j${name}`, `0f ${hex(0x80 + number)}`, 'Jz', {
      ...near,
      condition: number,
      reads: flagsOfCondition(number),
    }),
  ),
  row('loopne', 'loopne', 'e0', 'Jb', { ...loop, reads: 'z' }),
  row('loope', 'loope', 'e1', 'Jb', { ...loop, reads: 'z' }),
  row('loop', 'loop', 'e2', 'Jb', loop),
  row('jrcxz', 'jrcxz', 'e3', 'Jb', loop),
  row('callFar', 'call', 'ff /3 mem', 'M', { ...far, att: 'lcall' }),
  row('jmpFar', 'jmp', 'ff /5 mem', 'M', { ...far, att: 'ljmp' }),
  row('retFar', 'retf', 'cb', '', { ...far, att: 'lret' }),
  row('retFar', 'retf', 'ca', 'Iw', { ...far, att: 'lret' }),
  row('iret', 'iret', 'cf', '', { ...far, writes: 'oszapcdit' }),
  row('int3', 'int3', 'cc'),
  row('int', 'int', 'cd', 'Ib'),
  row('int1', 'int1', 'f1'),
  row('syscall', 'syscall', '0f 05', '', { writes: 'oszapcdit' }),
  row('sysret', 'sysret', '0f 07', '', { sizing: 'v', privileged: true, writes: 'oszapcdit' }),
  row('sysenter', 'sysenter', '0f 34'),
  row('sysexit', 'sysexit', '0f 35', '', { sizing: 'v', privileged: true }),
  row('ud', 'ud2', '0f 0b'),
  row('ud', 'ud1', '0f b9', 'Gv,Ev', { addressOnly: true }),
  row('ud', 'ud0', '0f ff', 'Gv,Ev', { addressOnly: true }),
  row('nop', 'nop', '90 nb'),
  row('nop', 'pause', 'f3 90 nb'),
  row('nop', 'endbr64', 'f3 0f 1e rm2 /7'),
  row('nop', 'endbr32', 'f3 0f 1e rm3 /7'),
  row('nop', 'nop', '0f 1f /0', 'Ev', hint),
  row('nop', 'prefetch', '0f 0d /0 mem', 'Mb', hint),
  row('nop', 'prefetchw', '0f 0d /1 mem', 'Mb', hint),
  row('nop', 'prefetchwt1', '0f 0d /2 mem', 'Mb', hint),
  ...[3, 4, 5, 6, 7].map((digit) =>
    row('nop', 'prefetch', `0f 0d /${digit} mem`, 'Mb', { ...hint, alternative: true }),
  ),
  row('nop', 'prefetchnta', '0f 18 /0 mem', 'Mb', hint),
  row('nop', 'prefetcht0', '0f 18 /1 mem', 'Mb', hint),
  row('nop', 'prefetcht1', '0f 18 /2 mem', 'Mb', hint),
  row('nop', 'prefetcht2', '0f 18 /3 mem', 'Mb', hint),
  row('nop', 'cldemote', 'np 0f 1c /0 mem', 'Mb', hint),
  ...['18', '19', '1a', '1b', '1c', '1d', '1e', '1f'].map((opcode) =>
    row('nop', 'nop', `0f ${opcode}`, 'Ev', { ...hint, alternative: true }),
  ),
  row('clc', 'clc', 'f8', '', { writes: 'c' }),
  row('stc', 'stc', 'f9', '', { writes: 'c' }),
  row('cmc', 'cmc', 'f5', '', { reads: 'c', writes: 'c' }),
  row('cld', 'cld', 'fc', '', { writes: 'd' }),
  row('std', 'std', 'fd', '', { writes: 'd' }),
];
