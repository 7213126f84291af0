/**
 * The names of everything an instruction can mean. A table row says how an instruction is written; its `op` says which
 * of these meanings the processor gives it. Operand sizes, conditions and operands are not part of the name: `mov` is
 * every general move, `jcc` every conditional jump.
 */

const arithmetic = [
  'add',
  'or',
  'adc',
  'sbb',
  'and',
  'sub',
  'xor',
  'cmp',
  'test',
  'inc',
  'dec',
  'neg',
  'not',
] as const;

/** `mul`/`imul`/`div`/`idiv` with one operand use rdx:rax; `imul2` is the form with two or three operands. */
const multiplication = ['mul', 'imul', 'imul2', 'div', 'idiv', 'mulx', 'adcx', 'adox'] as const;

const shifts = [
  'rol',
  'ror',
  'rcl',
  'rcr',
  'shl',
  'shr',
  'sar',
  'shld',
  'shrd',
  'rorx',
  'sarx',
  'shlx',
  'shrx',
] as const;

const bits = [
  'bt',
  'bts',
  'btr',
  'btc',
  'bsf',
  'bsr',
  'tzcnt',
  'lzcnt',
  'popcnt',
  'andn',
  'bextr',
  'blsi',
  'blsmsk',
  'blsr',
  'bzhi',
  'pdep',
  'pext',
] as const;

/**
 * Moves. `movsx`: operand 1 sign-extended to operand 0 (also movsxd). `convert`: cbw/cwde/cdqe by operand size;
 * `extend`: cwd/cdq/cqo by operand size.
 */
const moves = [
  'mov',
  'movzx',
  'movsx',
  'movbe',
  'lea',
  'xchg',
  'xadd',
  'cmpxchg',
  'cmpxchg8b',
  'cmpxchg16b',
  'bswap',
  'cmovcc',
  'setcc',
  'convert',
  'extend',
  'xlat',
  'push',
  'pop',
  'pushf',
  'popf',
  'enter',
  'leave',
  'lahf',
  'sahf',
] as const;

const strings = ['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs'] as const;

const control = [
  'call',
  'jmp',
  'ret',
  'jcc',
  'loop',
  'loope',
  'loopne',
  'jrcxz',
  'callFar',
  'jmpFar',
  'retFar',
  'iret',
  'int',
  'int1',
  'int3',
  'syscall',
  'sysret',
  'sysenter',
  'sysexit',
  'ud',
] as const;

/** `nop` is every hint that changes nothing: nops, endbr64, prefetches, pause, cldemote. */
const misc = [
  'nop',
  'clc',
  'stc',
  'cmc',
  'cld',
  'std',
  'lfence',
  'mfence',
  'sfence',
  'clflush',
  'cpuid',
] as const;

const system = [
  'cli',
  'sti',
  'hlt',
  'in',
  'out',
  'rdmsr',
  'wrmsr',
  'rdtsc',
  'rdtscp',
  'rdpmc',
  'rdpid',
  'rdrand',
  'rdseed',
  'swapgs',
  'lgdt',
  'lidt',
  'lldt',
  'ltr',
  'sgdt',
  'sidt',
  'sldt',
  'str',
  'smsw',
  'lmsw',
  'lar',
  'lsl',
  'verr',
  'verw',
  'lss',
  'lfs',
  'lgs',
  'movControl',
  'movDebug',
  'movSegment',
  'clts',
  'invd',
  'wbinvd',
  'invlpg',
  'invpcid',
  'rdfsbase',
  'rdgsbase',
  'wrfsbase',
  'wrgsbase',
  'clac',
  'stac',
  'vmcall',
  'xgetbv',
  'xsetbv',
  'monitor',
  'mwait',
] as const;

/** `unsupported` is an instruction that exists, is decoded in full, and raises #UD here: x87, MMX, SSE, AVX, virtualization. */
const others = ['unsupported'] as const;

/** All operation names, in a fixed order: the index of a name is its number. */
export const ops = [
  ...arithmetic,
  ...multiplication,
  ...shifts,
  ...bits,
  ...moves,
  ...strings,
  ...control,
  ...misc,
  ...system,
  ...others,
] as const;

/** The meaning of an instruction, apart from sizes, operands and conditions. */
export type Op = (typeof ops)[number];

/** Conditions in the order of the low four bits of jcc, setcc and cmovcc, each with its other spellings. */
export const conditions: readonly (readonly string[])[] = [
  ['o'],
  ['no'],
  ['b', 'c', 'nae'],
  ['ae', 'nb', 'nc'],
  ['e', 'z'],
  ['ne', 'nz'],
  ['be', 'na'],
  ['a', 'nbe'],
  ['s'],
  ['ns'],
  ['p', 'pe'],
  ['np', 'po'],
  ['l', 'nge'],
  ['ge', 'nl'],
  ['le', 'ng'],
  ['g', 'nle'],
];
