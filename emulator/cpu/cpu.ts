// One processor as its host sees it: registers, control registers, flags, pending interrupts. All of it is stored in
// the CPU's state block in linear memory (layout.ts), so a copy of that block is a copy of the CPU. Executes nothing.
import { flagWordsOfImage, imageOfFlagWords } from './flagimage';
import { ACTIVE, Field, parkedState } from './layout';
import type { LinearMemory } from './memory';

/** Segment registers in encoding order, then the two system selectors. */
export const Segment = { es: 0, cs: 1, ss: 2, ds: 3, fs: 4, gs: 5, ldtr: 6, tr: 7 } as const;

/** RFLAGS bits that are kept apart from the arithmetic flags. */
export const Flag = {
  trap: 0x100,
  interrupt: 0x200,
  direction: 0x400,
  ioplMask: 0x3000,
  nested: 0x4000,
  resume: 0x10000,
  alignment: 0x40000,
  identification: 0x200000,
} as const;

/** Bits of RFLAGS that exist and are not arithmetic. */
export const SYSTEM_FLAGS =
  Flag.trap |
  Flag.interrupt |
  Flag.direction |
  Flag.ioplMask |
  Flag.nested |
  Flag.resume |
  Flag.alignment |
  Flag.identification;

/** What the machine does for a CPU when a register with side effects is written; set by the machine. */
export interface CpuEvents {
  pagingChanged(cpu: Cpu): void;
  spaceChanged(cpu: Cpu): void;
  attention(): void;
  readMsr(cpu: Cpu, index: number): bigint | undefined;
  writeMsr(cpu: Cpu, index: number, value: bigint): boolean;
  raise(cpu: Cpu, vector: number, errorCode: number | undefined): void;
}

/** Registers and state of one CPU. */
export class Cpu {
  readonly index: number;
  /** Address of the state block: ACTIVE while this CPU runs. */
  base: number;
  private readonly memory: LinearMemory;
  private readonly events: CpuEvents;

  constructor(index: number, memory: LinearMemory, events: CpuEvents) {
    this.index = index;
    this.base = parkedState(index);
    this.memory = memory;
    this.events = events;
    this.reset();
  }

  /** True while this CPU's block is the active one. */
  get active(): boolean {
    return this.base === ACTIVE;
  }

  /** Power-on values for a CPU that starts in long mode; the host sets the rest. */
  private reset(): void {
    this.setWord(Field.flagResult, 1n);
    this.setWord(Field.cr0, 0x80050033n);
    this.setWord(Field.cr4, 0x6a0n & ~0x600n);
    this.setWord(Field.efer, 0xd01n);
    this.setWord(Field.pat, 0x0007040600070406n);
    this.setWord(Field.debugRegisters + 48, 0xffff0ff0n);
    this.setWord(Field.debugRegisters + 56, 0x400n);
    this.setWord(Field.xcr0, 1n);
    this.setInt(Field.timerVector, 0x10000);
    this.setInt(Field.apicId, this.index);
  }

  /** 64-bit field of the state block. */
  word(offset: number): bigint {
    return this.memory.u64[(this.base + offset) >> 3];
  }

  setWord(offset: number, value: bigint): void {
    this.memory.u64[(this.base + offset) >> 3] = value;
  }

  /** 32-bit field of the state block. */
  int(offset: number): number {
    return this.memory.i32[(this.base + offset) >> 2];
  }

  setInt(offset: number, value: number): void {
    this.memory.i32[(this.base + offset) >> 2] = value;
  }

  float(offset: number): number {
    return this.memory.f64[(this.base + offset) >> 3];
  }

  setFloat(offset: number, value: number): void {
    this.memory.f64[(this.base + offset) >> 3] = value;
  }

  /** General register 0..15 in encoding order (rax rcx rdx rbx rsp rbp rsi rdi r8..r15). */
  get(register: number): bigint {
    return this.word(Field.registers + (register & 15) * 8);
  }

  set(register: number, value: bigint): void {
    this.setWord(Field.registers + (register & 15) * 8, value);
  }

  get rip(): bigint {
    return this.word(Field.rip);
  }

  set rip(value: bigint) {
    this.setWord(Field.rip, value);
  }

  get rsp(): bigint {
    return this.get(4);
  }

  set rsp(value: bigint) {
    this.set(4, value);
  }

  get rflags(): bigint {
    return BigInt(this.flags);
  }

  set rflags(value: bigint) {
    this.flags = Number(BigInt.asUintN(32, value));
  }

  /** RFLAGS as a number; its upper half is always zero. */
  get flags(): number {
    const low = this.int(Field.flagResult);
    const high = this.int(Field.flagResult + 4);
    return imageOfFlagWords(low, high, this.int(Field.flagCarries)) | this.systemFlags | 2;
  }

  set flags(value: number) {
    this.setArithmeticFlags(value);
    this.systemFlags = value & SYSTEM_FLAGS;
  }

  /** Sets CF PF AF ZF SF OF from an RFLAGS image and leaves the rest. */
  setArithmeticFlags(image: number): void {
    const { result, carries } = flagWordsOfImage(image);
    this.setInt(Field.flagResult, result);
    this.setInt(Field.flagResult + 4, 0);
    this.setInt(Field.flagCarries, carries);
  }

  /** The flags that are not arithmetic, as a number. */
  get systemFlags(): number {
    return this.int(Field.flagSystem);
  }

  set systemFlags(value: number) {
    this.setInt(Field.flagSystem, value);
    this.noticeInterrupts();
  }

  /** Leaves the engines if an interrupt may be deliverable now. To be called when IF or priorities may allow one. */
  noticeInterrupts(): void {
    if (!this.interruptsEnabled) return;
    for (let word = 0; word < 32; word += 4) {
      if (this.int(Field.pending + word) !== 0) {
        this.events.attention();
        return;
      }
    }
  }

  get cpl(): number {
    return this.int(Field.cpl);
  }

  set cpl(value: number) {
    this.setInt(Field.cpl, value);
  }

  selector(segment: number): number {
    const at = this.base + Field.selectors + segment * 2;
    return this.memory.u8[at] | (this.memory.u8[at + 1] << 8);
  }

  setSelector(segment: number, value: number): void {
    this.memory.view.setUint16(this.base + Field.selectors + segment * 2, value, true);
  }

  get cs(): number {
    return this.selector(Segment.cs);
  }

  /** Sets the selector and, from its low two bits, the privilege level. */
  set cs(value: number) {
    this.setSelector(Segment.cs, value);
    this.cpl = value & 3;
  }

  get ss(): number {
    return this.selector(Segment.ss);
  }

  set ss(value: number) {
    this.setSelector(Segment.ss, value);
  }

  get fsBase(): bigint {
    return this.word(Field.fsBase);
  }

  set fsBase(value: bigint) {
    this.setWord(Field.fsBase, value);
  }

  get gsBase(): bigint {
    return this.word(Field.gsBase);
  }

  set gsBase(value: bigint) {
    this.setWord(Field.gsBase, value);
  }

  get kernelGsBase(): bigint {
    return this.word(Field.kernelGsBase);
  }

  set kernelGsBase(value: bigint) {
    this.setWord(Field.kernelGsBase, value);
  }

  get cr0(): bigint {
    return this.word(Field.cr0);
  }

  set cr0(value: bigint) {
    this.setWord(Field.cr0, value);
    this.events.pagingChanged(this);
  }

  get cr2(): bigint {
    return this.word(Field.cr2);
  }

  set cr2(value: bigint) {
    this.setWord(Field.cr2, value);
  }

  get cr3(): bigint {
    return this.word(Field.cr3);
  }

  set cr3(value: bigint) {
    this.setWord(Field.cr3, value);
    this.events.spaceChanged(this);
  }

  get cr4(): bigint {
    return this.word(Field.cr4);
  }

  set cr4(value: bigint) {
    this.setWord(Field.cr4, value);
    this.events.pagingChanged(this);
  }

  get efer(): bigint {
    return this.word(Field.efer);
  }

  set efer(value: bigint) {
    this.setWord(Field.efer, value);
    this.events.pagingChanged(this);
  }

  /** Base and limit of a descriptor table register or of the task register's segment. */
  table(field: 'gdtr' | 'idtr' | 'tss' | 'ldt'): { base: bigint; limit: number } {
    return { base: this.word(Field[field]), limit: this.int(Field[field] + 8) >>> 0 };
  }

  setTable(field: 'gdtr' | 'idtr' | 'tss' | 'ldt', base: bigint, limit: number): void {
    this.setWord(Field[field], base);
    this.setInt(Field[field] + 8, limit);
  }

  /** Waits for an interrupt (hlt). */
  get halted(): boolean {
    return this.int(Field.halted) !== 0;
  }

  set halted(value: boolean) {
    this.setInt(Field.halted, value ? 1 : 0);
    this.events.attention();
  }

  /** False until the host or the boot CPU sets it running. */
  get started(): boolean {
    return this.int(Field.started) !== 0;
  }

  set started(value: boolean) {
    this.setInt(Field.started, value ? 1 : 0);
    this.events.attention();
  }

  /** Instructions this CPU has retired. */
  get retired(): number {
    return this.float(Field.retired);
  }

  set retired(value: number) {
    this.setFloat(Field.retired, value);
  }

  get interruptsEnabled(): boolean {
    return (this.systemFlags & Flag.interrupt) !== 0;
  }

  /** Model specific register; undefined if there is none with this number. */
  readMsr(index: number): bigint | undefined {
    return this.events.readMsr(this, index);
  }

  /** False if there is no such register or the value is not allowed in it. */
  writeMsr(index: number, value: bigint): boolean {
    return this.events.writeMsr(this, index, value);
  }

  /** Delivers an exception at the current rip, as if the instruction there had raised it. For gate hooks. */
  raiseException(vector: number, errorCode?: number): void {
    this.events.raise(this, vector, errorCode);
  }

  /** Pends a maskable interrupt; taken at the next instruction boundary where IF and priority allow. */
  interrupt(vector: number): void {
    this.setInt(
      Field.pending + ((vector >> 5) & 7) * 4,
      this.int(Field.pending + ((vector >> 5) & 7) * 4) | (1 << (vector & 31)),
    );
    this.events.attention();
  }
}
