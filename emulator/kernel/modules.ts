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
import { MODULES_START } from './addresses';
import { errno } from './errno';
import type { Guest } from './guest';
import { bytesHash } from './hash';
import { EXPORT_ENTRY } from './moduleinfo';
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
  objects: ObjectFile[];
  license: string;
}

/** What is loaded and being loaded, as data. */
export interface ModulesState {
  readonly pending: ReadonlyMap<bigint, Pending>;
  readonly loadedAt: ReadonlyMap<bigint, LoadedImage>;
  readonly exports: ReadonlyMap<string, Export>;
  readonly uses: ReadonlyMap<bigint, string[]>;
}

const KERNEL_OWNER = 'kernel';
const PER_CPU = '.data..percpu';
const INIT_TEXT = '.init.text';
const PAGE = 4096n;

const FREE_LICENSES = /^(GPL|GPL v2|GPL and additional rights|Dual BSD\/GPL|Dual MIT\/GPL|Dual MPL\/GPL)$/;

export class Modules {
  private readonly known = new Map<string, { name: string; objects: ObjectFile[] }>();
  private readonly pending = new Map<bigint, Pending>();
  private readonly loadedAt = new Map<bigint, LoadedImage>();
  /** Replaced by another map when it changes. */
  private exports: ReadonlyMap<string, Export> = new Map();
  /** Names of the modules whose symbols a module uses, by the user's struct module. */
  private readonly uses = new Map<bigint, string[]>();

  constructor(private readonly host: ModuleHost) {}

  /** Remembers the objects of our compiler under the bytes of their .ko, with their debug information. */
  remember(bytes: Uint8Array, name: string, objects: ObjectFile[]): void {
    this.known.set(bytesHash(bytes), { name, objects });
  }

  /** Takes in the EXPORT_SYMBOL table of an image in memory. */
  addExports(loaded: LoadedImage): void {
    const { guest } = this.host;
    const table = loaded.image.sections.find((section) => section.name === '__ksymtab');
    if (table === undefined || !guest.layouts.has('kernel_symbol')) return;
    const size = guest.layouts.sizeOf('kernel_symbol');
    const exports = new Map(this.exports);
    for (let at = 0; at + size <= table.size; at += size) {
      const entry = loaded.image.base + BigInt(table.offset + at);
      const name = guest.string(guest.get('kernel_symbol', entry, 'name'), 512);
      if (exports.has(name)) continue;
      const gpl = guest.get('kernel_symbol', entry, 'gpl_only') !== 0n;
      exports.set(name, {
        address: guest.get('kernel_symbol', entry, 'value'),
        gpl,
        owner: loaded.kind === 'kernel' ? KERNEL_OWNER : loaded.name,
      });
    }
    this.exports = exports;
  }

  save(): ModulesState {
    const { pending, loadedAt, exports, uses } = this;
    return { pending: new Map(pending), loadedAt: new Map(loadedAt), exports, uses: new Map(uses) };
  }

  restore({ pending, loadedAt, exports, uses }: ModulesState): void {
    this.pending.clear();
    for (const [mod, each] of pending) this.pending.set(mod, each);
    this.loadedAt.clear();
    for (const [mod, each] of loadedAt) this.loadedAt.set(mod, each);
    this.exports = exports;
    this.uses.clear();
    for (const [mod, names] of uses) this.uses.set(mod, names);
  }

  /** Modules in load order. */
  all(): { address: bigint; loaded: LoadedImage }[] {
    return [...this.loadedAt].map(([address, loaded]) => ({ address, loaded }));
  }

  /** lab_module_begin: reads the object, fills mod->name; bytes of module memory needed, or -errno. */
  begin(mod: bigint, elf: bigint, length: number): number {
    const { guest } = this.host;
    guest.forgetModulePages();
    const bytes = guest.peek(elf, length);
    if (bytes === undefined) return -errno('EFAULT');
    const found = this.known.get(bytesHash(bytes));
    const parsed = found === undefined ? parse(bytes) : undefined;
    const objects = found?.objects ?? (parsed === undefined ? undefined : [parsed]);
    if (objects === undefined) {
      this.host.printk(3, 'Invalid ELF header, section or symbol table: not a relocatable x86-64 object');
      return -errno('ENOEXEC');
    }
    const info = modinfo(objects);
    const name = (found?.name ?? info.get('name') ?? baseName(objects[0]?.name ?? '')).replace(/-/g, '_');
    const somewhere = 0xffffffff81000000n;
    const sized = link(objects, {
      name,
      base: MODULES_START,
      externals: () => somewhere,
      elsewhere: new Map([[PER_CPU, somewhere]]),
    });
    if (sized.image === undefined) {
      for (const error of sized.errors) this.host.printk(3, `${name}: ${error}`);
      return -errno('ENOEXEC');
    }
    this.pending.set(mod, { name, objects, license: info.get('license') ?? '' });
    const perCpu = sized.image.sections.find((section) => section.name === PER_CPU);
    guest.set('module', mod, 'percpu_size', BigInt(perCpu?.size ?? 0));
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
    const { name, objects, license } = pending;
    const { guest } = this.host;
    const free = FREE_LICENSES.test(license);
    const used = new Set<string>();
    const externals = (symbol: string) => {
      if (symbol === '__this_module') return mod;
      const found = this.exports.get(symbol);
      if (found === undefined || (found.gpl && !free)) return undefined;
      if (found.owner !== KERNEL_OWNER) used.add(found.owner);
      return found.address;
    };
    const elsewhere = new Map([[PER_CPU, guest.get('module', mod, 'percpu')]]);
    const { image, errors } = link(objects, { name, base, externals, elsewhere });
    if (image === undefined) return this.refuse(name, errors, free);
    for (const { name: entry } of image.symbols) {
      const symbol = entry.startsWith(EXPORT_ENTRY) ? entry.slice(EXPORT_ENTRY.length) : '';
      const owner = this.exports.get(symbol)?.owner;
      if (owner === undefined) continue;
      return this.fail(name, 'ENOEXEC', `exports duplicate symbol ${symbol} (owned by ${owner})`);
    }
    const content = new Uint8Array(image.size);
    content.set(image.bytes);
    if (!guest.poke(base, content)) return -errno('ENOMEM');
    const loaded: LoadedImage = { name, kind: 'module', image, initFreed: false };
    this.loadedAt.set(mod, loaded);
    this.uses.set(mod, [...used]);
    this.fill(mod, image, free);
    this.host.added(loaded);
    this.addExports(loaded);
    return 0;
  }

  /** The loaded image of a struct module. */
  at(mod: bigint): LoadedImage | undefined {
    return this.loadedAt.get(mod);
  }

  /** lab_module_uses: the struct module of the `index`-th module whose symbols this one uses; 0n after the last. */
  usedBy(mod: bigint, index: number): bigint {
    const name = this.uses.get(mod)?.[index];
    const found = [...this.loadedAt].find(([, loaded]) => loaded.name === name);
    return found?.[0] ?? 0n;
  }

  /** lab_module_free: the module's memory is about to be freed. */
  free(mod: bigint): void {
    this.uses.delete(mod);
    const loaded = this.loadedAt.get(mod);
    if (loaded === undefined) return;
    this.loadedAt.delete(mod);
    this.exports = new Map([...this.exports].filter(([, entry]) => entry.owner !== loaded.name));
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

  private fail(name: string, code: string, text: string): number {
    this.host.printk(3, `${name}: ${text}`);
    this.host.failed(name, -errno(code), text);
    return -errno(code);
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
    const init = image.sections.find((section) => section.name === INIT_TEXT);
    if (init !== undefined) {
      set('init_layout.base', image.base + BigInt(init.offset));
      set('init_layout.size', ((BigInt(init.size) + PAGE - 1n) / PAGE) * PAGE);
    }
    const perCpu = image.sections.find((section) => section.name === PER_CPU);
    if (perCpu !== undefined) set('percpu_init', image.base + BigInt(perCpu.offset));
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
function modinfo(objects: readonly ObjectFile[]): Map<string, string> {
  const info = new Map<string, string>();
  for (const section of objects.flatMap((object) => object.sections)) {
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
