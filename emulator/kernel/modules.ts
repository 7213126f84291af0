/**
 * Loading kernel modules: an ELF object becomes an image linked against the kernel's exported symbols.
 *
 * The guest's C code does what a user may watch (the system call, memory, parameters, reference counts, calling init);
 * here is what Linux's load_module does with ELF: reading, placing, relocating, symbols. Objects that our own compiler
 * made are found again by content, so that their debug information is not lost on the way through the file.
 */
import { readObject } from '../cc/elf/read';
import type { Image } from '../cc/image';
import { link } from '../cc/link';
import type { ObjectFile } from '../cc/object';
import { errno } from './errno';
import type { Guest } from './guest';
import { bytesHash } from './hash';
import type { LoadedImage } from './types';

/** An exported symbol. `gpl`: only modules with a GPL-compatible license may use it. */
interface Export {
  address: bigint;
  gpl: boolean;
  owner: string;
}

/** What modules need of the kernel around them. */
export interface ModuleHost {
  guest: Guest;
  printk(level: number, text: string): void;
  added(loaded: LoadedImage): void;
  removed(name: string): void;
  failed(name: string, errno: number, reason: string): void;
}

interface Pending {
  name: string;
  object: ObjectFile;
  license: string;
}

const FREE_LICENSES = /^(GPL|GPL v2|GPL and additional rights|Dual BSD\/GPL|Dual MIT\/GPL|Dual MPL\/GPL)$/;

export class Modules {
  private readonly known = new Map<string, { name: string; object: ObjectFile }>();
  private readonly pending = new Map<bigint, Pending>();
  private readonly loadedAt = new Map<bigint, LoadedImage>();
  private readonly exports = new Map<string, Export>();

  constructor(private readonly host: ModuleHost) {}

  /** Remembers an object of our compiler under the bytes of its .ko, with its debug information. */
  remember(bytes: Uint8Array, name: string, object: ObjectFile): void {
    this.known.set(bytesHash(bytes), { name, object });
  }

  /** Takes in the EXPORT_SYMBOL table of an image in memory. */
  addExports(loaded: LoadedImage): void {
    const { guest } = this.host;
    const table = loaded.image.sections.find((section) => section.name === '__ksymtab');
    if (table === undefined || !guest.layouts.has('kernel_symbol')) return;
    const size = guest.layouts.sizeOf('kernel_symbol');
    for (let at = 0; at + size <= table.size; at += size) {
      const entry = loaded.image.base + BigInt(table.offset + at);
      const name = guest.string(guest.get('kernel_symbol', entry, 'name'), 512);
      if (this.exports.has(name)) continue;
      const gpl = guest.get('kernel_symbol', entry, 'gpl_only') !== 0n;
      this.exports.set(name, {
        address: guest.get('kernel_symbol', entry, 'value'),
        gpl,
        owner: loaded.name,
      });
    }
  }

  /** Modules in load order. */
  all(): { address: bigint; loaded: LoadedImage }[] {
    return [...this.loadedAt].map(([address, loaded]) => ({ address, loaded }));
  }

  /** lab_module_begin: reads the object, fills mod->name; bytes of module memory needed, or -errno. */
  begin(mod: bigint, elf: bigint, length: number): number {
    const { guest } = this.host;
    const bytes = guest.peek(elf, length);
    if (bytes === undefined) return -errno('EFAULT');
    const found = this.known.get(bytesHash(bytes));
    const object = found?.object ?? parse(bytes);
    if (object === undefined) {
      this.host.printk(3, 'Invalid ELF header, section or symbol table: not a relocatable x86-64 object');
      return -errno('ENOEXEC');
    }
    const info = modinfo(object);
    const name = (found?.name ?? info.get('name') ?? baseName(object.name)).replace(/-/g, '_');
    const sized = link([object], { name, base: 0xffffffffa0000000n, externals: () => 0xffffffff81000000n });
    if (sized.image === undefined) {
      for (const error of sized.errors) this.host.printk(3, `${name}: ${error}`);
      return -errno('ENOEXEC');
    }
    this.pending.set(mod, { name, object, license: info.get('license') ?? '' });
    const field = guest.layouts.field('module', 'name');
    const text = new TextEncoder().encode(name).subarray(0, field.size - 1);
    const padded = new Uint8Array(field.size);
    padded.set(text);
    guest.poke(mod + BigInt(field.offset), padded);
    return sized.image.size;
  }

  /** lab_module_link: copies and relocates at `base`, publishes symbols, fills struct module. 0 or -errno. */
  link(mod: bigint, base: bigint): number {
    const pending = this.pending.get(mod);
    this.pending.delete(mod);
    if (pending === undefined) return -errno('EINVAL');
    const { name, object, license } = pending;
    const free = FREE_LICENSES.test(license);
    const externals = (symbol: string) => {
      if (symbol === '__this_module') return mod;
      const found = this.exports.get(symbol);
      return found === undefined || (found.gpl && !free) ? undefined : found.address;
    };
    const { image, errors } = link([object], { name, base, externals });
    if (image === undefined) return this.refuse(name, errors, free);
    const content = new Uint8Array(image.size);
    content.set(image.bytes);
    if (!this.host.guest.poke(base, content)) return -errno('ENOMEM');
    const loaded: LoadedImage = { name, kind: 'module', image, initFreed: false };
    this.loadedAt.set(mod, loaded);
    this.fill(mod, image, free);
    this.host.added(loaded);
    this.addExports(loaded);
    return 0;
  }

  /** The loaded image of a struct module. */
  at(mod: bigint): LoadedImage | undefined {
    return this.loadedAt.get(mod);
  }

  /** lab_module_free: the module's memory is about to be freed. */
  free(mod: bigint): void {
    const loaded = this.loadedAt.get(mod);
    if (loaded === undefined) return;
    this.loadedAt.delete(mod);
    for (const [name, entry] of this.exports) if (entry.owner === loaded.name) this.exports.delete(name);
    this.host.removed(loaded.name);
  }

  private refuse(name: string, errors: readonly string[], free: boolean): number {
    for (const error of errors) {
      this.host.printk(4, `${name}: ${/^Unknown symbol/.test(error) ? `${error} (err -2)` : error}`);
    }
    const symbol = /^Unknown symbol (\S+)/.exec(errors[0] ?? '')?.[1];
    const gplOnly = symbol !== undefined && !free && this.exports.get(symbol)?.gpl === true;
    const why = gplOnly ? `${symbol} is for GPL modules only: add MODULE_LICENSE("GPL")` : errors.join('; ');
    this.host.failed(name, -errno('ENOENT'), why);
    return -errno('ENOENT');
  }

  private fill(mod: bigint, image: Image, gplCompatible: boolean): void {
    const { guest } = this.host;
    const set = (path: string, value: bigint) => {
      const field = guest.layouts.find('module', path);
      if (field !== undefined) guest.setField(field, mod, value);
    };
    const symbol = (symbolName: string) => {
      const found = image.symbols.find((each) => each.name === symbolName);
      return found === undefined ? 0n : image.base + BigInt(found.offset);
    };
    const table = (section: string, struct: string) => {
      const found = image.sections.find((each) => each.name === section);
      if (found === undefined || !guest.layouts.has(struct)) return { address: 0n, count: 0n };
      const count = Math.floor(found.size / guest.layouts.sizeOf(struct));
      return { address: image.base + BigInt(found.offset), count: BigInt(count) };
    };
    for (const tag of ['license', 'version', 'srcversion']) set(tag, infoAddress(image, tag));
    set('license_gplok', gplCompatible ? 1n : 0n);
    const text = image.sections.filter((section) => section.flags.exec && !section.name.startsWith('.init'));
    const textEnd = Math.max(0, ...text.map((section) => section.offset + section.size));
    set('init', symbol('init_module'));
    set('exit', symbol('cleanup_module'));
    set('core_layout.base', image.base);
    set('core_layout.size', BigInt(image.size));
    set('core_layout.text_size', BigInt(textEnd));
    const parameters = table('__param', 'kernel_param');
    set('kp', parameters.address);
    set('num_kp', parameters.count);
    const exceptions = table('__ex_table', 'exception_table_entry');
    set('extable', exceptions.address);
    set('num_exentries', exceptions.count);
    const bugs = table('__bug_table', 'bug_entry');
    set('bug_table', bugs.address);
    set('num_bugs', bugs.count);
  }
}

function parse(bytes: Uint8Array): ObjectFile | undefined {
  try {
    return readObject(bytes, 'module.ko');
  } catch {
    return undefined;
  }
}

/** Address of the value of a tag in the placed .modinfo; 0n when the module does not say. */
function infoAddress(image: Image, tag: string): bigint {
  const section = image.sections.find((each) => each.name === '.modinfo');
  if (section === undefined) return 0n;
  const text = new TextDecoder('latin1').decode(
    image.bytes.subarray(section.offset, section.offset + section.size),
  );
  const found = `\0${text}`.indexOf(`\0${tag}=`);
  return found < 0 ? 0n : image.base + BigInt(section.offset + found + tag.length + 1);
}

/** The key=value strings of .modinfo. */
export function modinfo(object: ObjectFile): Map<string, string> {
  const info = new Map<string, string>();
  for (const section of object.sections) {
    if (section.name !== '.modinfo') continue;
    for (const text of new TextDecoder().decode(section.data).split('\0')) {
      const equals = text.indexOf('=');
      if (equals > 0) info.set(text.slice(0, equals), text.slice(equals + 1));
    }
  }
  return info;
}

function baseName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.[a-z]+$/, '');
}
