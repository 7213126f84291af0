// The interrupt controller and timer of a CPU: pending and in-service vectors, priorities, and the x2APIC registers
// that the lab kernel uses (SDM volume 3, chapter 10). Delivery itself is in deliver.ts.
import type { Cpu } from '../cpu';
import { Field } from '../layout';
import type { Environment } from './environment';

/** MSR numbers of the subset. */
export const ApicMsr = {
  id: 0x802,
  version: 0x803,
  taskPriority: 0x808,
  endOfInterrupt: 0x80b,
  spurious: 0x80f,
  command: 0x830,
  timer: 0x832,
  selfInterrupt: 0x83f,
} as const;

const MASKED = 0x10000;

function highestBit(cpu: Cpu, field: number): number {
  for (let word = 7; word >= 0; word--) {
    const bits = cpu.int(field + word * 4);
    if (bits !== 0) return word * 32 + 31 - Math.clz32(bits);
  }
  return -1;
}

function setBit(cpu: Cpu, field: number, vector: number, on: boolean): void {
  const at = field + (vector >> 5) * 4;
  const bit = 1 << (vector & 31);
  cpu.setInt(at, on ? cpu.int(at) | bit : cpu.int(at) & ~bit);
}

/** The vector that may be taken now by priority (IF is not looked at), or -1. */
export function deliverableVector(cpu: Cpu): number {
  const vector = highestBit(cpu, Field.pending);
  if (vector < 16) return -1;
  const priority = Math.max(highestBit(cpu, Field.inService) >> 4, (cpu.int(Field.taskPriority) >> 4) & 15);
  return vector >> 4 > priority ? vector : -1;
}

/** Moves a vector from pending to in service. */
export function acknowledge(cpu: Cpu, vector: number): void {
  setBit(cpu, Field.pending, vector, false);
  setBit(cpu, Field.inService, vector, true);
}

/** Pends the timer's vector if its deadline has come. */
export function serviceTimer(cpu: Cpu, clock: number): void {
  const deadline = cpu.float(Field.timerDeadline);
  if (deadline === 0 || deadline > clock) return;
  cpu.setFloat(Field.timerDeadline, 0);
  const entry = cpu.int(Field.timerVector);
  if (!(entry & MASKED)) cpu.interrupt(entry & 0xff);
}

/** Reads an x2APIC register; undefined if it is not in the subset. */
export function readApic(cpu: Cpu, msr: number): bigint | undefined {
  switch (msr) {
    case ApicMsr.id:
      return BigInt(cpu.int(Field.apicId));
    case ApicMsr.version:
      return 0x50014n;
    case ApicMsr.taskPriority:
      return BigInt(cpu.int(Field.taskPriority));
    case ApicMsr.spurious:
      return 0x1ffn;
    case ApicMsr.timer:
      return BigInt(cpu.int(Field.timerVector));
    case ApicMsr.command:
      return 0n;
    default:
      return undefined;
  }
}

/** Writes an x2APIC register; false if it is not in the subset. */
export function writeApic(environment: Environment, cpu: Cpu, msr: number, value: bigint): boolean {
  const low = Number(BigInt.asUintN(32, value));
  switch (msr) {
    case ApicMsr.taskPriority:
      cpu.setInt(Field.taskPriority, low & 0xff);
      cpu.noticeInterrupts();
      return true;
    case ApicMsr.endOfInterrupt: {
      const vector = highestBit(cpu, Field.inService);
      if (vector >= 0) setBit(cpu, Field.inService, vector, false);
      cpu.noticeInterrupts();
      return true;
    }
    case ApicMsr.spurious:
      return true;
    case ApicMsr.timer:
      cpu.setInt(Field.timerVector, low);
      return true;
    case ApicMsr.selfInterrupt:
      environment.sendInterrupt(cpu.index, low & 0xff);
      return true;
    case ApicMsr.command:
      return sendCommand(environment, cpu, low, Number(value >> 32n));
    default:
      return false;
  }
}

/** Interrupt command register: fixed delivery to one APIC id, to self, to all, or to all but self. */
function sendCommand(environment: Environment, cpu: Cpu, low: number, destination: number): boolean {
  if (((low >> 8) & 7) !== 0) return false;
  const vector = low & 0xff;
  const shorthand = (low >> 18) & 3;
  for (let id = 0; id < environment.cpuCount; id++) {
    const self = id === cpu.index;
    const chosen =
      shorthand === 0
        ? id === destination || destination === 0xffffffff
        : shorthand === 1
          ? self
          : shorthand === 2 || !self;
    if (chosen) environment.sendInterrupt(id, vector);
  }
  return true;
}
