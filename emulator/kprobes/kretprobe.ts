/**
 * Return probes: taking an instance at entry, replacing the return address, running handlers at the trampoline.
 *
 * Instances of one task form a stack; several return probes may share one frame, then all but the oldest of them saved
 * the trampoline's address (kprobes.md 1.7; Linux kernel/trace/rethook.c). Module probes have their instances in guest
 * memory (struct kretprobe_instance), host probes only here.
 */
import type { PtRegs } from '../kernel/ptregs';
import { ANSWER, type ProbeCall } from './call';
import type { Core } from './core';
import { type Child, type Instance, type Pool, STATUS } from './state';
import type { Hit } from './types';
import { Visit } from './visit';

export const MAX_DATA_SIZE = 4096;
const PHASE = { start: 0, ask: 1, returned: 2 } as const;

export class Kretprobes {
  onStop: (hit: Hit) => void = () => {};
  /** Address of __kretprobe_trampoline. */
  readonly trampoline: bigint;

  constructor(private readonly core: Core) {
    this.trampoline = core.kernel.findRaw('__kretprobe_trampoline') ?? 0n;
  }

  /** The pool of a probe's instances; undefined without memory (-ENOMEM). `guest`: handlers of a module see them. */
  makePool(maxactive: number, dataSize: number, guest: boolean): Pool | undefined {
    const free = Array.from({ length: maxactive }, (_, index) => maxactive - 1 - index);
    if (!guest) return { maxactive, dataSize, base: 0n, stride: 0, free, block: undefined };
    const stride = (this.core.structs.instanceSize + dataSize + 15) & ~15;
    const block = this.core.arena.takeBlock(stride * maxactive);
    if (block === undefined) return undefined;
    this.core.kernel.guest.poke(block.address, new Uint8Array(block.size));
    return { maxactive, dataSize, base: block.address, stride, free, block };
  }

  /** The probe is gone: calls still under way lose it, its memory is free. */
  dropPool(pool: Pool): void {
    if (pool.block !== undefined) this.core.arena.freeBlock(pool.block);
  }

  /**
   * A hit at the function's entry: takes an instance (or counts a miss). Answers an entry handler that the guest must
   * call first; then `entered` finishes. Host probes and probes without entry handler are armed at once.
   */
  enter(child: Child, regs: PtRegs, cpu: number): { handler: bigint; instance: bigint } | undefined {
    const { core } = this;
    const pool = child.pool;
    if (pool === undefined || child.container === undefined) return undefined;
    const index = pool.free.pop();
    if (index === undefined) {
      core.structs.setReturn(
        child.container,
        'nmissed',
        core.structs.getReturn(child.container, 'nmissed') + 1n,
      );
      core.emitChild('missed', child, `all ${pool.maxactive} instances are in use (maxactive)`);
      return undefined;
    }
    if (child.hostId !== undefined) {
      this.enterHost(child, index, regs, cpu);
      return undefined;
    }
    const address = pool.base + BigInt(index * pool.stride);
    const { structs } = core;
    structs.setInstance(address, 'rp', child.container);
    structs.setInstance(address, 'task', core.kernel.tasks.currentAddress(cpu));
    structs.setInstance(address, 'fp', regs.get('sp'));
    structs.setInstance(address, 'ret_addr', core.kernel.guest.u64(regs.get('sp')));
    const handler = structs.getReturn(child.container, 'entry_handler');
    core.running(cpu).entering = index;
    if (handler !== 0n) return { handler, instance: address };
    this.entered(child, 0, regs, cpu);
    return undefined;
  }

  /** The entry handler returned: 0 hooks this call, anything else gives the instance back. */
  entered(child: Child, result: number, regs: PtRegs, cpu: number): void {
    const { core } = this;
    const running = core.running(cpu);
    const index = running.entering;
    running.entering = undefined;
    if (index === undefined || child.pool === undefined) return;
    if (result !== 0) {
      child.pool.free.push(index);
      core.emitChild(
        'skipped',
        child,
        `its entry handler returned ${result}: this call's return is not probed`,
      );
      return;
    }
    this.hook(child, index, child.pool.base + BigInt(index * child.pool.stride), undefined, regs, cpu);
  }

  private enterHost(child: Child, index: number, regs: PtRegs, cpu: number): void {
    const host = this.core.hosts.get(child.hostId ?? 0);
    if (host === undefined) return;
    const hit = new Visit(this.core.kernel, cpu, regs, host.probe, 'pre', undefined, undefined);
    this.hook(child, index, 0n, host.spec.entry?.(hit), regs, cpu);
  }

  /** Replaces the return address on the stack by the trampoline. */
  private hook(child: Child, index: number, address: bigint, data: unknown, regs: PtRegs, cpu: number): void {
    const { core } = this;
    const frame = regs.get('sp');
    const task = core.kernel.tasks.currentAddress(cpu);
    const instance: Instance = {
      child: child.id,
      index,
      address,
      returnAddress: core.kernel.guest.u64(frame),
      frame,
      data,
    };
    const stack = core.state.instances.get(task);
    if (stack === undefined) core.state.instances.set(task, [instance]);
    else stack.push(instance);
    core.kernel.guest.write(frame, 8, this.trampoline);
  }

  /** Answers kretprobe_next: handlers newest first for the frame that returned, then the true return address. */
  next(call: ProbeCall, regs: PtRegs, cpu: number): number {
    const { core } = this;
    const task = core.kernel.tasks.currentAddress(cpu);
    const stack = core.state.instances.get(task) ?? [];
    if (call.get('phase') === PHASE.start) {
      const returnTo = this.trueReturn(stack);
      if (returnTo === undefined) return this.lost(cpu);
      regs.set('ip', returnTo);
      call.set('phase', PHASE.ask);
      call.setAddress('site', core.blocks.currentKprobe(cpu));
    } else if (call.get('phase') === PHASE.returned) {
      call.set('phase', PHASE.ask);
      core.running(cpu).child = undefined;
      if (this.recycle(stack)) return this.finish(call, stack, task, cpu);
    }
    for (;;) {
      const instance = stack[stack.length - 1];
      if (instance === undefined) return this.finish(call, stack, task, cpu);
      if (this.ask(instance, call, regs, cpu)) return ANSWER.call;
      if (this.recycle(stack)) return this.finish(call, stack, task, cpu);
    }
  }

  /** The task is gone; its instances go back to their pools without any handler (kprobe_flush_task). */
  flush(task: bigint): void {
    for (const instance of this.core.state.instances.get(task) ?? []) this.giveBack(instance);
    this.core.state.instances.delete(task);
  }

  /**
   * The true return address for the stack slot at `frame` of a task; undefined when the slot was not replaced. For the
   * unwinder and kretprobe_find_ret_addr.
   */
  recover(task: bigint, frame: bigint): bigint | undefined {
    const stack = this.core.state.instances.get(task) ?? [];
    return stack.find((each) => each.frame === frame && each.returnAddress !== this.trampoline)
      ?.returnAddress;
  }

  /** The newest saved address that is not the trampoline: where this frame returns to. */
  private trueReturn(stack: readonly Instance[]): bigint | undefined {
    for (let index = stack.length - 1; index >= 0; index--) {
      if (stack[index].returnAddress !== this.trampoline) return stack[index].returnAddress;
    }
    return undefined;
  }

  /** Runs or requests the return handler of an instance; true when the guest must call or ask again. */
  private ask(instance: Instance, call: ProbeCall, regs: PtRegs, cpu: number): boolean {
    const { core } = this;
    const child = core.state.children.get(instance.child);
    if (child?.container === undefined || core.disabled(child)) return false;
    if (child.hostId !== undefined) {
      const host = core.hosts.get(child.hostId);
      if (host === undefined) return false;
      const hit = new Visit(core.kernel, cpu, regs, host.probe, 'return', regs.get('ip'), instance.data);
      if (host.spec.onReturn?.(hit) !== 'stop') return false;
      call.set('phase', PHASE.returned);
      call.set('fn', 0);
      this.onStop(hit);
      return true;
    }
    const handler = core.structs.getReturn(child.container, 'handler');
    if (handler === 0n) return false;
    core.blocks.setCurrent(cpu, child.kprobe);
    core.blocks.setStatus(cpu, STATUS.active);
    core.running(cpu).child = child;
    call.set('phase', PHASE.returned);
    call.request(handler, instance.address, regs.address);
    return true;
  }

  /** Drops the newest instance; true when it was the frame's last. */
  private recycle(stack: Instance[]): boolean {
    const instance = stack.pop();
    if (instance === undefined) return true;
    this.giveBack(instance);
    return instance.returnAddress !== this.trampoline;
  }

  private giveBack(instance: Instance): void {
    this.core.state.children.get(instance.child)?.pool?.free.push(instance.index);
  }

  private finish(call: ProbeCall, stack: Instance[], task: bigint, cpu: number): number {
    this.core.blocks.setCurrent(cpu, call.getAddress('site'));
    if (stack.length === 0) this.core.state.instances.delete(task);
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
