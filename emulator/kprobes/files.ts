/**
 * The files of kprobes: debugfs's kprobes/list, enabled, blacklist, and the sysctl debug.kprobes-optimization.
 *
 * Formats are the kernel's to the byte (kprobes.md 1.12, oracle/README.md).
 */
import { errno } from '../kernel/errno';
import { type TextFile, textProvider } from '../kernel/textfiles';
import type { Core } from './core';
import type { Registry } from './register';
import { type Child, FLAG } from './state';

/** Where debugfs shows kprobes. */
export const DEBUGFS_KPROBES = '/sys/kernel/debug/kprobes';
export const SYSCTL_OPTIMIZATION = '/proc/sys/debug/kprobes-optimization';

/** Mounts them. Without OPTPROBES there is no sysctl; without DEBUG_FS no debugfs. */
export function mountProbeFiles(core: Core, registry: Registry): void {
  const { config, hostfs } = core.kernel;
  if (config.on('KPROBES') && config.on('DEBUG_FS')) {
    const files = debugFiles(core, registry);
    hostfs.mount(
      DEBUGFS_KPROBES,
      textProvider(() => files),
    );
  }
  if (config.on('OPTPROBES')) {
    const files = new Map([['', sysctlFile(core, registry)]]);
    hostfs.mount(
      SYSCTL_OPTIMIZATION,
      textProvider(() => files),
    );
  }
}

function debugFiles(core: Core, registry: Registry): Map<string, TextFile> {
  return new Map<string, TextFile>([
    ['list', { mode: 0o400, read: () => listText(core) }],
    ['blacklist', { mode: 0o400, read: () => blacklistText(registry) }],
    [
      'enabled',
      {
        mode: 0o600,
        read: () => (core.state.armedAll ? '1\n' : '0\n'),
        write: (text) => writeEnabled(core, registry, text),
      },
    ],
  ]);
}

/** One line per probe, in the order of Linux's 64 hash buckets, newest first within one. */
export function listText(core: Core): string {
  const children = [...core.state.children.values()].sort(
    (a, b) => bucket(a.site) - bucket(b.site) || b.id - a.id,
  );
  return children.map((child) => listLine(core, child)).join('');
}

function listLine(core: Core, child: Child): string {
  const site = core.state.sites.get(child.site);
  const hit = core.kernel.symbols.at(child.site);
  const address = child.site.toString(16).padStart(16, '0');
  const where = hit === undefined ? `0x${address}` : `${hit.name}+0x${hit.offset.toString(16)}`;
  const flags = core.structs.flags(child.kprobe);
  const gone = (flags & FLAG.gone) !== 0;
  const tags = [
    gone ? '[GONE]' : '',
    !gone && (flags & FLAG.disabled) !== 0 ? '[DISABLED]' : '',
    site?.optimisation !== undefined ? '[OPTIMIZED]' : '',
    (flags & FLAG.ftrace) !== 0 ? '[FTRACE]' : '',
  ].join('');
  const kind = child.kind === 'kretprobe' ? 'r' : child.kind === 'jprobe' ? 'j' : 'k';
  if (hit === undefined) return `${address}  ${kind}  ${where} ${tags}\n`;
  return `${address}  ${kind}  ${where}  ${hit.module ?? ' '} ${tags}\n`;
}

/** hash_ptr() to six bits: Linux's kprobe table. */
function bucket(address: bigint): number {
  return Number(BigInt.asUintN(64, address * 0x61c8864680b583ebn) >> 58n);
}

function blacklistText(registry: Registry): string {
  const hex = (address: bigint) => `0x${address.toString(16).padStart(16, '0')}`;
  const lines: string[] = [];
  for (const { start, end, symbol } of registry.blacklist.entries())
    lines.push(`${hex(start)}-${hex(end)}\t${symbol}\n`);
  return lines.join('');
}

function writeEnabled(core: Core, registry: Registry, text: string): number {
  const on = kernelBool(text);
  if (on === undefined) return -errno('EINVAL');
  if (on === core.state.armedAll) return 0;
  registry.setAllArmed(on);
  core.kernel.printk(6, `kprobes: Kprobes globally ${on ? 'enabled' : 'disabled'}`, 0);
  return 0;
}

/** kstrtobool: y Y 1 t T, n N 0 f F, on, off. */
function kernelBool(text: string): boolean | undefined {
  if (/^[yY1tT]/.test(text) || /^[oO][nN]/.test(text)) return true;
  return /^[nN0fF]/.test(text) || /^[oO][fF]/.test(text) ? false : undefined;
}

function sysctlFile(core: Core, registry: Registry): TextFile {
  return {
    mode: 0o644,
    read: () => (core.state.optimisationAllowed ? '1\n' : '0\n'),
    write: (text) => {
      const value = text.trim();
      if (value !== '0' && value !== '1') return -errno('EINVAL');
      const on = value === '1';
      if (on === core.state.optimisationAllowed) return 0;
      registry.optimiser.allow(on);
      core.kernel.printk(
        6,
        on
          ? 'kprobes: kprobe jump-optimization is enabled. All kprobes are optimized if possible.'
          : 'kprobes: kprobe jump-optimization is disabled. All kprobes are based on software breakpoint.',
        0,
      );
      return 0;
    },
  };
}
