// Model specific registers: which exist, where they live in the state block, and what writing them does.
import type { Cpu } from '../cpu';
import { Field } from '../layout';
import { canonical } from '../paging';
import { readApic, writeApic } from './apic';
import type { Environment } from './environment';

/** MSR numbers (SDM volume 4). */
export const Msr = {
  tsc: 0x10,
  apicBase: 0x1b,
  sysenterCs: 0x174,
  sysenterEsp: 0x175,
  sysenterEip: 0x176,
  miscEnable: 0x1a0,
  debugControl: 0x1d9,
  pat: 0x277,
  tscDeadline: 0x6e0,
  efer: 0xc0000080,
  star: 0xc0000081,
  lstar: 0xc0000082,
  cstar: 0xc0000083,
  sfmask: 0xc0000084,
  fsBase: 0xc0000100,
  gsBase: 0xc0000101,
  kernelGsBase: 0xc0000102,
  tscAux: 0xc0000103,
} as const;

/** Registers that hold what is written; `address` ones must be canonical. */
const stored: ReadonlyMap<number, { field: number; address: boolean }> = new Map([
  [Msr.sysenterCs, { field: Field.sysenterCs, address: false }],
  [Msr.sysenterEsp, { field: Field.sysenterEsp, address: true }],
  [Msr.sysenterEip, { field: Field.sysenterEip, address: true }],
  [Msr.miscEnable, { field: Field.miscEnable, address: false }],
  [Msr.debugControl, { field: Field.debugControl, address: false }],
  [Msr.pat, { field: Field.pat, address: false }],
  [Msr.star, { field: Field.star, address: false }],
  [Msr.lstar, { field: Field.lstar, address: true }],
  [Msr.cstar, { field: Field.cstar, address: true }],
  [Msr.sfmask, { field: Field.sfmask, address: false }],
  [Msr.fsBase, { field: Field.fsBase, address: true }],
  [Msr.gsBase, { field: Field.gsBase, address: true }],
  [Msr.kernelGsBase, { field: Field.kernelGsBase, address: true }],
  [Msr.tscAux, { field: Field.tscAux, address: false }],
]);

/** EFER bits that may be written: SCE, LME, LMA (kept), NXE. */
const EFER_BITS = 0xd01n;

/** Value of an MSR; undefined if there is none with this number. */
export function readMsr(environment: Environment, cpu: Cpu, index: number): bigint | undefined {
  const place = stored.get(index);
  if (place) return cpu.word(place.field);
  switch (index) {
    case Msr.tsc:
      return BigInt(Math.floor(environment.clock));
    case Msr.apicBase:
      // Local APIC at its usual place, x2APIC mode, enabled; CPU 0 is the boot processor.
      return 0xfee00c00n | (cpu.index === 0 ? 0x100n : 0n);
    case Msr.efer:
      return cpu.word(Field.efer);
    case Msr.tscDeadline:
      return BigInt(Math.floor(cpu.float(Field.timerDeadline)));
    default:
      return readApic(cpu, index);
  }
}

/** Writes an MSR; false if it does not exist or does not take the value. */
export function writeMsr(environment: Environment, cpu: Cpu, index: number, value: bigint): boolean {
  const place = stored.get(index);
  if (place) {
    if (place.address && !canonical(Number(BigInt.asIntN(32, value >> 32n)))) return false;
    cpu.setWord(place.field, value);
    return true;
  }
  switch (index) {
    case Msr.apicBase:
      return true;
    case Msr.efer:
      if (value & ~EFER_BITS) return false;
      cpu.efer = (value & ~0x400n) | (cpu.efer & 0x400n);
      return true;
    case Msr.tscDeadline:
      cpu.setFloat(Field.timerDeadline, Number(value));
      // The slice may have to end earlier now.
      environment.core.attention = true;
      return true;
    default:
      return writeApic(environment, cpu, index, value);
  }
}
