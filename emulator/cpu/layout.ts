// Where everything lives in the machine's one linear memory: the running CPU's state block, its TLBs, the jump
// cache, the parked CPUs' state blocks, then guest RAM. Fixed addresses, so that generated WebAssembly can fold them.
// Says nothing about what the fields mean to the guest; that is for system/ and lift/.

/** The state block of the CPU that is running now. Others are parked at `parkedState(index)`. */
export const ACTIVE = 0x400;
/** Bytes of one state block. */
export const STATE_BYTES = 0x400;
/** Copy of the bytes of an access that crosses a page; also space for 64-bit to 2x32-bit conversions. */
export const SCRATCH = 0x800;
/** At most this many CPUs. */
export const MAX_CPUS = 32;
const PARKED = 0x1000;

/** Address of the parked state block of CPU `index`. */
export function parkedState(index: number): number {
  return PARKED + index * STATE_BYTES;
}

/** Offsets in a state block. Bytes unless the comment says otherwise. */
export const Field = {
  /** 16 general registers, 8 bytes each, in encoding order (rax rcx rdx rbx rsp rbp rsi rdi r8..r15). */
  registers: 0x000,
  /** u64 */
  rip: 0x080,
  /** i64: result of the last flag-setting instruction, sign-extended; ZF and SF and PF come from it. */
  flagResult: 0x088,
  /** i32: carries of that instruction; see flags.ts. */
  flagCarries: 0x090,
  /** i32: the RFLAGS bits that are not arithmetic (TF, IF, DF, IOPL, NT, RF, AC, ID). */
  flagSystem: 0x094,
  /** u64 each */
  fsBase: 0x098,
  gsBase: 0x0a0,
  kernelGsBase: 0x0a8,
  cr0: 0x0b0,
  cr2: 0x0b8,
  cr3: 0x0c0,
  cr4: 0x0c8,
  /** i32: instructions the translated code may still retire. Scratch of a slice, no guest state. */
  budget: 0x0d0,
  /** i32: current privilege level */
  cpl: 0x0d4,
  /** u16 each, in encoding order es cs ss ds fs gs, then ldtr, tr */
  selectors: 0x0d8,
  /** u64 base, then u32 limit */
  gdtr: 0x0e8,
  idtr: 0x0f8,
  tss: 0x108,
  ldt: 0x118,
  /** u64 each */
  efer: 0x128,
  star: 0x130,
  lstar: 0x138,
  cstar: 0x140,
  sfmask: 0x148,
  /** 8 u64 debug registers */
  debugRegisters: 0x150,
  /** 32 bytes: bit per pended interrupt vector (IRR), then per vector in service (ISR) */
  pending: 0x190,
  inService: 0x1b0,
  /** f64: timer deadline in clock units; 0 = disarmed */
  timerDeadline: 0x1d0,
  /** u32: LVT timer register */
  timerVector: 0x1d8,
  /** u32: task priority */
  taskPriority: 0x1dc,
  /** i32 booleans */
  halted: 0x1e0,
  started: 0x1e4,
  /** no interrupt is taken before the next instruction has run (sti, mov ss) */
  interruptShadow: 0x1e8,
  /** the next instruction does not stop at a host breakpoint */
  passBreakpoint: 0x1ec,
  /** f64: instructions this CPU has retired */
  retired: 0x1f0,
  /** u64 each: rarely used model specific registers that merely keep what is written */
  tscAux: 0x1f8,
  pat: 0x200,
  miscEnable: 0x208,
  sysenterCs: 0x210,
  sysenterEsp: 0x218,
  sysenterEip: 0x220,
  /** u32: reported processor number for rdpid-like uses (constant) */
  apicId: 0x228,
  /** u64 */
  cr8: 0x230,
  xcr0: 0x238,
  debugControl: 0x240,
  /**
   * Flags that translated code has left uncomputed (wasm/flags.ts); kind (i32) is 0 whenever JavaScript looks. Its
   * operands: u64 each.
   */
  flagKind: 0x248,
  flagA: 0x250,
  flagB: 0x258,
  /** u64: virtual time when the budget of translated code will be used up. Scratch of a slice. */
  clockEnd: 0x260,
} as const;

/** Entries of one TLB set; 16 bytes each: u64 page address (or no page address if empty), i32 addend, padding. */
export const TLB_ENTRIES = 256;
const TLB_BYTES = TLB_ENTRIES * 16;
const TLB = 0x10000;
/** Bytes of all four TLB sets. */
export const TLB_TOTAL = 4 * TLB_BYTES;

/** Address of the TLB set for reads or writes at a privilege level: [kernel read, kernel write, user read, user write]. */
export function tlbSet(user: boolean, write: boolean): number {
  return TLB + (user ? 2 * TLB_BYTES : 0) + (write ? TLB_BYTES : 0);
}

/**
 * The jump cache: 16 bytes each: u64 rip, u32 table index of the function, u32 entry number in it. Ring 0 has many
 * entries, because they survive a change of address space; ring 3 has few, because they do not.
 */
export const KERNEL_JUMPS = 8192;
export const USER_JUMPS = 1024;
export const JUMP_CACHE = 0x20000;

/** Guest physical address 0. */
export const RAM_BASE = 0x100000;
/** Smallest unit of memory mapping. */
export const PAGE = 4096;
