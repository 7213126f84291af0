// Instructions of the kernel: control and debug registers, descriptor tables, MSRs, ports, halting, the host gate.
import type { Core } from '../core';
import { Flag, Segment } from '../cpu';
import { GuestFault, generalProtection, undefinedOpcode, Vector } from '../fault';
import { Field } from '../layout';
import { canonical } from '../paging';
import type { Procedure } from './environment';
import { inUserMode, memoryAddress, readOperand, writeOperand } from './operands';
import { baseOf, limitOf, loadSegment, readDescriptor } from './segments';

const CR0_BITS = 0xe005003fn;
/** VME PVI TSD DE PSE PAE MCE PGE PCE OSFXSR(no) UMIP(no) FSGSBASE. */
const CR4_BITS = 0x101ffn;
const RCX = 1;
const RAX = 0;
const RDX = 2;

function requireRing0(core: Core): void {
  if (core.cpu.cpl !== 0) throw generalProtection();
}

/** I/O and interrupt-flag instructions: CPL must not exceed IOPL. */
function requireIopl(core: Core): void {
  if (core.cpu.cpl > (core.cpu.systemFlags & Flag.ioplMask) >> 12) throw generalProtection();
}

function pair(core: Core): bigint {
  return (BigInt.asUintN(32, core.cpu.get(RDX)) << 32n) | BigInt.asUintN(32, core.cpu.get(RAX));
}

function setPair(core: Core, value: bigint): void {
  core.cpu.set(RAX, BigInt.asUintN(32, value));
  core.cpu.set(RDX, BigInt.asUintN(64, value) >> 32n);
}

function readControl(core: Core, register: number): bigint {
  const { cpu } = core;
  switch (register) {
    case 0:
      return cpu.cr0;
    case 2:
      return cpu.cr2;
    case 3:
      return cpu.cr3;
    case 4:
      return cpu.cr4;
    default:
      return BigInt(cpu.int(Field.taskPriority) >> 4);
  }
}

function writeControl(core: Core, register: number, value: bigint): void {
  const { cpu } = core;
  switch (register) {
    case 0:
      // Long mode cannot leave paging or protection.
      if (value >> 32n || (value & 0x80000001n) !== 0x80000001n) throw generalProtection();
      cpu.cr0 = (value & CR0_BITS) | 0x10n;
      return;
    case 2:
      cpu.cr2 = value;
      return;
    case 3:
      if (value >> 63n === 0n && value >> 40n) throw generalProtection();
      cpu.cr3 = value & 0x7fffffffffffffffn;
      return;
    case 4:
      if (value & ~CR4_BITS || !(value & 0x20n)) throw generalProtection();
      cpu.cr4 = value;
      return;
    default:
      if (value >> 4n) throw generalProtection();
      cpu.setInt(Field.taskPriority, Number(value) << 4);
      cpu.noticeInterrupts();
  }
}

const movControl: Procedure = ({ core }, decoded) => {
  requireRing0(core);
  const [to, from] = decoded.operands;
  if (to?.kind === 'register' && from?.kind === 'control')
    core.cpu.set(to.register, readControl(core, from.register));
  else if (to?.kind === 'control' && from?.kind === 'register')
    writeControl(core, to.register, core.cpu.get(from.register));
};

/** Debug registers hold what is written; they trigger nothing (host watchpoints do their work). */
const movDebug: Procedure = ({ core }, decoded) => {
  requireRing0(core);
  const { cpu } = core;
  const field = (register: number): number => {
    if ((register === 4 || register === 5) && cpu.cr4 & 8n) throw undefinedOpcode();
    return Field.debugRegisters + (register === 4 || register === 5 ? register + 2 : register) * 8;
  };
  const [to, from] = decoded.operands;
  if (to?.kind === 'register' && from?.kind === 'debug') cpu.set(to.register, cpu.word(field(from.register)));
  else if (to?.kind === 'debug' && from?.kind === 'register') {
    const value = cpu.get(from.register);
    if (to.register >= 4 && value >> 32n) throw generalProtection();
    const fixed =
      to.register === 6 || to.register === 4
        ? (value & 0xf00fn) | 0xffff0ff0n
        : (value & 0xffff2bffn) | 0x400n;
    cpu.setWord(field(to.register), to.register >= 4 ? fixed : value);
  }
};

const movSegment: Procedure = ({ core }, decoded, address) => {
  const [to, from] = decoded.operands;
  if (from?.kind === 'segment') {
    const selector = BigInt(core.cpu.selector(from.register));
    const size = to?.kind === 'register' ? to.size : 2;
    writeOperand(core, decoded, address, 0, size, selector);
  } else if (to?.kind === 'segment') {
    loadSegment(core, to.register, Number(readOperand(core, decoded, address, 1, 2)));
    if (to.register === Segment.ss) core.cpu.setInt(Field.interruptShadow, 1);
  }
};

const popSegment: Procedure = ({ core }, decoded) => {
  const operand = decoded.operands[0];
  const { cpu } = core;
  const selector = core.load(cpu.rsp, 2, inUserMode(core), true);
  if (operand?.kind !== 'segment') throw undefinedOpcode();
  loadSegment(core, operand.register, Number(selector));
  cpu.rsp = BigInt.asUintN(64, cpu.rsp + BigInt(decoded.operandSize));
};

function loadTable(name: 'gdtr' | 'idtr'): Procedure {
  return ({ core }, decoded, address) => {
    requireRing0(core);
    const at = memoryAddress(core, decoded, address, 0);
    const limit = Number(core.load(at, 2, false));
    const base = core.load(BigInt.asUintN(64, at + 2n), 8, false);
    if (!canonical(Number(BigInt.asIntN(32, base >> 32n)))) throw generalProtection();
    core.cpu.setTable(name, base, limit);
  };
}

function storeTable(name: 'gdtr' | 'idtr'): Procedure {
  return ({ core }, decoded, address) => {
    const at = memoryAddress(core, decoded, address, 0);
    const { base, limit } = core.cpu.table(name);
    const user = inUserMode(core);
    core.checkWrite(BigInt.asUintN(64, at + 2n), 8, user);
    core.store(at, 2, BigInt(limit & 0xffff), user);
    core.store(BigInt.asUintN(64, at + 2n), 8, base, user);
  };
}

/** ltr and lldt: a 16-byte system descriptor. ltr marks the task busy. */
function loadSystemSegment(name: 'tss' | 'ldt'): Procedure {
  return ({ core }, decoded, address) => {
    requireRing0(core);
    const { cpu } = core;
    const selector = Number(readOperand(core, decoded, address, 0, 2));
    const segment = name === 'tss' ? Segment.tr : Segment.ldtr;
    if ((selector & 0xfffc) === 0) {
      if (name === 'tss') throw generalProtection();
      cpu.setSelector(segment, selector);
      cpu.setTable('ldt', 0n, 0);
      return;
    }
    const descriptor = readDescriptor(core, selector & ~4);
    const available = name === 'tss' ? 9 : 2;
    if (selector & 4 || descriptor.ordinary || descriptor.type !== available)
      throw generalProtection(selector & 0xfffc);
    if (!descriptor.present) throw new GuestFault(Vector.segmentNotPresent, selector & 0xfffc);
    const high = core.load(BigInt.asUintN(64, descriptor.at + 8n), 8, false);
    if (name === 'tss')
      core.store(BigInt.asUintN(64, descriptor.at + 4n), 4, BigInt((descriptor.high | 0x200) >>> 0), false);
    cpu.setSelector(segment, selector);
    cpu.setTable(name, baseOf(descriptor) | ((high & 0xffffffffn) << 32n), limitOf(descriptor));
  };
}

function storeSelector(segment: number): Procedure {
  return ({ core }, decoded, address) => {
    const operand = decoded.operands[0];
    writeOperand(
      core,
      decoded,
      address,
      0,
      operand?.kind === 'register' ? operand.size : 2,
      BigInt(core.cpu.selector(segment)),
    );
  };
}

const rdmsr: Procedure = ({ core }) => {
  requireRing0(core);
  const value = core.cpu.readMsr(Number(BigInt.asUintN(32, core.cpu.get(RCX))));
  if (value === undefined) throw generalProtection();
  setPair(core, value);
};

const wrmsr: Procedure = ({ core }) => {
  requireRing0(core);
  if (!core.cpu.writeMsr(Number(BigInt.asUintN(32, core.cpu.get(RCX))), pair(core)))
    throw generalProtection();
};

const sti: Procedure = ({ core }) => {
  requireIopl(core);
  const { cpu } = core;
  if (!cpu.interruptsEnabled) cpu.setInt(Field.interruptShadow, 1);
  cpu.systemFlags |= Flag.interrupt;
};

const cli: Procedure = ({ core }) => {
  requireIopl(core);
  core.cpu.systemFlags &= ~Flag.interrupt;
};

const hlt: Procedure = ({ core }) => {
  requireRing0(core);
  core.cpu.halted = true;
};

/** No device is behind any port: reads give ones, writes vanish. */
const portIn: Procedure = ({ core }, decoded, address) => {
  requireIopl(core);
  const operand = decoded.operands[0];
  const size = operand?.kind === 'register' ? operand.size : 1;
  writeOperand(core, decoded, address, 0, size, BigInt.asUintN(size * 8, -1n));
};

const portOut: Procedure = ({ core }) => requireIopl(core);

const invlpg: Procedure = ({ core }, decoded, address) => {
  requireRing0(core);
  core.flushPage(memoryAddress(core, decoded, address, 0));
};

const invpcid: Procedure = ({ core }, decoded, address) => {
  requireRing0(core);
  if (readOperand(core, decoded, address, 0, 8) > 3n) throw generalProtection();
  core.load(memoryAddress(core, decoded, address, 1), 8, false);
  core.flushTranslations();
};

const vmcall: Procedure = (environment, _decoded, address) => {
  const { cpu } = environment.core;
  const next = cpu.rip;
  cpu.rip = address;
  environment.gate(cpu);
  if (cpu.rip === address) cpu.rip = next;
};

function baseRegister(name: 'fsBase' | 'gsBase', write: boolean): Procedure {
  return ({ core }, decoded, address) => {
    const { cpu } = core;
    if (!(cpu.cr4 & 0x10000n)) throw undefinedOpcode();
    const size = decoded.operandSize;
    if (!write) {
      writeOperand(core, decoded, address, 0, size, cpu[name]);
      return;
    }
    const value = readOperand(core, decoded, address, 0, size);
    if (!canonical(Number(BigInt.asIntN(32, value >> 32n)))) throw generalProtection();
    cpu[name] = value;
  };
}

const lmsw: Procedure = ({ core }, decoded, address) => {
  requireRing0(core);
  const value = readOperand(core, decoded, address, 0, 2) & 0xen;
  core.cpu.cr0 = (core.cpu.cr0 & ~0xen) | value;
};

const smsw: Procedure = ({ core }, decoded, address) => {
  const operand = decoded.operands[0];
  const size = operand?.kind === 'register' ? operand.size : 2;
  writeOperand(core, decoded, address, 0, size, core.cpu.cr0);
};

const nothing: Procedure = ({ core }) => requireRing0(core);

const xgetbv: Procedure = () => {
  throw undefinedOpcode();
};

/** The procedures of this file by operation name. */
export const privileged: Readonly<Record<string, Procedure>> = {
  movControl,
  movDebug,
  movSegment,
  pop: popSegment,
  lgdt: loadTable('gdtr'),
  lidt: loadTable('idtr'),
  sgdt: storeTable('gdtr'),
  sidt: storeTable('idtr'),
  ltr: loadSystemSegment('tss'),
  lldt: loadSystemSegment('ldt'),
  str: storeSelector(Segment.tr),
  sldt: storeSelector(Segment.ldtr),
  rdmsr,
  wrmsr,
  sti,
  cli,
  hlt,
  in: portIn,
  out: portOut,
  invlpg,
  invpcid,
  vmcall,
  rdfsbase: baseRegister('fsBase', false),
  rdgsbase: baseRegister('gsBase', false),
  wrfsbase: baseRegister('fsBase', true),
  wrgsbase: baseRegister('gsBase', true),
  lmsw,
  smsw,
  clts: ({ core }) => {
    requireRing0(core);
    core.cpu.cr0 &= ~8n;
  },
  wbinvd: nothing,
  invd: nothing,
  xgetbv,
  xsetbv: xgetbv,
};
