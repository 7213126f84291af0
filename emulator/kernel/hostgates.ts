/**
 * The host's answers to the kernel's own gates (include/lab/gates.h): console, CPUs, faults, symbols, modules, files.
 *
 * The probes' gates are defined by kprobes/gates.ts.
 */
import { startCpu } from './boot';
import type { GateCall } from './gates';
import type { HostStat } from './hostfs';
import type { Kernel } from './kernel';
import type { OopsReport } from './types';
import { explainUndefined } from './undefined';

const ENOENT = -2;
const EFAULT = -14;
const NAME_SIZE = 256;
const SYMBOL_OFFSET = 1;
const SYMBOL_BACKTRACE = 2;

/** Defines all of them. */
export function defineKernelGates(kernel: Kernel): void {
  defineConsole(kernel);
  defineMachine(kernel);
  defineFaults(kernel);
  defineSymbols(kernel);
  defineModules(kernel);
  defineFiles(kernel);
}

function defineConsole(kernel: Kernel): void {
  const { gates, guest } = kernel;
  const text = (address: bigint, length: number, cpu: number) =>
    new TextDecoder().decode(guest.peek(address, length, cpu) ?? new Uint8Array(0));
  gates.define('lab_console_write', (call) => {
    const level = call.long(0);
    const record = kernel.record(
      Math.max(level, 0),
      text(call.argument(1), call.long(2), call.cpu.index),
      call.cpu.index,
      call.argument(3),
    );
    if (level < 0) kernel.console.append(record);
    else kernel.console.add(record);
    return undefined;
  });
  gates.define('lab_tty_write', (call) => {
    kernel.listeners.tty(text(call.argument(0), call.long(1), call.cpu.index));
    return undefined;
  });
}

function defineMachine(kernel: Kernel): void {
  const { gates, machine } = kernel;
  gates.define('lab_start_cpu', (call) => {
    startCpu(machine, call.int(0), kernel.rawSymbol('secondary_startup_64'), call.argument(1));
    return undefined;
  });
  gates.define('lab_power_off', (call) => {
    kernel.listeners.powerOff(exitCode(call.int(0)));
    machine.requestStop();
    return undefined;
  });
  gates.define('lab_free_init', () => {
    kernel.freeInit();
    return undefined;
  });
  gates.define('lab_task_exit', (call) => {
    const task = kernel.tasks.read(call.argument(0));
    if (call.int(2) !== 0) kernel.listeners.taskExited(task.address, task.pid, task.comm, call.int(1));
    return undefined;
  });
}

/** A shell's exit code for a wait status: the code itself, or 128 and the signal. */
function exitCode(status: number): number {
  return (status & 0x7f) === 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
}

function defineFaults(kernel: Kernel): void {
  const { gates, guest } = kernel;
  const report = (call: GateCall, kind: OopsReport['kind'], message: string, regs: bigint | undefined) => {
    const cpu = call.cpu.index;
    kernel.listeners.oops({
      kind,
      message,
      cpu,
      task: kernel.currentOrIdle(cpu),
      regs,
      address: regs === undefined ? call.caller : guest.get('pt_regs', regs, 'ip'),
      lines: lastReport(kernel, cpu),
    });
  };
  gates.define('lab_oops', (call) => {
    const message = guest.string(call.argument(1), 512);
    report(call, /kernel BUG/.test(message) ? 'bug' : 'oops', message, call.argument(0));
    return undefined;
  });
  gates.define('lab_undefined', (call) => {
    explainUndefined(kernel, call.argument(0), call.cpu.index);
    return undefined;
  });
  gates.define('lab_warn', (call) => {
    const file = guest.peekString(call.argument(1), 512) ?? '?';
    report(call, 'warn', `WARNING at ${file}:${call.int(2)}`, call.argument(0));
    return undefined;
  });
  gates.define('lab_panic', (call) => {
    report(call, 'panic', guest.string(call.argument(0), 512), undefined);
    return undefined;
  });
  gates.define('lab_sleep_in_atomic', (call) => {
    const file = guest.peekString(call.argument(0), 512) ?? '?';
    report(
      call,
      'warn',
      `sleeping function called from invalid context at ${file}:${call.int(1)}`,
      undefined,
    );
    return undefined;
  });
}

/** The console lines of the report that the guest has just printed: from its first line on, of this CPU. */
function lastReport(kernel: Kernel, cpu: number): string[] {
  const records = kernel.console.all();
  let from = records.length;
  for (let index = records.length - 1; index >= Math.max(0, records.length - 120); index--) {
    const record = records[index];
    if (record.cpu !== cpu) continue;
    from = index;
    if (/^(BUG: |------------\[ cut here|Kernel panic|Oops: |general protection)/.test(record.text)) break;
  }
  return records.slice(from).flatMap((record) => (record.cpu === cpu ? [record.text] : []));
}

function defineSymbols(kernel: Kernel): void {
  const { gates, guest, symbols } = kernel;
  gates.define(
    'lab_kallsyms_lookup_name',
    (call) => symbols.lookup(guest.string(call.argument(0), 512))?.address ?? 0n,
  );
  gates.define('lab_sprint_symbol', (call) => {
    const flags = call.int(2);
    const back = (flags & SYMBOL_BACKTRACE) !== 0;
    const bytes = new TextEncoder().encode(
      symbolText(kernel, call.argument(1), (flags & SYMBOL_OFFSET) !== 0 || back, back),
    );
    const cut = bytes.subarray(0, NAME_SIZE * 2 - 1);
    guest.poke(call.argument(0), Uint8Array.of(...cut, 0));
    return cut.length;
  });
  gates.define('lab_lookup_size_offset', (call) => {
    const hit = symbols.at(call.argument(0));
    if (hit === undefined) return 0;
    if (call.argument(1) !== 0n) guest.write(call.argument(1), 8, BigInt(hit.size));
    if (call.argument(2) !== 0n) guest.write(call.argument(2), 8, BigInt(hit.offset));
    return 1;
  });
  gates.define('lab_recover_return_address', (call) => {
    const address = call.argument(1);
    return kernel.probes.recover(call.argument(0), call.argument(2)) ?? address;
  });
}

function symbolText(kernel: Kernel, address: bigint, offset: boolean, back: boolean): string {
  if (!back) return kernel.symbols.format(address, { offset });
  const hit = kernel.config.on('KALLSYMS') ? kernel.symbols.at(address - 1n) : undefined;
  if (hit === undefined) return `0x${address.toString(16)}`;
  const where = `+0x${(hit.offset + 1).toString(16)}/0x${hit.size.toString(16)}`;
  return `${hit.name}${where}${hit.module === undefined ? '' : ` [${hit.module}]`}`;
}

function defineModules(kernel: Kernel): void {
  const { gates, guest, modules, listeners } = kernel;
  gates.define('lab_module_begin', (call) => modules.begin(call.argument(0), call.argument(1), call.long(2)));
  gates.define('lab_module_link', (call) => modules.link(call.argument(0), call.argument(1)));
  gates.define('lab_module_uses', (call) => modules.usedBy(call.argument(0), call.int(1)));
  gates.define('lab_module_coming', (call) => {
    const loaded = modules.at(call.argument(0));
    if (loaded !== undefined) listeners.moduleLoaded(loaded.name);
    return undefined;
  });
  gates.define('lab_module_live', (call) => {
    const loaded = modules.at(call.argument(0));
    if (loaded === undefined) return undefined;
    const init = loaded.image.sections.filter(
      (section) => section.name.startsWith('.init') && section.size > 0,
    );
    for (const section of init) {
      const start = loaded.image.base + BigInt(section.offset);
      listeners.codeGoing(
        start,
        start + BigInt(section.size),
        `the .init part of module ${loaded.name} was freed`,
      );
    }
    loaded.initFreed = true;
    kernel.symbols.dropInit(loaded.name);
    guest.forgetModulePages();
    return undefined;
  });
  gates.define('lab_module_going', (call) => {
    const loaded = modules.at(call.argument(0));
    if (loaded === undefined) return undefined;
    const { image } = loaded;
    listeners.codeGoing(image.base, image.base + BigInt(image.size), `module ${loaded.name} was unloaded`);
    return undefined;
  });
  gates.define('lab_module_free', (call) => {
    const loaded = modules.at(call.argument(0));
    modules.free(call.argument(0));
    if (loaded !== undefined) listeners.moduleUnloaded(loaded.name);
    return undefined;
  });
}

function defineFiles(kernel: Kernel): void {
  const { gates, guest, hostfs } = kernel;
  const path = (call: GateCall, index: number) => guest.string(call.argument(index), 4096, call.cpu.index);
  const putStat = (address: bigint, stat: HostStat) => {
    const set = (member: string, value: number) => guest.set('lab_fs_stat', address, member, BigInt(value));
    set('mode', stat.mode);
    set('nlink', 1);
    set('ino', 0);
    set('size', stat.size);
  };
  gates.define('lab_fs_open', (call) => {
    const task = kernel.tasks.current(call.cpu.index);
    return hostfs.open(path(call, 0), call.int(1), { pid: task?.pid ?? 0, privileged: true });
  });
  gates.define('lab_fs_read', (call) => {
    const answer = hostfs.read(call.int(0), call.long(3), call.long(2));
    if (typeof answer === 'number') return answer;
    return guest.poke(call.argument(1), answer, call.cpu.index) ? answer.length : EFAULT;
  });
  gates.define('lab_fs_write', (call) => {
    const bytes = guest.peek(call.argument(1), call.long(2), call.cpu.index);
    return bytes === undefined ? EFAULT : hostfs.write(call.int(0), call.long(3), bytes);
  });
  gates.define('lab_fs_release', (call) => hostfs.release(call.int(0)));
  gates.define('lab_fs_stat', (call) => {
    const stat = hostfs.stat(path(call, 0));
    if (stat === undefined) return ENOENT;
    putStat(call.argument(1), stat);
    return 0;
  });
  gates.define('lab_fs_readdir', (call) => {
    const directory = path(call, 0);
    const names = hostfs.list(directory);
    if (names === undefined) return ENOENT;
    const name = names[call.long(1)];
    if (name === undefined) return 0;
    guest.poke(
      call.argument(2),
      Uint8Array.of(...new TextEncoder().encode(name).subarray(0, NAME_SIZE - 1), 0),
    );
    const stat = hostfs.stat(`${directory}/${name}`);
    if (stat !== undefined) putStat(call.argument(3), stat);
    return 1;
  });
  gates.define('lab_fs_truncate', (call) => hostfs.truncate(path(call, 0), call.long(1)));
  gates.define('lab_fs_mkdir', (call) => hostfs.mkdir(path(call, 0), call.int(1)));
  gates.define('lab_fs_rmdir', (call) => hostfs.rmdir(path(call, 0)));
  gates.define('lab_fs_unlink', (call) => hostfs.unlink(path(call, 0)));
}
