/**
 * The texts that trace_probe logs for a definition it refuses, by Linux's symbolic names.
 *
 * Wording and spelling are those of Linux 6.1 (recorded in test/conformance).
 */
export const PROBE_ERRORS = {
  MAXACT_NO_KPROBE: 'Maxactive is not for kprobe',
  BAD_MAXACT: 'Invalid maxactive number',
  MAXACT_TOO_BIG: 'Maxactive is too big',
  BAD_PROBE_ADDR: 'Invalid probed address or symbol',
  NON_UNIQ_SYMBOL: 'The symbol is not unique',
  BAD_ADDR_SUFFIX: 'Invalid probed address suffix',
  BAD_RETPROBE: 'Retprobe address must be an function entry',
  BAD_INSN_BNDRY: 'Probe point is not an instruction boundary',
  FAIL_REG_PROBE: 'Failed to register probe event',
  NO_GROUP_NAME: 'Group name is not specified',
  GROUP_TOO_LONG: 'Group name is too long',
  BAD_GROUP_NAME: 'Group name must follow the same rules as C identifiers',
  NO_EVENT_NAME: 'Event name is not specified',
  EVENT_TOO_LONG: 'Event name is too long',
  BAD_EVENT_NAME: 'Event name must follow the same rules as C identifiers',
  DIFF_PROBE_TYPE: 'Probe type is different from existing probe',
  DIFF_ARG_TYPE: 'Argument type or name is different from existing probe',
  SAME_PROBE: 'There is already the exact same probe event',
  ARG_NAME_TOO_LONG: 'Argument name is too long',
  NO_ARG_NAME: 'Argument name is not specified',
  BAD_ARG_NAME: 'Argument name must follow the same rules as C identifiers',
  USED_ARG_NAME: 'This argument name is already used',
  ARG_TOO_LONG: 'Argument expression is too long',
  NO_ARG_BODY: 'No argument expression',
  RETVAL_ON_PROBE: '$retval is not available on probe',
  BAD_STACK_NUM: 'Invalid stack number',
  BAD_ARG_NUM: 'Invalid argument number',
  BAD_VAR: 'Invalid $-variable specified',
  BAD_REG_NAME: 'Invalid register name',
  BAD_MEM_ADDR: 'Invalid memory address',
  FILE_ON_KPROBE: 'File offset is not available with kprobe',
  BAD_IMM: 'Invalid immediate value',
  IMMSTR_NO_CLOSE: "String is not closed with '\"'",
  DEREF_NEED_BRACE: 'Dereference needs a brace',
  BAD_DEREF_OFFS: 'Invalid dereference offset',
  DEREF_OPEN_BRACE: 'Dereference brace is not closed',
  COMM_CANT_DEREF: '$comm can not be dereferenced',
  TOO_MANY_OPS: 'Dereference is too much nested',
  BAD_FETCH_ARG: 'Invalid fetch argument',
  ARRAY_NO_CLOSE: 'Array is not closed',
  BAD_ARRAY_SUFFIX: 'Array has wrong suffix',
  BAD_ARRAY_NUM: 'Invalid array size',
  ARRAY_TOO_BIG: 'Array number is too big',
  BAD_TYPE: 'Unknown type is specified',
  BAD_STRING: 'String accepts only memory argument',
  BAD_SYMSTRING: "Symbol String doesn't accept data/userdata",
  BAD_BITFIELD: 'Invalid bitfield',
} as const;

export type ProbeErrorName = keyof typeof PROBE_ERRORS;

/** What the error means for the one who wrote the line: what to write instead. */
export const PROBE_ADVICE: Readonly<Partial<Record<ProbeErrorName, string>>> = {
  MAXACT_NO_KPROBE: 'A number after p means nothing: only return probes (r) have instances to limit.',
  BAD_PROBE_ADDR:
    'No function of that name: look it up in /proc/kallsyms, or write MODULE:SYMBOL for a module.',
  NON_UNIQ_SYMBOL: 'Several functions have this name: give the address of the one you mean.',
  BAD_ADDR_SUFFIX: 'Only %return may follow the symbol.',
  BAD_RETPROBE: 'A return probe belongs to a whole function: leave the offset out.',
  BAD_INSN_BNDRY:
    'The offset points into the middle of an instruction, or past the function: see the disassembly.',
  FAIL_REG_PROBE: 'This place cannot carry a probe: it is blacklisted, not traceable, or no code.',
  BAD_GROUP_NAME: 'Use letters, digits, _ and -, and do not begin with a digit.',
  BAD_EVENT_NAME: 'Use letters, digits and _, and do not begin with a digit.',
  DIFF_PROBE_TYPE: 'An event holds entry probes or return probes, not both: use another event name.',
  DIFF_ARG_TYPE: 'All probes of one event have the same fields: use another event name or the same fields.',
  RETVAL_ON_PROBE: 'The return value exists only in a return probe (r:… or SYMBOL%return).',
  BAD_VAR: 'Known are $stack, $stackN, $comm, $retval (return probes) and $argN (at function entry only).',
  BAD_REG_NAME:
    'Registers are written without r or e: %ax %bx %cx %dx %si %di %bp %sp %ip %flags %r8 … %r15.',
  DEREF_NEED_BRACE: 'Memory is read as +OFFSET(ADDRESS), for instance +0(%si):string.',
  BAD_FETCH_ARG:
    'Expected %REG, $VAR, @ADDRESS, @SYMBOL, +OFFSET(…), \\VALUE or NAME= followed by one of them.',
  BAD_TYPE: 'Types are u8…u64, s8…s64, x8…x64, string, ustring, symbol, symstr and bWIDTH@OFFSET/SIZE.',
  BAD_STRING: 'A register holds a pointer, not text: read the memory it points to, as in +0(%si):ustring.',
};
