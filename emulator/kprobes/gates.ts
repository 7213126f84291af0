/**
 * The kprobes API as gates: what a module calls under Linux's names, and what the guest's trap handlers ask.
 */
import { errno } from '../kernel/errno';
import type { GateCall } from '../kernel/gates';
import { CallLayout, ProbeCall } from './call';
import type { Core } from './core';
import type { Faults } from './fault';
import type { FtraceHits } from './ftrace';
import type { Handlers } from './handlers';
import type { Int3 } from './int3';
import type { Jprobes } from './jprobe';
import type { Kretprobes } from './kretprobe';
import { Optimiser } from './optprobe';
import { findPlace } from './place';
import { isRefusal } from './refusal';
import type { Registry } from './register';
import { type ReturnProbes, registerAll } from './returns';
import type { Refusal } from './types';

/** The parts that answer. */
export interface Parts {
  core: Core;
  registry: Registry;
  returns: ReturnProbes;
  kretprobes: Kretprobes;
  jprobes: Jprobes;
  handlers: Handlers;
  int3: Int3;
  faults: Faults;
  ftrace: FtraceHits;
}

/** Defines all gates of kprobes. */
export function defineProbeGates(parts: Parts): void {
  defineTraps(parts);
  defineKprobeApi(parts);
  defineKretprobeApi(parts);
  defineJprobeApi(parts);
  defineQuestions(parts);
}

function defineTraps({ core, int3, kretprobes, faults, ftrace, handlers }: Parts): void {
  const { gates, guest } = core.kernel;
  const layout = new CallLayout(guest);
  const trap = (name: string, answer: (call: ProbeCall, gate: GateCall) => number, callArgument = 1) =>
    gates.define(name, (gate) => answer(new ProbeCall(guest, layout, gate.argument(callArgument)), gate));
  trap('kprobe_next', (call, gate) => int3.next(call, core.regs(gate.argument(0)), gate.cpu.index));
  trap('kretprobe_next', (call, gate) => kretprobes.next(call, core.regs(gate.argument(0)), gate.cpu.index));
  trap('ftrace_next', (call, gate) => ftrace.next(call, core.regs(gate.argument(0)), gate.cpu.index));
  trap('optprobe_next', (call, gate) =>
    Optimiser.next(core, handlers, call, core.regs(gate.argument(0)), gate.cpu.index),
  );
  trap(
    'kprobe_fault_next',
    (call, gate) => faults.next(call, core.regs(gate.argument(0)), gate.long(1), gate.cpu.index),
    2,
  );
}

/** errno of a registration; a refusal is also said on the console, in words, at the caller's line. */
function answer(core: Core, gate: GateCall, what: string, result: object): number {
  if (!isRefusal(result)) return 0;
  explain(core, gate, what, result);
  return result.errno;
}

function explain(core: Core, gate: GateCall, what: string, refusal: Refusal): void {
  core.kernel.printk(
    4,
    `kprobes: ${what}: ${refusal.reason} (-${refusal.name})`,
    gate.cpu.index,
    gate.caller,
  );
}

/** The pointers in an array argument. */
function pointers(core: Core, address: bigint, count: number): bigint[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) =>
    core.kernel.guest.u64(address + BigInt(index * 8)),
  );
}

function defineKprobeApi({ core, registry }: Parts): void {
  const { gates } = core.kernel;
  const register = (gate: GateCall, what: string) => (kprobe: bigint) =>
    answer(core, gate, what, registry.register(module(kprobe)));
  const module = (kprobe: bigint) =>
    ({
      kind: 'kprobe',
      owner: 'module',
      kprobe,
      container: undefined,
      hostId: undefined,
      pool: undefined,
    }) as const;
  gates.define('register_kprobe', (gate) => register(gate, 'register_kprobe')(gate.argument(0)));
  gates.define('unregister_kprobe', (gate) => {
    registry.unregister(gate.argument(0));
    return undefined;
  });
  gates.define('register_kprobes', (gate) =>
    registerAll(pointers(core, gate.argument(0), gate.int(1)), register(gate, 'register_kprobes'), (kprobe) =>
      registry.unregister(kprobe),
    ),
  );
  gates.define('unregister_kprobes', (gate) => {
    for (const kprobe of pointers(core, gate.argument(0), gate.int(1))) registry.unregister(kprobe);
    return undefined;
  });
  gates.define('enable_kprobe', (gate) => registry.setEnabled(gate.argument(0), true));
  gates.define('disable_kprobe', (gate) => registry.setEnabled(gate.argument(0), false));
}

function defineKretprobeApi({ core, registry, returns, kretprobes }: Parts): void {
  const { gates } = core.kernel;
  const register = (gate: GateCall, what: string) => (rp: bigint) =>
    answer(core, gate, what, returns.register(rp, 'module', undefined));
  gates.define('register_kretprobe', (gate) => register(gate, 'register_kretprobe')(gate.argument(0)));
  gates.define('unregister_kretprobe', (gate) => {
    returns.unregister(gate.argument(0));
    return undefined;
  });
  gates.define('register_kretprobes', (gate) =>
    registerAll(pointers(core, gate.argument(0), gate.int(1)), register(gate, 'register_kretprobes'), (rp) =>
      returns.unregister(rp),
    ),
  );
  gates.define('unregister_kretprobes', (gate) => {
    for (const rp of pointers(core, gate.argument(0), gate.int(1))) returns.unregister(rp);
    return undefined;
  });
  const kp = core.structs.kpInKretprobe;
  gates.define('enable_kretprobe', (gate) => registry.setEnabled(gate.argument(0) + kp, true));
  gates.define('disable_kretprobe', (gate) => registry.setEnabled(gate.argument(0) + kp, false));
  gates.define('kprobe_flush_task', (gate) => {
    kretprobes.flush(gate.argument(0));
    return undefined;
  });
  gates.define('lab_kretprobe_missed', (gate) => {
    kretprobes.missed(gate.argument(0));
    return undefined;
  });
  gates.define(
    'kretprobe_find_ret_addr',
    (gate) => kretprobes.recover(gate.argument(0), gate.argument(1)) ?? 0n,
  );
  gates.define('is_kretprobe_trampoline', (gate) => (gate.argument(0) === kretprobes.trampoline ? 1 : 0));
}

function defineJprobeApi({ core, registry, jprobes }: Parts): void {
  const { gates } = core.kernel;
  const offset = core.structs.kpInJprobe;
  if (offset === undefined) return;
  const register = (gate: GateCall, what: string) => (jp: bigint) =>
    answer(
      core,
      gate,
      what,
      registry.register({
        kind: 'jprobe',
        owner: 'module',
        kprobe: jp + offset,
        container: jp,
        hostId: undefined,
        pool: undefined,
      }),
    );
  gates.define('register_jprobe', (gate) => register(gate, 'register_jprobe')(gate.argument(0)));
  gates.define('unregister_jprobe', (gate) => {
    registry.unregister(gate.argument(0) + offset);
    return undefined;
  });
  gates.define('register_jprobes', (gate) =>
    registerAll(pointers(core, gate.argument(0), gate.int(1)), register(gate, 'register_jprobes'), (jp) =>
      registry.unregister(jp + offset),
    ),
  );
  gates.define('unregister_jprobes', (gate) => {
    for (const jp of pointers(core, gate.argument(0), gate.int(1))) registry.unregister(jp + offset);
    return undefined;
  });
  gates.define('jprobe_return', (gate) => {
    if (!jprobes.return(gate.cpu)) gate.cpu.raiseException(6);
    return undefined;
  });
}

function defineQuestions({ core, registry }: Parts): void {
  const { gates, guest } = core.kernel;
  gates.define('get_kprobe', (gate) => {
    const site = core.state.sites.get(gate.argument(0));
    return site === undefined ? 0n : core.siteKprobe(site);
  });
  gates.define('within_kprobe_blacklist', (gate) =>
    registry.blacklist.find(gate.argument(0)) === undefined ? 0 : 1,
  );
  gates.define('kprobe_on_func_entry', (gate) => {
    const symbol = gate.argument(1) === 0n ? undefined : guest.string(gate.argument(1), 512);
    const place = findPlace(core.kernel, { symbol, address: gate.argument(0), offset: gate.int(2) });
    if (isRefusal(place)) return place.errno;
    return place.onFunctionEntry ? 0 : -errno('EINVAL');
  });
  gates.define('kprobe_busy_begin', (gate) => {
    const cpu = gate.cpu.index;
    const { note } = core.running(cpu);
    if (note.busy++ === 0 && core.blocks.currentKprobe(cpu) === 0n) {
      core.blocks.setCurrent(cpu, core.kernel.findRaw('kprobe_busy') ?? BUSY_MARK);
      core.blocks.setStatus(cpu, 1n);
    }
    return undefined;
  });
  gates.define('kprobe_busy_end', (gate) => {
    const cpu = gate.cpu.index;
    const running = core.running(cpu);
    const { note } = running;
    if (note.busy > 0 && --note.busy === 0 && running.site === undefined) core.blocks.setCurrent(cpu, 0n);
    return undefined;
  });
  gates.define('dump_kprobe', (gate) => {
    const kprobe = gate.argument(0);
    const name = core.structs.get(kprobe, 'symbol_name');
    const text = name === 0n ? '(null)' : guest.string(name, 512);
    const offset = core.structs.get(kprobe, 'offset').toString(16);
    const address = core.kernel.symbols.format(core.structs.get(kprobe, 'addr'));
    core.kernel.printk(3, 'Dump kprobe:', gate.cpu.index, gate.caller);
    core.kernel.printk(
      3,
      `.symbol_name = ${text}, .offset = ${offset}, .addr = ${address}`,
      gate.cpu.index,
      gate.caller,
    );
    return undefined;
  });
}

/** current_kprobe while busy, when the kernel has no kprobe_busy object: any value that is not NULL. */
const BUSY_MARK = 1n;
