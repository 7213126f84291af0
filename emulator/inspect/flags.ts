/**
 * Numbers that are sets of named bits: open flags, GFP masks, file modes, RFLAGS.
 *
 * Open flags and file modes are x86-64 Linux's user interface (uapi asm-generic/fcntl.h, linux/stat.h); RFLAGS are the
 * processor's (Intel SDM vol. 1, 3.4.3). GFP bits are Linux 6.1's include/linux/gfp_types.h, task states and task
 * flags its include/linux/sched.h, file modes of struct file its include/linux/fs.h.
 */

/** Named bits, in print order. A mask of several bits with a `field` is an enumeration inside the set. */
export interface FlagSet {
  name: string;
  bits: readonly { name: string; mask: bigint; value: bigint }[];
  /** Customarily written in octal. */
  octal?: boolean;
  /** What no bit at all is called. */
  zero?: string;
}

function bit(name: string, mask: number): { name: string; mask: bigint; value: bigint } {
  return { name, mask: BigInt(mask), value: BigInt(mask) };
}

function choice(name: string, mask: number, value: number): { name: string; mask: bigint; value: bigint } {
  return { name, mask: BigInt(mask), value: BigInt(value) };
}

export const OPEN_FLAGS: FlagSet = {
  name: 'open flags',
  bits: [
    choice('O_RDONLY', 3, 0),
    choice('O_WRONLY', 3, 1),
    choice('O_RDWR', 3, 2),
    bit('O_CREAT', 0o100),
    bit('O_EXCL', 0o200),
    bit('O_NOCTTY', 0o400),
    bit('O_TRUNC', 0o1000),
    bit('O_APPEND', 0o2000),
    bit('O_NONBLOCK', 0o4000),
    bit('O_SYNC', 0o4010000),
    bit('O_DSYNC', 0o10000),
    bit('O_DIRECT', 0o40000),
    bit('O_LARGEFILE', 0o100000),
    bit('O_TMPFILE', 0o20200000),
    bit('O_DIRECTORY', 0o200000),
    bit('O_NOFOLLOW', 0o400000),
    bit('O_NOATIME', 0o1000000),
    bit('O_CLOEXEC', 0o2000000),
    bit('O_PATH', 0o10000000),
  ],
};

export const GFP_FLAGS: FlagSet = {
  name: 'GFP mask',
  bits: [
    bit('GFP_KERNEL_ACCOUNT', 0x400cc0),
    bit('GFP_HIGHUSER', 0x100cc2),
    bit('GFP_USER', 0x100cc0),
    bit('GFP_KERNEL', 0xcc0),
    bit('GFP_NOFS', 0xc40),
    bit('GFP_NOIO', 0xc00),
    bit('GFP_ATOMIC', 0xa20),
    bit('__GFP_DMA', 0x01),
    bit('__GFP_HIGHMEM', 0x02),
    bit('__GFP_DMA32', 0x04),
    bit('__GFP_MOVABLE', 0x08),
    bit('__GFP_RECLAIMABLE', 0x10),
    bit('__GFP_HIGH', 0x20),
    bit('__GFP_IO', 0x40),
    bit('__GFP_FS', 0x80),
    bit('__GFP_ZERO', 0x100),
    bit('__GFP_ATOMIC', 0x200),
    bit('__GFP_DIRECT_RECLAIM', 0x400),
    bit('__GFP_KSWAPD_RECLAIM', 0x800),
    bit('__GFP_WRITE', 0x1000),
    bit('__GFP_NOWARN', 0x2000),
    bit('__GFP_RETRY_MAYFAIL', 0x4000),
    bit('__GFP_NOFAIL', 0x8000),
    bit('__GFP_NORETRY', 0x10000),
    bit('__GFP_MEMALLOC', 0x20000),
    bit('__GFP_COMP', 0x40000),
    bit('__GFP_NOMEMALLOC', 0x80000),
    bit('__GFP_HARDWALL', 0x100000),
    bit('__GFP_THISNODE', 0x200000),
    bit('__GFP_ACCOUNT', 0x400000),
  ],
};

export const RFLAGS: FlagSet = {
  name: 'RFLAGS',
  bits: [
    bit('CF', 0x1),
    bit('PF', 0x4),
    bit('AF', 0x10),
    bit('ZF', 0x40),
    bit('SF', 0x80),
    bit('TF', 0x100),
    bit('IF', 0x200),
    bit('DF', 0x400),
    bit('OF', 0x800),
    choice('IOPL1', 0x3000, 0x1000),
    choice('IOPL2', 0x3000, 0x2000),
    choice('IOPL3', 0x3000, 0x3000),
    bit('NT', 0x4000),
    bit('RF', 0x10000),
    bit('VM', 0x20000),
    bit('AC', 0x40000),
    bit('VIF', 0x80000),
    bit('VIP', 0x100000),
    bit('ID', 0x200000),
  ],
};

/** Flags of struct kprobe (include/linux/kprobes.h). */
export const KPROBE_FLAGS: FlagSet = {
  name: 'kprobe flags',
  bits: [
    bit('GONE', 0x1),
    bit('DISABLED', 0x2),
    bit('OPTIMIZED', 0x4),
    bit('FTRACE', 0x8),
    bit('ON_FUNC_ENTRY', 0x10),
  ],
};

/** Control registers and IA32_EFER: Intel SDM vol. 3, 2.5 and 2.2.1. */
export const CR0: FlagSet = {
  name: 'CR0',
  bits: [
    bit('PE', 0x1),
    bit('MP', 0x2),
    bit('EM', 0x4),
    bit('TS', 0x8),
    bit('ET', 0x10),
    bit('NE', 0x20),
    bit('WP', 0x10000),
    bit('AM', 0x40000),
    bit('NW', 0x20000000),
    bit('CD', 0x40000000),
    bit('PG', 0x80000000),
  ],
};

export const CR4: FlagSet = {
  name: 'CR4',
  bits: [
    bit('VME', 0x1),
    bit('PVI', 0x2),
    bit('TSD', 0x4),
    bit('DE', 0x8),
    bit('PSE', 0x10),
    bit('PAE', 0x20),
    bit('MCE', 0x40),
    bit('PGE', 0x80),
    bit('PCE', 0x100),
    bit('OSFXSR', 0x200),
    bit('OSXMMEXCPT', 0x400),
    bit('UMIP', 0x800),
    bit('FSGSBASE', 0x10000),
    bit('PCIDE', 0x20000),
    bit('OSXSAVE', 0x40000),
    bit('SMEP', 0x100000),
    bit('SMAP', 0x200000),
  ],
};

export const EFER: FlagSet = {
  name: 'EFER',
  bits: [bit('SCE', 0x1), bit('LME', 0x100), bit('LMA', 0x400), bit('NXE', 0x800)],
};

export const FILE_MODE: FlagSet = {
  name: 'file mode',
  octal: true,
  bits: [
    choice('S_IFSOCK', 0o170000, 0o140000),
    choice('S_IFLNK', 0o170000, 0o120000),
    choice('S_IFREG', 0o170000, 0o100000),
    choice('S_IFBLK', 0o170000, 0o060000),
    choice('S_IFDIR', 0o170000, 0o040000),
    choice('S_IFCHR', 0o170000, 0o020000),
    choice('S_IFIFO', 0o170000, 0o010000),
  ],
};

/** 0 is TASK_RUNNING; a killable sleep is two bits. */
export const TASK_STATE: FlagSet = {
  name: 'task state',
  zero: 'TASK_RUNNING',
  bits: [
    bit('TASK_IDLE', 0x402),
    bit('TASK_KILLABLE', 0x102),
    bit('TASK_STOPPED', 0x104),
    bit('TASK_TRACED', 0x108),
    bit('TASK_INTERRUPTIBLE', 0x1),
    bit('TASK_UNINTERRUPTIBLE', 0x2),
    bit('__TASK_STOPPED', 0x4),
    bit('__TASK_TRACED', 0x8),
    bit('TASK_PARKED', 0x40),
    bit('TASK_DEAD', 0x80),
    bit('TASK_WAKEKILL', 0x100),
    bit('TASK_WAKING', 0x200),
    bit('TASK_NOLOAD', 0x400),
    bit('TASK_NEW', 0x800),
  ],
};

export const EXIT_STATE: FlagSet = {
  name: 'exit state',
  bits: [bit('EXIT_TRACE', 0x30), bit('EXIT_DEAD', 0x10), bit('EXIT_ZOMBIE', 0x20)],
};

export const TASK_FLAGS: FlagSet = {
  name: 'task flags',
  bits: [
    bit('PF_VCPU', 0x1),
    bit('PF_IDLE', 0x2),
    bit('PF_EXITING', 0x4),
    bit('PF_POSTCOREDUMP', 0x8),
    bit('PF_IO_WORKER', 0x10),
    bit('PF_WQ_WORKER', 0x20),
    bit('PF_FORKNOEXEC', 0x40),
    bit('PF_MCE_PROCESS', 0x80),
    bit('PF_SUPERPRIV', 0x100),
    bit('PF_DUMPCORE', 0x200),
    bit('PF_SIGNALED', 0x400),
    bit('PF_MEMALLOC', 0x800),
    bit('PF_NPROC_EXCEEDED', 0x1000),
    bit('PF_USED_MATH', 0x2000),
    bit('PF_NOFREEZE', 0x8000),
    bit('PF_KSWAPD', 0x20000),
    bit('PF_MEMALLOC_NOFS', 0x40000),
    bit('PF_MEMALLOC_NOIO', 0x80000),
    bit('PF_KTHREAD', 0x200000),
    bit('PF_RANDOMIZE', 0x400000),
    bit('PF_NO_SETAFFINITY', 0x4000000),
  ],
};

export const FILE_FMODE: FlagSet = {
  name: 'f_mode',
  bits: [
    bit('FMODE_READ', 0x1),
    bit('FMODE_WRITE', 0x2),
    bit('FMODE_LSEEK', 0x4),
    bit('FMODE_PREAD', 0x8),
    bit('FMODE_PWRITE', 0x10),
    bit('FMODE_EXEC', 0x20),
    bit('FMODE_NDELAY', 0x40),
    bit('FMODE_EXCL', 0x80),
    bit('FMODE_PATH', 0x4000),
    bit('FMODE_ATOMIC_POS', 0x8000),
    bit('FMODE_WRITER', 0x10000),
    bit('FMODE_CAN_READ', 0x20000),
    bit('FMODE_CAN_WRITE', 0x40000),
    bit('FMODE_OPENED', 0x80000),
    bit('FMODE_CREATED', 0x100000),
    bit('FMODE_STREAM', 0x200000),
  ],
};

/** `O_WRONLY|O_CREAT|O_TRUNC`; bits without a name follow as a number; '0' when nothing is set and no choice has a name for it. */
export function flagNames(value: bigint, set: FlagSet): string {
  if (value === 0n && set.zero !== undefined) return set.zero;
  let rest = BigInt.asUintN(64, value);
  let chosen = 0n;
  const names: string[] = [];
  for (const { name, mask, value: wanted } of set.bits) {
    const isChoice = wanted !== mask;
    if (isChoice && (chosen & mask) !== 0n) continue;
    const source = isChoice ? BigInt.asUintN(64, value) : rest;
    if ((source & mask) !== wanted) continue;
    names.push(name);
    rest &= ~mask;
    if (isChoice) chosen |= mask;
  }
  if (rest !== 0n) names.push(set.octal ? `0${rest.toString(8)}` : `0x${rest.toString(16)}`);
  return names.length > 0 ? names.join('|') : '0';
}

/** Where a named value stands: `holder` is the struct it is a member of, or the function it is a variable of. */
export interface FlagContext {
  name: string;
  typedef: string | undefined;
  holder: string | undefined;
}

/** The set a value is read by, from its typedef first and then from its name and its holder's. */
export function flagSetOf(context: FlagContext): FlagSet | undefined {
  if (context.typedef === 'gfp_t') return GFP_FLAGS;
  if (context.typedef === 'umode_t') return FILE_MODE;
  if (context.typedef === 'fmode_t') return FILE_FMODE;
  const { name, holder } = context;
  if (name === 'gfp' || name === 'gfp_mask' || name === 'gfp_flags') return GFP_FLAGS;
  if (name === 'f_flags' || name === 'open_flag' || name === 'open_flags') return OPEN_FLAGS;
  if (holder === 'task_struct') {
    if (name === '__state') return TASK_STATE;
    if (name === 'exit_state') return EXIT_STATE;
    if (name === 'flags') return TASK_FLAGS;
  }
  if (name !== 'flags' || holder === undefined) return undefined;
  if (holder === 'pt_regs') return RFLAGS;
  if (holder === 'kprobe') return KPROBE_FLAGS;
  return /(?:^|_)open/.test(holder) ? OPEN_FLAGS : undefined;
}
