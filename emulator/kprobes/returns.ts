/**
 * Registering return probes: register_kretprobe's own checks, its pool of instances, and removal.
 *
 * Order and errno: kprobes.md 1.4, second list (Linux 6.1).
 */
import { errno } from '../kernel/errno';
import type { Core } from './core';
import { type Kretprobes, MAX_DATA_SIZE } from './kretprobe';
import { findPlace } from './place';
import { isRefusal, refuse } from './refusal';
import type { Registry } from './register';
import type { Child } from './state';
import type { Refusal } from './types';

/** x86's kretprobe blacklist. */
const NEVER = new Set(['__switch_to']);

export class ReturnProbes {
  constructor(
    private readonly core: Core,
    private readonly registry: Registry,
    private readonly kretprobes: Kretprobes,
  ) {}

  /** register_kretprobe(): `host` names the host probe when no module owns the struct. */
  register(rp: bigint, owner: Child['owner'], hostId: number | undefined): Child | Refusal {
    const result = this.tryRegister(rp, owner, hostId);
    if (isRefusal(result) && !this.core.state.byKprobe.has(rp + this.core.structs.kpInKretprobe)) {
      this.core.emit('refused', { kprobe: rp, address: 0n, symbol: '' }, `${result.name}: ${result.reason}`);
    }
    return result;
  }

  /** unregister_kretprobe(): calls still under way return without the handler. */
  unregister(rp: bigint): void {
    const kprobe = rp + this.core.structs.kpInKretprobe;
    const child = this.core.state.byKprobe.get(kprobe);
    this.registry.unregister(kprobe);
    if (child?.pool !== undefined) this.kretprobes.dropPool(child.pool);
  }

  private tryRegister(rp: bigint, owner: Child['owner'], hostId: number | undefined): Child | Refusal {
    const { core } = this;
    const { structs, kernel } = core;
    if (!kernel.config.on('KRETPROBES')) {
      return refuse('EOPNOTSUPP', 'this kernel has no return probes (CONFIG_KRETPROBES=n)');
    }
    const kprobe = rp + structs.kpInKretprobe;
    const pointer = structs.get(kprobe, 'symbol_name');
    const address = structs.get(kprobe, 'addr');
    const symbol = pointer === 0n ? undefined : kernel.guest.string(pointer, 512);
    const place = findPlace(kernel, { symbol, address, offset: Number(structs.get(kprobe, 'offset')) });
    if (isRefusal(place)) return place;
    if (!place.onFunctionEntry) {
      return refuse(
        'EINVAL',
        `a return probe needs the first instruction of a function, not ${place.symbol.name}+0x${place.symbol.offset.toString(16)}`,
      );
    }
    if (core.state.byKprobe.has(kprobe))
      return refuse('EINVAL', 'this struct is registered already: unregister it first');
    if (NEVER.has(place.symbol.name)) {
      return refuse(
        'EINVAL',
        `${place.symbol.name} returns on another stack: it cannot carry a return probe`,
      );
    }
    const dataSize = Number(structs.getReturn(rp, 'data_size'));
    if (dataSize > MAX_DATA_SIZE)
      return refuse('E2BIG', `data_size is ${dataSize}, at most ${MAX_DATA_SIZE} is allowed`);
    let maxactive = Number(structs.getReturn(rp, 'maxactive'));
    if (maxactive <= 0) {
      maxactive = Math.max(10, 2 * kernel.machine.cpus.length);
      structs.setReturn(rp, 'maxactive', BigInt(maxactive));
    }
    structs.set(kprobe, 'pre_handler', 0n);
    structs.set(kprobe, 'post_handler', 0n);
    const pool = this.kretprobes.makePool(rp, maxactive, dataSize, hostId === undefined);
    if (pool === undefined)
      return refuse('ENOMEM', `no memory for ${maxactive} instances of ${dataSize} bytes`);
    structs.setReturn(rp, 'nmissed', 0n);
    structs.setReturn(rp, 'rph', pool.holder);
    const child = this.registry.register({ kind: 'kretprobe', owner, kprobe, container: rp, hostId, pool });
    if (isRefusal(child)) this.kretprobes.dropPool(pool);
    else structs.setHolder(pool.holder, 'probe', child.record.address);
    return child;
  }
}

/** Registers an array: on the first failure all earlier ones are taken back. */
export function registerAll(
  items: readonly bigint[],
  register: (item: bigint) => number,
  unregister: (item: bigint) => void,
): number {
  if (items.length === 0) return -errno('EINVAL');
  for (const [index, item] of items.entries()) {
    const result = register(item);
    if (result >= 0) continue;
    for (const earlier of items.slice(0, index)) unregister(earlier);
    return result;
  }
  return 0;
}
