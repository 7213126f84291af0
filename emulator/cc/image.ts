/**
 * A linked image: the kernel, a module, or a user program, placed at its final address.
 *
 * All offsets are from `base`. The image is contiguous: the loader copies `bytes` to base and clears the rest up to `size`.
 */
import type { UnitDebug } from './debug';

/** A named part of the image, kept for /sys/module/x/sections, for freeing .init, and for the ELF export. */
export interface ImageSection {
  name: string;
  offset: number;
  size: number;
  align: number;
  nobits: boolean;
  flags: { write: boolean; exec: boolean };
}

/** A symbol with its final offset. `letter` is nm's letter (T t D d B b R r A W V), as /proc/kallsyms prints it. */
export interface ImageSymbol {
  name: string;
  offset: number;
  size: number;
  letter: string;
  section: string;
  binding: 'local' | 'global' | 'weak';
}

/** The whole linked result. `symbols` are sorted by offset; `debug` functions by start. */
export interface Image {
  name: string;
  base: bigint;
  size: number;
  bytes: Uint8Array;
  entry: number | undefined;
  sections: ImageSection[];
  symbols: ImageSymbol[];
  debug: UnitDebug;
}
