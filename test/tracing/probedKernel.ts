/**
 * The recorded kernel's symbols with memory and hits on top: what a test pokes is readable, `hit` runs the handlers of
 * the probes that are registered and enabled there.
 */
import type { PtRegsName } from '../../emulator/kernel/ptregs';
import type { Hit, HostProbe, HostProbeSpec } from '../../emulator/kprobes/types';
import type { TraceHost } from '../../emulator/tracing/host';
import { recordedKernel } from './recordedKernel';

export class ProbedKernel {
  readonly host: TraceHost;
  private readonly memory = new Map<bigint, number>();
  private readonly probes: { probe: HostProbe; spec: HostProbeSpec; enabled: boolean }[] = [];
  private clock = 1_500_000_000;

  constructor() {
    const base = recordedKernel();
    const read = (address: bigint, length: number): Uint8Array | undefined => {
      const bytes = Array.from({ length }, (_, index) => this.memory.get(address + BigInt(index)));
      return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes as number[]) : undefined;
    };
    this.host = {
      ...base,
      now: () => this.clock,
      register: (spec) => {
        const probe = base.register(spec);
        if (!('errno' in probe)) this.probes.push({ probe, spec, enabled: !spec.disabled });
        return probe;
      },
      unregister: (probe) => {
        const index = this.probes.findIndex((each) => each.probe === probe);
        if (index >= 0) this.probes.splice(index, 1);
      },
      setEnabled: (probe, enabled) => {
        for (const each of this.probes) if (each.probe === probe) each.enabled = enabled;
      },
      read,
      readUser: (address, length) => (address < 0x800000000000n ? read(address, length) : undefined),
    };
  }

  /** Puts text (latin-1) into memory; pages are whole: bytes after it read as zero up to the page's end. */
  poke(address: bigint, text: string): void {
    const end = (address | 0xfffn) + 1n;
    for (let at = address & ~0xfffn; at < end; at++) if (!this.memory.has(at)) this.memory.set(at, 0);
    for (let i = 0; i < text.length; i++) this.memory.set(address + BigInt(i), text.charCodeAt(i));
  }

  /** A hit of every enabled probe at the symbol's entry; `returnAddress` makes it the return. */
  hit(
    symbol: string,
    registers: Partial<Record<PtRegsName, bigint>>,
    comm: string,
    returnAddress?: bigint,
  ): void {
    const [address] = this.host.addressesOf(symbol);
    for (const { probe, spec, enabled } of this.probes) {
      if (!enabled || probe.address !== address) continue;
      this.clock += 1000;
      const hit = {
        cpu: 0,
        task: { pid: 97, comm },
        regs: { get: (name: PtRegsName) => registers[name] ?? 0n } as Hit['regs'],
        probe,
        address,
        when: returnAddress === undefined ? 'pre' : 'return',
        returnAddress,
        data: undefined,
        timestamp: this.clock,
      } satisfies Hit;
      if (returnAddress === undefined) spec.pre?.(hit);
      else spec.onReturn?.(hit);
    }
  }
}
