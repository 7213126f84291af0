/**
 * Files of /proc that follow from what the host knows: kallsyms, modules and the configuration.
 */
import { KernelConsole } from './console';
import type { Kernel } from './kernel';
import { procModules } from './modulelist';
import { textProvider } from './textfiles';

/** The kernel log as <LEVEL>[TIME] TEXT lines, whole at each open; unlike Linux's, reading takes nothing out of it. */
function kernelLog(kernel: Kernel): string {
  return kernel.console
    .all()
    .map((record) => `<${record.level}>${KernelConsole.line(record)}\n`)
    .join('');
}

/** Mounts them. Without KALLSYMS there is no /proc/kallsyms. */
export function mountKernelFiles(kernel: Kernel): void {
  const config = new Map([['', { mode: 0o444, read: () => kernel.config.text() }]]);
  kernel.hostfs.mount(
    '/proc/config',
    textProvider(() => config),
  );
  const kmsg = new Map([['', { mode: 0o444, read: () => kernelLog(kernel) }]]);
  kernel.hostfs.mount(
    '/proc/kmsg',
    textProvider(() => kmsg),
  );
  const modules = new Map([['', { mode: 0o444, read: () => procModules(kernel) }]]);
  kernel.hostfs.mount(
    '/proc/modules',
    textProvider(() => modules),
  );
  if (!kernel.config.on('KALLSYMS')) return;
  const kallsyms = new Map([
    [
      '',
      { mode: 0o444, read: (context: { privileged: boolean }) => kernel.symbols.text(context.privileged) },
    ],
  ]);
  kernel.hostfs.mount(
    '/proc/kallsyms',
    textProvider(() => kallsyms),
  );
}
