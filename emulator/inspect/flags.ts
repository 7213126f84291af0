/**
 * Numbers that are sets of named bits: open flags, GFP masks, file modes, RFLAGS.
 *
 * Open flags and file modes are x86-64 Linux's user interface (uapi asm-generic/fcntl.h, linux/stat.h); RFLAGS are the
 * processor's (Intel SDM vol. 1, 3.4.3). GFP bits are Linux 6.1's include/linux/gfp_types.h.
 */

/** Named bits, in print order. A mask of several bits with a `field` is an enumeration inside the set. */
export interface FlagSet {
  name: string;
  bits: readonly { name: string; mask: bigint; value: bigint }[];
  /** Customarily written in octal. */
  octal?: boolean;
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

/** `O_WRONLY|O_CREAT|O_TRUNC`; bits without a name follow as a number; '0' when nothing is set and no choice has a name for it. */
export function flagNames(value: bigint, set: FlagSet): string {
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
  const { name, holder } = context;
  if (name === 'gfp' || name === 'gfp_mask' || name === 'gfp_flags') return GFP_FLAGS;
  if (name === 'f_flags' || name === 'open_flag' || name === 'open_flags') return OPEN_FLAGS;
  if (name !== 'flags' || holder === undefined) return undefined;
  if (holder === 'pt_regs') return RFLAGS;
  return /(?:^|_)open/.test(holder) ? OPEN_FLAGS : undefined;
}
