/**
 * The real kernel behind tracing: emulator/tracing asks through TraceHost, this answers from kernel and kprobes.
 */

import { KERNEL_HALF } from '../kernel/addresses';
import type { Kernel } from '../kernel/kernel';
import type { Kprobes } from '../kprobes/kprobes';
import type { TraceHost } from '../tracing/host';
import { TraceFs } from '../tracing/tracefs';
import type { Tracing } from '../tracing/tracing';

/** Mixed into hashed pointers; fixed, because runs repeat exactly. */
const POINTER_KEY = 0x9e3779b97f4a7c15n;

export function traceHost(kernel: Kernel, kprobes: Kprobes): TraceHost {
  const { guest, symbols, machine } = kernel;
  return {
    cpus: machine.cpus.length,
    now: () => machine.clock,
    addressesOf: (symbol) => symbols.all(symbol).map(({ address }) => address),
    moduleSymbol: (module, symbol) => symbols.lookup(`${module}:${symbol}`)?.address,
    moduleLoaded: (module) => kernel.images.byName(module)?.kind === 'module',
    symbolAt: (address) => symbols.at(address),
    traceable: (address) => traceable(kernel, address),
    register: (spec) => kprobes.registerHost(spec),
    unregister: (probe) => kprobes.unregisterHost(probe),
    setEnabled: (probe, enabled) => {
      kprobes.setEnabled(probe, enabled);
    },
    missed: (probe) => kprobes.misses(probe),
    path: (probe) => (kprobes.usesTrap(probe) ? 'int3' : 'other'),
    read: (address, length) => guest.peek(address, length, kernel.gates.cpu),
    readUser: (address, length) =>
      address + BigInt(length) > KERNEL_HALF ? undefined : guest.peek(address, length, kernel.gates.cpu),
    hashPointer: (address) => `0x${hash(address).toString(16).padStart(16, '0')}`,
    log: (level, text) => kernel.printk(level, text, kernel.gates.cpu),
  };
}

/** tracefs at its own place and at its old one below debugfs. */
export function mountTraceFs(kernel: Kernel, tracing: Tracing): void {
  const files = new TraceFs(tracing);
  kernel.hostfs.mount('/sys/kernel/tracing', files);
  kernel.hostfs.mount('/sys/kernel/debug/tracing', files);
}

/** A function of C that is not notrace: what would have an ftrace site. */
function traceable(kernel: Kernel, address: bigint): boolean {
  const loaded = kernel.imageAt(address);
  if (loaded === undefined) return false;
  const fn = kernel.codeMap(loaded).functionAt(Number(address - loaded.image.base));
  return fn !== undefined && !fn.attributes.notrace;
}

/** 32 bits of hash, as %p shows them. */
function hash(address: bigint): bigint {
  const mixed = BigInt.asUintN(64, (address ^ (address >> 29n)) * POINTER_KEY);
  return mixed >> 32n;
}
