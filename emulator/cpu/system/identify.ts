// cpuid, rdtsc and relatives. The feature list is what this processor really does: no x87, MMX, SSE, AVX.
import { generalProtection, undefinedOpcode } from '../fault';
import { Field } from '../layout';
import { PHYSICAL_BITS } from '../paging';
import type { Procedure } from './environment';

type Leaf = readonly [eax: number, ebx: number, ecx: number, edx: number];

const RAX = 0;
const RCX = 1;
const RDX = 2;
const RBX = 3;
const NONE: Leaf = [0, 0, 0, 0];

/** Four characters as a little-endian word. */
function text(value: string): number {
  return value.split('').reduce((word, char, at) => word | (char.charCodeAt(0) << (at * 8)), 0);
}

const bit = (...bits: number[]): number => bits.reduce((word, at) => word | (1 << at), 0);

const BRAND = 'Kprobe Lab emulated x86-64 processor'.padEnd(48, '\0');

function brand(part: number): Leaf {
  const word = (at: number): number => text(BRAND.slice(part * 16 + at * 4, part * 16 + at * 4 + 4));
  return [word(0), word(1), word(2), word(3)];
}

function leaf(number: number, subleaf: number, apicId: number, cpus: number): Leaf {
  switch (number) {
    case 0:
      return [0x0d, text('Kpro'), text('bCPU'), text('beLa')];
    case 1:
      return [
        0x000006f0,
        (apicId << 24) | (cpus << 16) | 0x0800,
        // cx16, x2apic, movbe, popcnt, tsc-deadline, hypervisor
        bit(13, 21, 22, 23, 24, 31),
        // de pse tsc msr pae cx8 apic sep(no) pge cmov pat clflush, hyper-threading if there are several CPUs
        bit(2, 3, 4, 5, 6, 8, 9, 13, 15, 16, 19) | (cpus > 1 ? bit(28) : 0),
      ];
    case 7:
      // fsgsbase bmi1 bmi2 erms invpcid adx
      return subleaf === 0 ? [0, bit(0, 3, 8, 9, 10, 19), 0, 0] : NONE;
    case 0x0b:
      return subleaf === 0
        ? [0, 1, 0x100, apicId]
        : subleaf === 1
          ? [8, cpus, 0x201, apicId]
          : [0, 0, subleaf, apicId];
    case 0x80000000 | 0:
      return [0x80000008 | 0, 0, 0, 0];
    case 0x80000001 | 0:
      // lahf in long mode, lzcnt; syscall, nx, 1 GiB pages, rdtscp, long mode
      return [0, 0, bit(0, 5), bit(11, 20, 26, 27, 29)];
    case 0x80000002 | 0:
    case 0x80000003 | 0:
    case 0x80000004 | 0:
      return brand((number & 0xf) - 2);
    case 0x80000007 | 0:
      // invariant time stamp counter
      return [0, 0, 0, bit(8)];
    case 0x80000008 | 0:
      return [PHYSICAL_BITS | (48 << 8), 0, 0, 0];
    default:
      return NONE;
  }
}

const cpuid: Procedure = ({ core: { cpu }, cpuCount }) => {
  const number = Number(BigInt.asIntN(32, cpu.get(RAX)));
  const subleaf = Number(BigInt.asUintN(32, cpu.get(RCX)));
  const values = leaf(number, subleaf, cpu.int(Field.apicId), cpuCount);
  [RAX, RBX, RCX, RDX].forEach((register, at) => {
    cpu.set(register, BigInt(values[at] >>> 0));
  });
};

function timeStamp(withProcessor: boolean): Procedure {
  return (environment) => {
    const { cpu } = environment.core;
    if (cpu.cpl !== 0 && cpu.cr4 & 4n) throw generalProtection();
    const now = BigInt(Math.floor(environment.clock));
    cpu.set(RAX, now & 0xffffffffn);
    cpu.set(RDX, now >> 32n);
    if (withProcessor) cpu.set(RCX, cpu.word(Field.tscAux) & 0xffffffffn);
  };
}

const unavailable: Procedure = () => {
  throw undefinedOpcode();
};

/** The procedures of this file by operation name. */
export const identification: Readonly<Record<string, Procedure>> = {
  cpuid,
  rdtsc: timeStamp(false),
  rdtscp: timeStamp(true),
  rdpid: unavailable,
  rdrand: unavailable,
  rdseed: unavailable,
  rdpmc: () => {
    throw generalProtection();
  },
};
