/**
 * What a module's file says about itself without being loaded: the symbols that it needs and those that it exports. It
 * is what depmod reads.
 */
import { readObject } from '../cc/elf/read';

/** How EXPORT_SYMBOL(name) calls its entry (emulator/linux/include/linux/export.h), before the name. */
export const EXPORT_ENTRY = '__ksymtab_';

export interface ModuleInterface {
  needs: ReadonlySet<string>;
  exports: ReadonlySet<string>;
}

/** The interface of a .ko file; undefined when the bytes are no relocatable object. */
export function moduleInterface(bytes: Uint8Array): ModuleInterface | undefined {
  try {
    const { symbols } = readObject(bytes, 'module.ko');
    const needs = symbols.filter((symbol) => symbol.place === 'undefined').map((symbol) => symbol.name);
    const entries = symbols.filter((symbol) => symbol.name.startsWith(EXPORT_ENTRY));
    return {
      needs: new Set(needs),
      exports: new Set(entries.map((symbol) => symbol.name.slice(EXPORT_ENTRY.length))),
    };
  } catch {
    return undefined;
  }
}
