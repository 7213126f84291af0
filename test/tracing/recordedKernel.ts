/**
 * A TraceHost with the symbols of the kernel that the recorded answers came from (Debian's 6.1.192), as far as the
 * recorded definitions name them. It says what the real kernel says of a place; how definitions are parsed, kept,
 * listed and refused is the code under test.
 */
import type { HostProbe, HostProbeSpec, Refusal } from '../../emulator/kprobes/types';
import type { TraceHost } from '../../emulator/tracing/host';

const OPENAT2 = 0xffffffff8134a350n;
/** Instruction boundaries of do_sys_openat2's first bytes (from objdump of that kernel). */
const OPENAT2_BOUNDARIES = new Set([0, 5, 7, 9, 11, 13, 24]);

type Kind = 'function' | 'refused' | 'duplicate';

const world: Record<Kind, string> = {
  function: `do_sys_openat2 vfs_read __x64_sys_getppid __x64_sys_openat tcp_v4_rcv kernel_clone kfree default_idle
    __rcu_read_lock register_kprobe arch_prepare_kprobe ktime_get kernel_init do_filp_open vfs_write`,
  refused: `jiffies init_task _text irqentry_enter asm_exc_int3 kprobe_int3_handler ftrace_caller do_int3 __schedule
    __switch_to __switch_to_asm entry_SYSCALL_64 exc_page_fault arch_rethook_trampoline _copy_from_user
    copy_user_generic_string __put_user_4 __x86_return_thunk kprobe_dispatcher kprobe_trace_func
    ftrace_ops_list_func trace_clock_local do_syscall_64 syscall_enter_from_user_mode ret_from_fork _etext
    __init_begin memset memmove strcpy snprintf memcpy linux_banner jiffies_64 saved_command_line`,
  duplicate: 't_show s_show',
};

/** Builds the host; `modules` are loaded modules with their symbols. */
export function recordedKernel(): TraceHost {
  const kinds = new Map<string, Kind>();
  for (const kind of ['function', 'refused', 'duplicate'] as const) {
    for (const name of world[kind].split(/\s+/)) kinds.set(name, kind);
  }
  const addresses = new Map<string, bigint>();
  let next = 0xffffffff81400000n;
  for (const name of kinds.keys()) {
    addresses.set(name, name === 'do_sys_openat2' ? OPENAT2 : next);
    next += 0x1000n;
  }
  const dummyXmit = 0xffffffffc0000000n;
  const nameAt = (address: bigint) =>
    [...addresses].find(([, start]) => address >= start && address < start + 0x170n)?.[0] ??
    (address >= dummyXmit && address < dummyXmit + 0x100n ? 'dummy_xmit' : undefined);
  let ids = 0;

  function register(spec: HostProbeSpec): HostProbe | Refusal {
    const refuse = (errno: number, name: string): Refusal => ({ errno: -errno, name, reason: name });
    const { at } = spec;
    const module = 'symbol' in at && at.symbol.startsWith('dummy:');
    const base =
      'address' in at
        ? at.address
        : module || at.symbol === 'dummy_xmit'
          ? dummyXmit
          : addresses.get(at.symbol);
    if (base === undefined) return refuse(2, 'ENOENT');
    const address = 'symbol' in at ? base + BigInt(at.offset) : base;
    const name = nameAt(address) ?? ('symbol' in at ? at.symbol : '');
    if (spec.kind === 'return' && address !== (addresses.get(name) ?? address)) return refuse(22, 'EINVAL');
    if (kinds.get(name) === 'refused') return refuse(22, 'EINVAL');
    const offset = Number(address - (addresses.get(name) ?? address));
    const boundary = name === 'do_sys_openat2' ? OPENAT2_BOUNDARIES.has(offset) : offset !== 3;
    if (offset >= 0x170 || !boundary) return refuse(84, 'EILSEQ');
    return { id: ids++, kind: spec.kind, owner: 'trace', address, kprobe: 0n };
  }

  return {
    cpus: 1,
    now: () => 0,
    addressesOf: (symbol) => {
      const address = addresses.get(symbol);
      if (address === undefined) return symbol === 'dummy_xmit' ? [dummyXmit] : [];
      return kinds.get(symbol) === 'duplicate' ? [address, address + 0x800n] : [address];
    },
    moduleSymbol: (module, symbol) => (module === 'dummy' && symbol === 'dummy_xmit' ? dummyXmit : undefined),
    moduleLoaded: (module) => module === 'dummy',
    symbolAt: (address) => {
      const name = nameAt(address);
      return name === undefined
        ? undefined
        : { name, offset: Number(address - (addresses.get(name) ?? dummyXmit)), size: 0x170 };
    },
    traceable: () => true,
    register,
    unregister: () => {},
    setEnabled: () => {},
    missed: () => 0,
    path: () => 'other',
    read: () => undefined,
    readUser: () => undefined,
    hashPointer: (address) =>
      `0x${BigInt.asUintN(32, address * 0x9e3779b1n)
        .toString(16)
        .padStart(16, '0')}`,
    log: () => {},
  };
}
