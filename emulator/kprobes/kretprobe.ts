/**
 * Return probes: taking an instance at entry, replacing the return address, running handlers at the trampoline.
 *
 * Instances are guest memory: free ones in their holder's list, those of calls under way in the task's, newest first.
 * Several return probes may share one frame, then all but the oldest of them saved the trampoline's address
 * (kprobes.md 1.7; Linux kernel/kprobes.c). The guest does all of this itself for a module's probes
 * (linux/kernel/kprobes.c); here it is done when a probe of the host is involved.
 */
import type { Field } from '../kernel/layout';
import type { PtRegs } from '../kernel/ptregs';
import { ANSWER, type ProbeCall } from './call';
import type { Core } from './core';
import { type Child, type Pool, STATUS } from './state';
import type { Hit } from './types';
import { Visit } from './visit';

export const MAX_DATA_SIZE = 4096;
const PHASE = { start: 0, ask: 1, returned: 2 } as const;
/** Longest list of calls under way that is followed: a corrupt one must not hang the host. */
const MOST_CALLS = 100_000;

export class Kretprobes {
  onStop: (hit: Hit) => void = () => {};
  /** Address of __kretprobe_trampoline. */
  readonly trampoline: bigint;
  private readonly listInTask: Field;

  constructor(private readonly core: Core) {
    this.trampoline = core.kernel.findRaw('__kretprobe_trampoline') ?? 0n;
    this.listInTask = core.kernel.guest.layouts.field('task_struct', 'kretprobe_instances');
  }

  /** The instances of a return probe; undefined without memory (-ENOMEM). `direct`: its handlers are the guest's. */
  makePool(rp: bigint, maxactive: number, dataSize: number, direct: boolean): Pool | undefined {
    const { core } = this;
    const { structs } = core;
    this.freeRetired();
    const stride = (structs.instanceSize + dataSize + 15) & ~15;
    const first = (structs.holderSize + 15) & ~15;
    const block = core.arena.takeBlock(first + stride * maxactive, core.now);
    if (block === undefined) return undefined;
    core.kernel.guest.clear(block.address, block.size);
    const holder = block.address;
    const pool: Pool = { maxactive, base: holder + BigInt(first), stride, holder, block };
    structs.setHolder(holder, 'rp', rp);
    structs.setHolder(holder, 'direct', direct ? 1n : 0n);
    for (let index = maxactive - 1; index >= 0; index--) {
      const instance = pool.base + BigInt(index * stride);
      structs.setInstance(instance, 'rph', holder);
      this.giveBack(instance);
    }
    return pool;
  }

  /** The probe is gone: calls still under way lose it; its memory is free when the last of them has returned. */
  dropPool(pool: Pool): void {
    const { structs, state } = this.core;
    structs.setHolder(pool.holder, 'rp', 0n);
    for (let index = 0; index < pool.maxactive; index++)
      structs.setInstance(pool.base + BigInt(index * pool.stride), 'rp', 0n);
    state.retiredPools.push(pool);
    this.freeRetired();
  }

  /** Frees the pools of removed probes that no call uses any more. */
  freeRetired(): void {
    const { state, arena, now } = this.core;
    if (state.retiredPools.length === 0) return;
    state.retiredPools = state.retiredPools.filter((pool) => {
      if (this.countFree(pool) < pool.maxactive) return true;
      arena.freeBlock(pool.block, now);
      return false;
    });
  }

  /**
   * A hit at the function's entry: takes an instance (or counts a miss). Answers an entry handler that the guest must
   * call first; then `entered` finishes. Host probes and probes without entry handler are armed at once.
   */
  enter(child: Child, regs: PtRegs, cpu: number): { handler: bigint; instance: bigint } | undefined {
    const { core } = this;
    const { structs } = core;
    const { pool, container } = child;
    if (pool === undefined || container === undefined) return undefined;
    const instance = structs.getHolder(pool.holder, 'free');
    if (instance === 0n) {
      this.missed(container);
      return undefined;
    }
    structs.setHolder(pool.holder, 'free', structs.getInstance(instance, 'llist'));
    structs.setInstance(instance, 'rp', container);
    structs.setInstance(instance, 'task', core.kernel.tasks.currentAddress(cpu));
    structs.setInstance(instance, 'fp', regs.get('sp'));
    structs.setInstance(instance, 'ret_addr', core.kernel.guest.u64(regs.get('sp')));
    if (child.hostId !== undefined) {
      const host = core.hosts.get(child.hostId);
      if (host?.spec.entry !== undefined) {
        const hit = new Visit(core.kernel, cpu, regs, host.probe, 'pre', undefined, undefined);
        core.state.callData.set(instance, host.spec.entry(hit));
      }
      this.hook(instance, regs, cpu);
      return undefined;
    }
    core.running(cpu).note.entering = instance;
    const handler = structs.getReturn(container, 'entry_handler');
    if (handler !== 0n) return { handler, instance };
    this.entered(child, 0, regs, cpu);
    return undefined;
  }

  /** The entry handler returned: 0 hooks this call, anything else gives the instance back. */
  entered(child: Child, result: number, regs: PtRegs, cpu: number): void {
    const { note } = this.core.running(cpu);
    const instance = note.entering;
    note.entering = undefined;
    if (instance === undefined) return;
    if (result !== 0) {
      this.giveBack(instance);
      this.core.records.count(child, 'left_alone');
    } else this.hook(instance, regs, cpu);
  }

  /** No instance was free for a call (also the gate lab_kretprobe_missed). */
  missed(rp: bigint): void {
    const { core } = this;
    core.structs.setReturn(rp, 'nmissed', core.structs.getReturn(rp, 'nmissed') + 1n);
    const child = core.state.byKprobe.get(rp + core.structs.kpInKretprobe);
    if (child !== undefined)
      core.emitChild('missed', child, `all ${child.pool?.maxactive} instances are in use (maxactive)`);
  }

  /** Answers kretprobe_next: handlers newest first for the frame that returned, then the true return address. */
  next(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { core } = this;
    const task = core.kernel.tasks.currentAddress(cpu);
    if (call.get('phase') === PHASE.start) {
      const returnTo = this.trueReturn(task);
      if (returnTo === undefined) return this.lost(cpu);
      regs.set('ip', returnTo);
      call.set('phase', PHASE.ask);
      call.setAddress('site', core.blocks.currentKprobe(cpu));
    } else if (call.get('phase') === PHASE.returned) {
      call.set('phase', PHASE.ask);
      core.running(cpu).child = undefined;
      if (this.recycle(task)) return this.finish(call, cpu);
    }
    for (;;) {
      const instance = this.newest(task);
      if (instance === 0n) return this.finish(call, cpu);
      if (this.ask(instance, call, regs, cpu)) return ANSWER.call;
      if (this.recycle(task)) return this.finish(call, cpu);
    }
  }

  /** The task is gone; its instances go back to their pools without any handler (kprobe_flush_task). */
  flush(task: bigint): void {
    while (this.newest(task) !== 0n) this.recycle(task);
    this.freeRetired();
  }

  /**
   * The true return address for the stack slot at `frame` of a task; undefined when the slot was not replaced. For the
   * unwinder and kretprobe_find_ret_addr.
   */
  recover(task: bigint, frame: bigint): bigint | undefined {
    const { structs } = this.core;
    for (const instance of this.calls(task)) {
      if (structs.getInstance(instance, 'fp') !== frame) continue;
      const returnAddress = structs.getInstance(instance, 'ret_addr');
      if (returnAddress !== this.trampoline) return returnAddress;
    }
    return undefined;
  }

  /** Replaces the return address on the stack by the trampoline. */
  private hook(instance: bigint, regs: PtRegs, cpu: number): void {
    const { guest, tasks } = this.core.kernel;
    const task = tasks.currentAddress(cpu);
    this.core.structs.setInstance(instance, 'llist', this.newest(task));
    guest.setField(this.listInTask, task, instance);
    guest.write(regs.get('sp'), 8, this.trampoline);
  }

  private newest(task: bigint): bigint {
    return this.core.kernel.guest.getField(this.listInTask, task);
  }

  /** Instances of a task's calls under way, newest first. */
  private *calls(task: bigint): Generator<bigint> {
    let left = MOST_CALLS;
    for (let at = this.newest(task); at !== 0n && left > 0; left--) {
      yield at;
      at = this.core.structs.getInstance(at, 'llist');
    }
  }

  /** The newest saved address that is not the trampoline: where this frame returns to. */
  private trueReturn(task: bigint): bigint | undefined {
    for (const instance of this.calls(task)) {
      const returnAddress = this.core.structs.getInstance(instance, 'ret_addr');
      if (returnAddress !== this.trampoline) return returnAddress;
    }
    return undefined;
  }

  /** Runs or requests the return handler of an instance; true when the guest must call or ask again. */
  private ask(instance: bigint, call: ProbeCall, regs: PtRegs, cpu: number): boolean {
    const { core } = this;
    const rp = core.structs.getInstance(instance, 'rp');
    const child = rp === 0n ? undefined : core.state.byKprobe.get(rp + core.structs.kpInKretprobe);
    if (child === undefined || core.disabled(child)) return false;
    if (child.hostId !== undefined) {
      const host = core.hosts.get(child.hostId);
      if (host === undefined) return false;
      const data = core.state.callData.get(instance);
      const hit = new Visit(core.kernel, cpu, regs, host.probe, 'return', regs.get('ip'), data);
      if (host.spec.onReturn?.(hit) === 'stop') this.onStop(hit);
      // The guest asks again after every debugger's handler: the run must not depend on what its condition came to.
      if (host.spec.owner !== 'debugger') return false;
      call.set('phase', PHASE.returned);
      call.set('fn', 0);
      return true;
    }
    const handler = core.structs.getReturn(rp, 'handler');
    if (handler === 0n) return false;
    core.blocks.setCurrent(cpu, child.kprobe);
    core.blocks.setStatus(cpu, STATUS.active);
    core.running(cpu).child = child;
    call.set('phase', PHASE.returned);
    call.request(handler, instance, regs.address);
    return true;
  }

  /** Drops the newest instance; true when it was the frame's last. */
  private recycle(task: bigint): boolean {
    const instance = this.newest(task);
    if (instance === 0n) return true;
    const { structs, kernel, state } = this.core;
    const last = structs.getInstance(instance, 'ret_addr') !== this.trampoline;
    kernel.guest.setField(this.listInTask, task, structs.getInstance(instance, 'llist'));
    state.callData.delete(instance);
    this.giveBack(instance);
    return last;
  }

  private giveBack(instance: bigint): void {
    const { structs } = this.core;
    const holder = structs.getInstance(instance, 'rph');
    structs.setInstance(instance, 'llist', structs.getHolder(holder, 'free'));
    structs.setHolder(holder, 'free', instance);
  }

  private countFree(pool: Pool): number {
    const { structs } = this.core;
    let count = 0;
    for (let at = structs.getHolder(pool.holder, 'free'); at !== 0n && count < pool.maxactive; count++)
      at = structs.getInstance(at, 'llist');
    return count;
  }

  private finish(call: ProbeCall, cpu: number): number {
    this.core.blocks.setCurrent(cpu, call.getAddress('site'));
    return ANSWER.done;
  }

  private lost(cpu: number): number {
    this.core.kernel.printk(
      0,
      'kretprobe: Return address not found, not execute handler. Maybe there is a bug in the kernel.',
      cpu,
    );
    return ANSWER.notOurs;
  }
}
