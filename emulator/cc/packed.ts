/**
 * Debug tables for keeping: what a function's code tells (lines, inlined calls, variables, frame rows) becomes bytes, a
 * tenth of the size of the objects, and becomes objects again for one function when somebody asks for that function.
 *
 * A kernel's image is loaded at every launch, and a session looks at a handful of its functions. Types, variables and
 * macros stay as they are: everybody looks them up by name. The bytes are for the compiler that wrote them; whoever keeps
 * them keeps its version too. They are not checked when they are read.
 */
import type {
  CodeRange,
  FrameRow,
  FunctionDebug,
  InlineSite,
  LineRow,
  Location,
  UnitDebug,
  VariableDebug,
} from './debug';
import { ByteWriter } from './elf/bytes';

type Tables = Pick<FunctionDebug, 'lines' | 'inlines' | 'variables' | 'frame'>;

/** A unit's or an image's tables, ready for keeping: plain data. */
export interface PackedDebug {
  other: Omit<UnitDebug, 'functions'>;
  /** How many functions there are, and where in `bytes` their heads begin: behind all their tables. */
  functions: number;
  heads: number;
  strings: string[];
  bytes: Uint8Array;
}

const LOCATIONS = [
  'register',
  'frame',
  'memory',
  'symbol',
  'constant',
  'entryValue',
  'optimizedOut',
] as const;
const ATTRIBUTES = ['noinline', 'notrace', 'nokprobe', 'init', 'weak'] as const;

class Packer {
  readonly out = new ByteWriter();
  readonly strings: string[] = [];
  private readonly known = new Map<string, number>();

  string(text: string): void {
    let index = this.known.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.known.set(text, index);
    }
    this.out.uleb(index);
  }

  signed(value: number): void {
    this.out.uleb(value < 0 ? -2 * value - 1 : 2 * value);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.out.uleb(items.length);
    for (const item of items) write(item);
  }

  range([start, end]: CodeRange): void {
    this.out.uleb(start);
    this.signed(end - start);
  }

  function(fn: FunctionDebug): void {
    const { out } = this;
    this.string(fn.name);
    this.signed(fn.section);
    for (const number of [fn.start, fn.size, fn.file, fn.line, fn.column, fn.endLine, fn.type])
      out.uleb(number);
    const flags = ATTRIBUTES.reduce((bits, name, bit) => bits | (fn.attributes[name] ? 1 << bit : 0), 0);
    out.uleb(flags * 2 + (fn.external ? 1 : 0));
  }

  tables(fn: Tables): void {
    let offset = 0;
    let line = 0;
    this.list(fn.lines, (row) => {
      this.signed(row.offset - offset);
      this.signed(row.line - line);
      offset = row.offset;
      line = row.line;
      this.out.uleb(row.file);
      this.out.uleb(row.column);
      this.out.uleb((row.inlineSite + 1) * 4 + (row.isStatement ? 1 : 0) + (row.prologueEnd ? 2 : 0));
    });
    this.list(fn.inlines, (site) => {
      this.string(site.callee);
      const { calleeFile, calleeLine, callFile, callLine, callColumn, parent } = site;
      for (const number of [calleeFile, calleeLine, callFile, callLine, callColumn, parent + 1]) {
        this.out.uleb(number);
      }
      this.list(site.ranges, (range) => this.range(range));
    });
    this.list(fn.variables, (variable) => {
      this.string(variable.name);
      this.out.uleb(variable.type);
      this.out.uleb(variable.parameter === undefined ? 0 : variable.parameter + 1);
      this.out.uleb(variable.file);
      this.out.uleb(variable.line);
      this.out.uleb(variable.inlineSite + 1);
      this.list(variable.scope, (range) => this.range(range));
      this.list(variable.locations, ({ range, location }) => {
        this.range(range);
        this.location(location);
      });
    });
    this.list(fn.frame, (row) => {
      this.out.uleb(row.offset);
      this.out.uleb(row.cfaRegister);
      this.signed(row.cfaOffset);
      this.list(row.saved, (saved) => {
        this.out.uleb(saved.register);
        this.signed(saved.offset);
      });
    });
  }

  private location(location: Location): void {
    this.out.u8(LOCATIONS.indexOf(location.kind));
    switch (location.kind) {
      case 'register':
      case 'entryValue':
        this.out.uleb(location.register);
        return;
      case 'frame':
        this.signed(location.offset);
        return;
      case 'memory':
        this.out.uleb(location.register);
        this.signed(location.offset);
        return;
      case 'symbol':
        this.string(location.symbol);
        this.signed(location.offset);
        this.out.uleb(location.imageOffset === undefined ? 0 : location.imageOffset + 1);
        return;
      case 'constant':
        this.string(String(location.value));
        return;
      case 'optimizedOut':
        this.string(location.reason);
        return;
    }
  }
}

class Reader {
  constructor(
    private readonly strings: readonly string[],
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  string(): string {
    return this.strings[this.number()];
  }

  list<T>(read: () => T): T[] {
    const items: T[] = [];
    for (let left = this.number(); left > 0; left--) items.push(read());
    return items;
  }

  range(): CodeRange {
    const start = this.number();
    return [start, start + this.signed()];
  }

  tables(): Tables {
    let offset = 0;
    let line = 0;
    const lines = this.list((): LineRow => {
      offset += this.signed();
      line += this.signed();
      const file = this.number();
      const column = this.number();
      const rest = this.number();
      return {
        offset,
        file,
        line,
        column,
        isStatement: rest % 2 === 1,
        prologueEnd: (rest & 2) !== 0,
        inlineSite: Math.floor(rest / 4) - 1,
      };
    });
    const inlines = this.list(
      (): InlineSite => ({
        callee: this.string(),
        calleeFile: this.number(),
        calleeLine: this.number(),
        callFile: this.number(),
        callLine: this.number(),
        callColumn: this.number(),
        parent: this.number() - 1,
        ranges: this.list(() => this.range()),
      }),
    );
    const variables = this.list((): VariableDebug => {
      const name = this.string();
      const type = this.number();
      const parameter = this.number();
      return {
        name,
        type,
        parameter: parameter === 0 ? undefined : parameter - 1,
        file: this.number(),
        line: this.number(),
        inlineSite: this.number() - 1,
        scope: this.list(() => this.range()),
        locations: this.list(() => ({ range: this.range(), location: this.location() })),
      };
    });
    const frame = this.list(
      (): FrameRow => ({
        offset: this.number(),
        cfaRegister: this.number(),
        cfaOffset: this.signed(),
        saved: this.list(() => ({ register: this.number(), offset: this.signed() })),
      }),
    );
    return { lines, inlines, variables, frame };
  }

  private location(): Location {
    const kind = LOCATIONS[this.bytes[this.at++]];
    switch (kind) {
      case 'register':
      case 'entryValue':
        return { kind, register: this.number() };
      case 'frame':
        return { kind, offset: this.signed() };
      case 'memory':
        return { kind, register: this.number(), offset: this.signed() };
      case 'symbol': {
        const symbol = this.string();
        const offset = this.signed();
        const image = this.number();
        return image === 0 ? { kind, symbol, offset } : { kind, symbol, offset, imageOffset: image - 1 };
      }
      case 'constant':
        return { kind, value: BigInt(this.string()) };
      case 'optimizedOut':
        return { kind, reason: this.string() };
    }
  }
}

/** A function whose tables are still bytes, until the first of them is asked for. */
class PackedFunction implements FunctionDebug {
  readonly name: string;
  readonly section: number;
  readonly start: number;
  readonly size: number;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly type: number;
  readonly external: boolean;
  readonly attributes: FunctionDebug['attributes'];
  readonly #packed: PackedDebug;
  readonly #at: number;
  #tables: Tables | undefined;

  /** Reads the function's head; its tables begin at `at`. */
  constructor(packed: PackedDebug, head: Reader, at: number) {
    this.#packed = packed;
    this.#at = at;
    this.name = head.string();
    this.section = head.signed();
    this.start = head.number();
    this.size = head.number();
    this.file = head.number();
    this.line = head.number();
    this.column = head.number();
    this.endLine = head.number();
    this.type = head.number();
    const flags = head.number();
    this.external = flags % 2 === 1;
    const has = (bit: number) => (flags & (2 << bit)) !== 0;
    this.attributes = { noinline: has(0), notrace: has(1), nokprobe: has(2), init: has(3), weak: has(4) };
  }

  private get tables(): Tables {
    this.#tables ??= new Reader(this.#packed.strings, this.#packed.bytes, this.#at).tables();
    return this.#tables;
  }

  get lines(): LineRow[] {
    return this.tables.lines;
  }

  get inlines(): InlineSite[] {
    return this.tables.inlines;
  }

  get variables(): VariableDebug[] {
    return this.tables.variables;
  }

  get frame(): FrameRow[] {
    return this.tables.frame;
  }
}

/** Turns debug tables into what is kept. */
export function packDebug({ functions, ...other }: UnitDebug): PackedDebug {
  const tables = new Packer();
  const places = functions.map((fn) => {
    const at = tables.out.length;
    tables.tables(fn);
    return at;
  });
  const heads = tables.out.length;
  functions.forEach((fn, index) => {
    tables.out.uleb(places[index]);
    tables.function(fn);
  });
  return { other, functions: functions.length, heads, strings: tables.strings, bytes: tables.out.take() };
}

/** The tables again. Functions' parts are read when they are first asked for. */
export function unpackDebug(packed: PackedDebug): UnitDebug {
  const head = new Reader(packed.strings, packed.bytes, packed.heads);
  const functions: FunctionDebug[] = [];
  for (let index = 0; index < packed.functions; index++) {
    const at = head.number();
    functions.push(new PackedFunction(packed, head, at));
  }
  return { ...packed.other, functions };
}
