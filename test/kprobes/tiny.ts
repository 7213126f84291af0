/**
 * A machine with the tiny kernel (tiny-source.ts) and the real kernel, kprobes and probe structures on the host's side.
 */
import { assemble } from '../../emulator/cc/asm/assemble';
import type { DebugType, UnitDebug } from '../../emulator/cc/debug';
import { link } from '../../emulator/cc/link';
import { Machine } from '../../emulator/cpu/machine';
import { KERNEL_BASE } from '../../emulator/kernel/addresses';
import { loadKernel } from '../../emulator/kernel/boot';
import { kernelConfig } from '../../emulator/kernel/config';
import { Kernel } from '../../emulator/kernel/kernel';
import { Kprobes } from '../../emulator/kprobes/kprobes';
import type { Hit } from '../../emulator/kprobes/types';
import { tinyKernel } from './tiny-source';

/** Structures in Linux's member order, as far as the host reads them: [member, bytes]. */
const STRUCTS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  kprobe: [
    ['nmissed', 8],
    ['addr', 8],
    ['symbol_name', 8],
    ['offset', 4],
    ['pad', 4],
    ['pre_handler', 8],
    ['post_handler', 8],
    ['fault_handler', 8],
    ['opcode', 1],
    ['pad1', 3],
    ['flags', 4],
  ],
  kretprobe: [
    ['kp', 64],
    ['handler', 8],
    ['entry_handler', 8],
    ['maxactive', 4],
    ['nmissed', 4],
    ['data_size', 8],
    ['rph', 8],
  ],
  kretprobe_holder: [
    ['rp', 8],
    ['free', 8],
    ['taken', 4],
    ['direct', 4],
    ['probe', 8],
  ],
  kretprobe_instance: [
    ['llist', 8],
    ['rph', 8],
    ['rp', 8],
    ['ret_addr', 8],
    ['fp', 8],
    ['task', 8],
    ['data', 0],
  ],
  prev_kprobe: [
    ['kp', 8],
    ['status', 8],
    ['old_flags', 8],
    ['saved_flags', 8],
  ],
  kprobe_call: ['fn', 'arg0', 'arg1', 'arg2', 'arg3', 'result', 'phase', 'cursor', 'site', 'saved'].map(
    (name) => [name, 8] as const,
  ),
  lab_probe: ['next', 'kp', 'rp', 'hits', 'redirected', 'left_alone'].map((name) => [name, 8] as const),
  lab_probe_site: [
    'chain',
    'address',
    'following',
    'kprobe',
    'newest',
    'direct',
    'slot',
    'slot_end',
    'boosted',
    'emulation',
    'target',
    'condition',
  ].map((name) => [name, 8] as const),
  task_struct: [
    ['pid', 4],
    ['tgid', 4],
    ['comm', 16],
    ['stack', 8],
    ['flags', 4],
    ['exit_state', 4],
    ['__state', 4],
    ['kretprobe_instances', 8],
  ],
};

/** What a test holds: run the kernel's `entry` and look. */
export interface Tiny {
  machine: Machine;
  kernel: Kernel;
  kprobes: Kprobes;
  /** Hits whose handler answered 'stop'. */
  stops: Hit[];
  address(symbol: string): bigint;
  /** Runs from the beginning to lab_finished; answers rax. Throws when the machine stops otherwise. */
  run(): bigint;
}

/** Assembles `body` into a tiny kernel and loads it. */
export function tiny(body: string, overrides: Record<string, string> = {}): Tiny {
  const { object, errors } = assemble(tinyKernel(body), { file: 'tiny.S' });
  if (object === undefined) throw new Error(JSON.stringify(errors));
  object.debug = types();
  const linked = link([object], { name: 'vmlinux', base: KERNEL_BASE });
  if (linked.image === undefined) throw new Error(linked.errors.join('\n'));
  const { image } = linked;
  const machine = new Machine({ memoryBytes: 48 * 1024 * 1024, cpus: 1 });
  const kernel = new Kernel(machine, image, kernelConfig('lab', overrides).config);
  loadKernel(machine, {
    image,
    initrd: new Uint8Array(0),
    commandLine: '',
    symbol: (name) => kernel.rawSymbol(name),
  });
  kernel.start();
  const stops: Hit[] = [];
  const kprobes = new Kprobes(kernel, (hit) => {
    stops.push(hit);
    machine.requestStop();
  });
  const state: { now: 'running' | 'finished' | 'fault' } = { now: 'running' };
  const now = () => state.now;
  for (const [name, next] of [
    ['lab_finished', 'finished'],
    ['lab_fault', 'fault'],
  ] as const) {
    kernel.gates.define(name, () => {
      state.now = next;
      machine.requestStop();
      return undefined;
    });
  }
  kernel.gates.bind((name) => kernel.findRaw(name));
  setDescriptorTables(kernel);
  const cpu = machine.cpus[0];
  const run = () => {
    state.now = 'running';
    cpu.rip = kernel.rawSymbol('startup_64');
    cpu.rsp = kernel.rawSymbol('init_stack') + 16384n;
    cpu.rflags = 2n;
    for (let slices = 0; slices < 1000; slices++) {
      const stop = machine.run(100_000);
      if (now() === 'finished') return cpu.get(0);
      if (now() === 'fault' || stop.kind === 'shutdown') break;
    }
    throw new Error(`the tiny kernel did not finish: ${now()} at ${kernel.symbols.format(cpu.rip)}`);
  };
  return { machine, kernel, kprobes, stops, address: (name) => kernel.rawSymbol(name), run };
}

/** Debug tables with the structures and nothing else. */
function types(): UnitDebug {
  const list: DebugType[] = [{ kind: 'void' }];
  const integer = new Map<number, number>();
  const byteArray = (size: number) => {
    const known = integer.get(size);
    if (known !== undefined) return known;
    if (![1, 2, 4, 8].includes(size)) {
      list.push({ kind: 'array', of: byteArray(1), count: size });
    } else list.push({ kind: 'base', name: `u${size * 8}`, size, encoding: 'unsigned' });
    integer.set(size, list.length - 1);
    return list.length - 1;
  };
  const indexOf = new Map<string, number>();
  const struct = (name: string, members: readonly (readonly [string, number | string])[]) => {
    let offset = 0;
    const placed = members.map(([member, size]) => {
      const inner = typeof size === 'string' ? (indexOf.get(size) ?? 0) : byteArray(size);
      const at = offset;
      const type = list[inner];
      offset += typeof size === 'number' ? size : type.kind === 'struct' ? type.size : 0;
      return { name: member, type: inner, offset: at };
    });
    list.push({ kind: 'struct', name, size: offset, complete: true, members: placed });
    indexOf.set(name, list.length - 1);
  };
  for (const [name, members] of Object.entries(STRUCTS)) struct(name, members);
  struct('kprobe_ctlblk', [
    ['kprobe_status', 8],
    ['kprobe_old_flags', 8],
    ['kprobe_saved_flags', 8],
    ['prev_kprobe', 'prev_kprobe'],
  ]);
  return { files: [], types: list, functions: [], inlineOnly: [], globals: [], macros: [], includes: [] };
}

/** A GDT with the kernel's two segments and an IDT whose vector 3 is asm_exc_int3. */
export function setDescriptorTables(kernel: Kernel): void {
  const { guest, machine } = kernel;
  const gdt = KERNEL_BASE - 0x10000n;
  const idt = KERNEL_BASE - 0x8000n;
  guest.write(gdt + 0x10n, 8, 0x00af9b000000ffffn);
  guest.write(gdt + 0x18n, 8, 0x00cf93000000ffffn);
  const handler = kernel.rawSymbol('asm_exc_int3');
  const gate = 0x8e00n << 32n;
  const low = (handler & 0xffffn) | (0x10n << 16n) | gate | (((handler >> 16n) & 0xffffn) << 48n);
  guest.write(idt + 48n, 8, low);
  guest.write(idt + 56n, 8, handler >> 32n);
  machine.cpus[0].setTable('gdtr', gdt, 0x1f);
  machine.cpus[0].setTable('idtr', idt, 0xfff);
}
