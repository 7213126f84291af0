/**
 * The compiler's builtins by name: their signatures, and which tree node they become.
 *
 * Signature letters, result first: v void, b _Bool, c char, i int, u unsigned, l long, m unsigned long, L long long,
 * M unsigned long long, h unsigned short, p void *, P const void *, s char *, S const char *. Builtins that look at their
 * arguments' types are 'special' and are built by sema/builtins.ts.
 */
import type { BuiltinName } from '../ast';

export type SpecialBuiltin =
  | 'constantP'
  | 'expect'
  | 'classifyType'
  | 'objectSize'
  | 'vaStart'
  | 'vaEnd'
  | 'vaCopy'
  | 'overflow'
  | 'typedOverflow'
  | 'overflowP'
  | 'atomic'
  | 'sync'
  | 'isLockFree'
  | 'assumeAligned'
  | 'identity'
  | 'prefetch'
  | 'constant'
  | 'alloca'
  | 'printf'
  | 'hasAttribute';

export type Builtin =
  | { kind: 'simple'; name: BuiltinName; signature: string; library: string | undefined }
  | { kind: 'special'; special: SpecialBuiltin; name: BuiltinName | undefined; signature: string }
  /** Just a call of the library function. */
  | { kind: 'call'; library: string; signature: string };

const table = new Map<string, Builtin>();

const simple = (names: string, name: BuiltinName, signature: string) => {
  for (const builtin of names.split(' '))
    table.set(`__builtin_${builtin}`, { kind: 'simple', name, signature, library: undefined });
};
const library = (name: BuiltinName & string, signature: string) =>
  table.set(`__builtin_${name}`, { kind: 'simple', name, signature, library: name });
const call = (name: string, signature: string) => {
  table.set(`__builtin_${name}`, { kind: 'call', library: name, signature });
};
const special = (names: string, kind: SpecialBuiltin, signature = '', name?: BuiltinName) => {
  for (const builtin of names.split(' '))
    table.set(builtin, { kind: 'special', special: kind, name, signature });
};

simple('unreachable', 'unreachable', 'v');
simple('trap', 'trap', 'v');
simple('bswap16', 'bswap', 'hh');
simple('bswap32', 'bswap', 'uu');
simple('bswap64', 'bswap', 'mm');
for (const [suffix, unsigned, signed] of [
  ['', 'u', 'i'],
  ['l', 'm', 'l'],
  ['ll', 'M', 'L'],
]) {
  simple(`clz${suffix}`, 'clz', `i${unsigned}`);
  simple(`ctz${suffix}`, 'ctz', `i${unsigned}`);
  simple(`popcount${suffix}`, 'popcount', `i${unsigned}`);
  simple(`parity${suffix}`, 'parity', `i${unsigned}`);
  simple(`ffs${suffix}`, 'ffs', `i${signed}`);
  simple(`clrsb${suffix}`, 'clrsb', `i${signed}`);
}
table.set('__builtin_abs', { kind: 'simple', name: 'abs', signature: 'ii', library: undefined });
table.set('__builtin_labs', { kind: 'simple', name: 'abs', signature: 'll', library: undefined });
table.set('__builtin_llabs', { kind: 'simple', name: 'abs', signature: 'LL', library: undefined });
simple('return_address', 'returnAddress', 'pu');
simple('frame_address', 'frameAddress', 'pu');
simple('ia32_pause', 'pause', 'v');
simple('ia32_rdtsc', 'rdtsc', 'M');
simple('ia32_readeflags_u64', 'readFlags', 'M');
simple('ia32_writeeflags_u64', 'writeFlags', 'vM');
library('memcpy', 'ppPm');
library('memmove', 'ppPm');
library('memset', 'ppim');
library('memcmp', 'iPPm');
library('memchr', 'pPim');
library('strlen', 'mS');
library('strcpy', 'ssS');
library('strncpy', 'ssSm');
library('strcmp', 'iSS');
library('strncmp', 'iSSm');
library('strcat', 'ssS');
library('strchr', 'sSi');
library('strrchr', 'sSi');
call('strncat', 'ssSm');
call('strstr', 'sSS');
call('strspn', 'mSS');
call('strcspn', 'mSS');
call('strpbrk', 'sSS');
call('strnlen', 'mSm');
call('strdup', 'sS');
call('mempcpy', 'ppPm');
call('malloc', 'pm');
call('calloc', 'pmm');
call('realloc', 'ppm');
call('free', 'vp');
call('abort', 'v');
call('exit', 'vi');
call('putchar', 'ii');
call('puts', 'iS');
call('isdigit', 'ii');
call('isalpha', 'ii');
call('toupper', 'ii');
call('tolower', 'ii');
call('printf', 'iS.');
call('sprintf', 'isS.');
call('snprintf', 'ismS.');

special('__builtin_constant_p', 'constantP');
special('__builtin_expect', 'expect', 'lll');
special('__builtin_expect_with_probability', 'expect', 'lll');
special('__builtin_classify_type', 'classifyType');
special('__builtin_object_size __builtin_dynamic_object_size', 'objectSize', 'mPi');
special('__builtin_va_start __builtin_stdarg_start', 'vaStart');
special('__builtin_va_end', 'vaEnd');
special('__builtin_va_copy', 'vaCopy');
special('__builtin_alloca __builtin_alloca_with_align', 'alloca', 'pm');
special('__builtin_assume_aligned', 'assumeAligned');
special('__builtin_prefetch', 'prefetch');
special('__builtin_extract_return_addr __builtin_launder __builtin_frob_return_addr', 'identity');
special('__builtin_has_attribute', 'hasAttribute');
for (const [operation, name] of [
  ['add', 'addOverflow'],
  ['sub', 'subOverflow'],
  ['mul', 'mulOverflow'],
] as const) {
  special(`__builtin_${operation}_overflow`, 'overflow', '', name);
  special(`__builtin_${operation}_overflow_p`, 'overflowP', '', name);
  for (const [infix, letter] of [
    ['s', 'i'],
    ['sl', 'l'],
    ['sll', 'L'],
    ['u', 'u'],
    ['ul', 'm'],
    ['ull', 'M'],
  ])
    special(`__builtin_${infix}${operation}_overflow`, 'typedOverflow', letter, name);
}
for (const [operation, fetch, after] of [
  ['add', 'atomicFetchAdd', 'atomicAddFetch'],
  ['sub', 'atomicFetchSub', 'atomicSubFetch'],
  ['and', 'atomicFetchAnd', 'atomicAndFetch'],
  ['or', 'atomicFetchOr', 'atomicOrFetch'],
  ['xor', 'atomicFetchXor', 'atomicXorFetch'],
  ['nand', 'atomicFetchNand', 'atomicNandFetch'],
] as const) {
  special(`__atomic_fetch_${operation}`, 'atomic', 'value', fetch);
  special(`__atomic_${operation}_fetch`, 'atomic', 'value', after);
  special(`__sync_fetch_and_${operation}`, 'sync', 'value', fetch);
  special(`__sync_${operation}_and_fetch`, 'sync', 'value', after);
}
special('__atomic_load_n', 'atomic', 'load', 'atomicLoad');
special('__atomic_load', 'atomic', 'loadTo', 'atomicLoad');
special('__atomic_store_n', 'atomic', 'store', 'atomicStore');
special('__atomic_store', 'atomic', 'storeFrom', 'atomicStore');
special('__atomic_exchange_n', 'atomic', 'value', 'atomicExchange');
special('__atomic_exchange', 'atomic', 'exchangeTo', 'atomicExchange');
special('__atomic_compare_exchange_n', 'atomic', 'compare', 'atomicCompareExchange');
special('__atomic_compare_exchange', 'atomic', 'compareFrom', 'atomicCompareExchange');
special('__atomic_test_and_set', 'atomic', 'testAndSet', 'atomicExchange');
special('__atomic_clear', 'atomic', 'clear', 'atomicStore');
special('__atomic_thread_fence', 'atomic', 'fence', 'atomicFence');
special('__atomic_signal_fence', 'atomic', 'fence', 'signalFence');
special('__atomic_always_lock_free __atomic_is_lock_free', 'isLockFree');
special('__sync_val_compare_and_swap', 'sync', 'compare', 'syncCompareSwap');
special('__sync_bool_compare_and_swap', 'sync', 'compare', 'syncBoolCompareSwap');
special('__sync_lock_test_and_set', 'sync', 'value', 'atomicExchange');
special('__sync_lock_release', 'sync', 'release', 'atomicStore');
special('__sync_synchronize', 'sync', 'fence', 'atomicFence');

export const BUILTINS: ReadonlyMap<string, Builtin> = table;
