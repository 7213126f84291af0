/**
 * The linker: objects in, a placed image out. Kernel, modules and user programs are linked the same way; a module's
 * unresolved names are asked of `externals` (the kernel's symbols).
 *
 * It does not collect garbage and does not merge strings across objects; every error of a link is reported at once.
 */
import type { FunctionDebug } from './debug';
import type { Image, ImageSymbol } from './image';
import { DebugMerger } from './link/debug';
import { type Layout, layOut, type OutputSection } from './link/layout';
import { applyNear, applyRelocation } from './link/relocate';
import { collectGlobals, Resolver } from './link/symbols';
import type { ObjectFile, ObjectSymbol } from './object';

/**
 * How to link. `base` is the image's first address; `externals` resolves what no object defines. `elsewhere` maps an
 * output section to the address at which its symbols live at run time, when the image only holds its initial bytes
 * (a module's per-CPU variables).
 */
export interface LinkOptions {
  name: string;
  base: bigint;
  entry?: string;
  externals?: (name: string) => bigint | undefined;
  elsewhere?: ReadonlyMap<string, bigint>;
}

/** The image, or the errors that prevented it (in the kernel's words for unresolved names). */
export interface LinkResult {
  image: Image | undefined;
  errors: string[];
}

function nmLetter(
  section: OutputSection | undefined,
  binding: ObjectSymbol['binding'],
  isFunction: boolean,
): string {
  if (binding === 'weak') return isFunction ? 'W' : 'V';
  let letter = 'A';
  if (section) letter = section.flags.exec ? 'T' : section.nobits ? 'B' : section.flags.write ? 'D' : 'R';
  return binding === 'local' ? letter.toLowerCase() : letter;
}

function copySections(objects: readonly ObjectFile[], layout: Layout): Uint8Array {
  const bytes = new Uint8Array(layout.fileSize);
  for (const output of layout.sections) {
    if (output.nobits) continue;
    if (output.flags.exec) bytes.fill(0xcc, output.offset, output.offset + output.size);
    for (const input of output.inputs) {
      const section = objects[input.object].sections[input.section];
      if (section.nobits) bytes.fill(0, input.offset, input.offset + section.size);
      else bytes.set(section.data.subarray(0, section.size), input.offset);
    }
  }
  return bytes;
}

function relocate(
  objects: readonly ObjectFile[],
  layout: Layout,
  resolver: Resolver,
  base: bigint,
  bytes: Uint8Array,
  errors: string[],
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  objects.forEach((object, objectIndex) => {
    const resolved = object.symbols.map(() => undefined as ReturnType<Resolver['resolve']> | null);
    object.sections.forEach((section, sectionIndex) => {
      const start = layout.offsets[objectIndex][sectionIndex];
      if (start < 0) return;
      for (const relocation of section.relocations) {
        let target = resolved[relocation.symbol];
        if (target === undefined) {
          target = resolver.resolve(objectIndex, relocation.symbol) ?? null;
          resolved[relocation.symbol] = target;
        }
        if (target === null) continue;
        const at = start + relocation.offset;
        if (
          target.kind === 'offset' &&
          applyNear(view, at, relocation.kind, target.offset + relocation.addend - at)
        ) {
          continue;
        }
        const address = target.kind === 'offset' ? base + BigInt(target.offset) : target.address;
        if (!applyRelocation(view, at, relocation.kind, address, relocation.addend, base + BigInt(at))) {
          const name = object.symbols[relocation.symbol].name;
          errors.push(
            `${object.name}: ${section.name}+0x${relocation.offset.toString(16)}: relocation ${relocation.kind} against "${name}" overflows`,
          );
        }
      }
    });
  });
}

function imageSymbols(objects: readonly ObjectFile[], resolver: Resolver): ImageSymbol[] {
  const symbols: ImageSymbol[] = [];
  objects.forEach((object, objectIndex) => {
    object.symbols.forEach((symbol, index) => {
      if (symbol.name === '' || symbol.place === 'undefined') return;
      if (symbol.type === 'section' || symbol.type === 'file') return;
      const place = resolver.resolve(objectIndex, index);
      if (place?.kind !== 'offset') return;
      if (symbol.binding !== 'local' && !resolver.isChosen(objectIndex, symbol)) return;
      symbols.push({
        name: symbol.name,
        offset: place.offset,
        size: symbol.size,
        letter: nmLetter(place.section, symbol.binding, symbol.type === 'function'),
        section: place.section?.name ?? '',
        binding: symbol.binding,
      });
    });
  });
  for (const own of resolver.ownSymbols()) {
    symbols.push({
      name: own.name,
      offset: own.offset,
      size: 0,
      letter: nmLetter(own.section, 'global', false),
      section: own.section?.name ?? '',
      binding: 'global',
    });
  }
  return symbols.sort((a, b) => a.offset - b.offset);
}

/** Links `objects` at `options.base`. Never throws on bad objects: errors are returned. */
export function link(objects: ObjectFile[], options: LinkOptions): LinkResult {
  const errors: string[] = [];
  const globals = collectGlobals(objects, errors);
  const layout = layOut(objects, globals.commonSize, globals.commonAlign);
  const resolver = new Resolver(objects, layout, globals, options.externals, options.elsewhere);
  const bytes = copySections(objects, layout);
  relocate(objects, layout, resolver, options.base, bytes, errors);
  const symbols = imageSymbols(objects, resolver);
  let entry: number | undefined;
  if (options.entry !== undefined) {
    const place = resolver.global(options.entry, false);
    if (place?.kind === 'offset') entry = place.offset;
  }
  for (const name of resolver.unknown) errors.push(`Unknown symbol ${name}`);
  if (errors.length > 0) return { image: undefined, errors };

  const merger = new DebugMerger();
  objects.forEach((object, objectIndex) => {
    if (!object.debug) return;
    const moved = (fn: FunctionDebug): number | undefined => {
      const start = layout.offsets[objectIndex][fn.section];
      return start < 0 ? undefined : start + fn.start;
    };
    const symbolIndexes = new Map(object.symbols.map((symbol, index) => [symbol.name, index]));
    merger.add(object.debug, moved, (name) => {
      const index = symbolIndexes.get(name);
      const place = index === undefined ? undefined : resolver.resolve(objectIndex, index);
      if (place?.kind === 'offset') return place.offset;
      // What lies elsewhere has its offset from the image too, be it outside.
      const defined = index !== undefined && typeof object.symbols[index].place === 'number';
      return place?.kind === 'address' && defined ? Number(place.address - options.base) : undefined;
    });
  });
  const image: Image = {
    name: options.name,
    base: options.base,
    size: layout.size,
    bytes,
    entry,
    sections: layout.sections.map(({ name, offset, size, align, nobits, flags }) => ({
      name,
      offset,
      size,
      align,
      nobits,
      flags: { ...flags },
    })),
    symbols,
    debug: merger.finish(),
  };
  return { image, errors };
}
