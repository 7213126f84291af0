/**
 * Files of /proc that follow from what the host knows: kallsyms and the configuration. /proc/modules is the guest's own.
 */
import type { Kernel } from './kernel';
import { textProvider } from './textfiles';

/** Mounts them. Without KALLSYMS there is no /proc/kallsyms. */
export function mountKernelFiles(kernel: Kernel): void {
  const config = new Map([['', { mode: 0o444, read: () => kernel.config.text() }]]);
  kernel.hostfs.mount(
    '/proc/config',
    textProvider(() => config),
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
