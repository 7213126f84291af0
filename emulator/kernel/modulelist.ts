/**
 * The text of /proc/modules: name, size, reference count, users, state, address, taint flags.
 */
import type { Kernel } from './kernel';

/** Our modules' reference count starts at one, which is not shown. */
const REFERENCE_BASE = 1n;
const STATES = ['Live', 'Loading', 'Unloading', 'Unformed'];

/** Newest first, as the kernel's list is read. */
export function procModules(kernel: Kernel): string {
  const { guest } = kernel;
  const lines = kernel.modules.all().map(({ address, loaded }) => {
    const size = guest.get('module', address, 'core_layout.size');
    const references = guest.get('module', address, 'refcnt.counter') - REFERENCE_BASE;
    const users = usersOf(kernel, address);
    const state = STATES[Number(guest.get('module', address, 'state'))] ?? 'Live';
    const base = guest.get('module', address, 'core_layout.base').toString(16).padStart(16, '0');
    const proprietary = guest.get('module', address, 'license_gplok') === 0n ? 'P' : '';
    return `${loaded.name} ${size} ${references} ${users} ${state} 0x${base} (${proprietary}O)\n`;
  });
  return lines.reverse().join('');
}

/** Modules that use this one, each followed by a comma; '-' when none does. */
function usersOf(kernel: Kernel, address: bigint): string {
  const { guest } = kernel;
  const head = guest.member('module', address, 'source_list');
  const names: string[] = [];
  for (const use of guest.list(head, 'module_use', 'source_list')) {
    const user = kernel.modules.at(guest.get('module_use', use, 'source'));
    if (user !== undefined) names.push(`${user.name},`);
  }
  return names.length === 0 ? '-' : names.join('');
}
