/**
 * Declarations of headers that are parsed only when somebody uses their names.
 *
 * A unit sees thousands of header declarations and uses a handful. parseAll() asks scan() about each declaration that
 * stands in a header: simple ones (typedefs, prototypes, extern objects, inline functions, struct, union and enum
 * definitions) are only delimited and entered under the names they declare; Scopes asks for a name's declarations when it
 * is looked up. What is not recognised with certainty is parsed at once. C's order stays: a declaration is found only by
 * text behind it, and sees only text before it.
 */
import { canonicalKeyword, Keyword, LAST_KEYWORD } from '../lex/keywords';
import { Kind } from '../lex/kinds';

/** A delimited declaration: tokens start..end-1. */
export interface Chunk {
  start: number;
  end: number;
  kind: 'typedef' | 'function' | 'variable' | 'tag';
  parsed: boolean;
}

/** Where a tag is mentioned at file scope. */
export interface TagMention {
  chunk: Chunk;
  keyword: Keyword.Struct | Keyword.Union | Keyword.Enum;
  defines: boolean;
}

/** Attributes that make a definition matter without a use. */
const EFFECTS: ReadonlySet<string> = new Set(
  ['used', 'section', 'constructor', 'destructor', 'alias', 'retain', 'ifunc'].flatMap((w) => [
    w,
    `__${w}__`,
  ]),
);

/** The declarations of one unit that wait. */
export class LazyDeclarations {
  private readonly names = new Map<number, Chunk[]>();
  private readonly tags = new Map<number, TagMention[]>();
  /** 1 for ids that some chunk declares: a quick no for all others. */
  private nameFlags: Uint8Array;
  private tagFlags: Uint8Array;

  constructor(
    private readonly kinds: Uint8Array,
    private readonly values: Int32Array,
    private readonly textOf: (id: number) => string,
    idCount: number,
  ) {
    this.nameFlags = new Uint8Array(idCount);
    this.tagFlags = new Uint8Array(idCount);
  }

  /** Chunks that declare a name and are not parsed, before the limit. */
  waiting(id: number, limit: number): Chunk[] | undefined {
    if (this.nameFlags[id] !== 1) return undefined;
    const list = this.names.get(id)?.filter((chunk) => !chunk.parsed && chunk.start < limit);
    return list && list.length > 0 ? list : undefined;
  }

  /** Mentions of a tag before the limit whose chunks are not parsed. */
  waitingTag(id: number, limit: number): TagMention[] | undefined {
    if (this.tagFlags[id] !== 1) return undefined;
    const list = this.tags.get(id)?.filter(({ chunk }) => !chunk.parsed && chunk.start < limit);
    return list && list.length > 0 ? list : undefined;
  }

  /** Names that wait, with what they will be: for suggestions. */
  *candidates(): Iterable<{ id: number; kind: Chunk['kind'] }> {
    for (const [id, chunks] of this.names) {
      const chunk = chunks.find((c) => !c.parsed);
      if (chunk) yield { id, kind: chunk.kind };
    }
  }

  /** Delimits the declaration at token `at`. Returns its end, or -1 if it must be parsed now. */
  scan(at: number): number {
    const { kinds, values } = this;
    const first = this.keywordAt(at);
    const chunk: Chunk = { start: at, end: at, kind: 'variable', parsed: false };
    const isTypedef = first === Keyword.Typedef;
    let isExtern = false;
    let isInline = false;
    let effects = false;
    let comma = false;
    /** Identifier before the first parenthesis: a function's name. */
    let callee = -1;
    let parens = false;
    let braces = false;
    let candidates: number[] = [];
    let last = -1;
    const tags: number[] = [];
    const enumerators: number[] = [];
    let i = at;
    for (;;) {
      const kind: Kind = kinds[i];
      if (kind === Kind.End) return -1;
      if (kind === Kind.Semicolon) {
        i++;
        break;
      }
      if (kind === Kind.Identifier) {
        const keyword = this.keywordAt(i);
        switch (keyword) {
          case Keyword.None:
            last = i;
            break;
          case Keyword.Extern:
            isExtern = true;
            break;
          case Keyword.Inline:
            isInline = true;
            break;
          case Keyword.Attribute:
            if (last >= 0) candidates.push(last);
            last = -1;
            i = this.skipGroup(i + 1);
            if (this.hasEffects) effects = true;
            continue;
          case Keyword.Typeof:
          case Keyword.Alignas:
            i = this.skipGroup(i + 1);
            continue;
          case Keyword.Asm:
            // Behind a declarator it is a label; at the start it is code.
            if (i === at) return -1;
            if (last >= 0) candidates.push(last);
            last = -1;
            i = this.skipGroup(i + 1);
            continue;
          case Keyword.StaticAssert:
          case Keyword.AutoType:
          case Keyword.ThreadLocal:
          case Keyword.Register:
            return -1;
          case Keyword.Struct:
          case Keyword.Union:
          case Keyword.Enum:
            i = this.tagAt(i, tags);
            if (kinds[i] === Kind.LeftBrace) {
              if (parens) return -1;
              braces = true;
              i = this.scanBody(i, keyword === Keyword.Enum, tags, enumerators);
            }
            last = -1;
            continue;
          default:
            break;
        }
        i++;
        continue;
      }
      switch (kind) {
        case Kind.Equal:
          return -1;
        case Kind.Comma:
          comma = true;
          if (last >= 0) candidates.push(last);
          last = -1;
          i++;
          continue;
        case Kind.LeftBracket:
          if (last >= 0) candidates.push(last);
          last = -1;
          i = this.skipGroup(i);
          continue;
        case Kind.LeftParen: {
          if (!parens) callee = last;
          parens = true;
          if (isTypedef) this.namesIn(i, candidates);
          const end = this.skipGroup(i);
          if (this.definesTag) return -1;
          i = end;
          if (last >= 0) candidates.push(last);
          last = -1;
          continue;
        }
        case Kind.LeftBrace: {
          // A function's body ends the declaration without a semicolon.
          if (!isInline || effects || callee < 0 || callee === at || isTypedef || braces) return -1;
          chunk.kind = 'function';
          chunk.end = this.skipGroup(i);
          this.enter(values[callee], chunk);
          return chunk.end;
        }
        case Kind.Star:
          last = -1;
          i++;
          continue;
        default:
          return -1;
      }
    }
    chunk.end = i;
    if (last >= 0) candidates.push(last);
    if (isTypedef) chunk.kind = 'typedef';
    else if (parens) {
      // A prototype: `name (`; anything else with a parenthesis (a function pointer) is not simple.
      if (callee < 0 || callee === at || comma || braces || effects) return -1;
      chunk.kind = 'function';
      candidates = [callee];
    } else if (braces || first === Keyword.Struct || first === Keyword.Union || first === Keyword.Enum) {
      if (candidates.length > 0 || isExtern || (!braces && i - at !== 3)) {
        if (!isExtern || braces) return -1;
      } else chunk.kind = 'tag';
    } else if (!isExtern) return -1;
    if (chunk.kind !== 'tag' && candidates.length === 0) return -1;
    for (const token of candidates) this.enter(values[token], chunk);
    for (const token of enumerators) this.enter(values[token], chunk);
    for (let t = 0; t < tags.length; t += 3) {
      // A mere mention at file scope declares a tag, too.
      this.enterTag(tags[t], tags[t + 1], tags[t + 2] === 1, chunk);
    }
    return chunk.end;
  }

  private hasEffects = false;
  private definesTag = false;

  private keywordAt(at: number): Keyword {
    const id = this.values[at];
    return this.kinds[at] === Kind.Identifier && id <= LAST_KEYWORD ? canonicalKeyword(id) : Keyword.None;
  }

  /** Behind the balanced group that starts at `at` (or `at` if none does). Notes attributes with effects, tag bodies. */
  private skipGroup(at: number): number {
    const { kinds, values } = this;
    this.hasEffects = false;
    this.definesTag = false;
    let depth = 0;
    for (let i = at; ; i++) {
      const kind: Kind = kinds[i];
      if (kind === Kind.LeftParen || kind === Kind.LeftBracket) depth++;
      else if (kind === Kind.LeftBrace) {
        depth++;
        this.definesTag = true;
      } else if (kind === Kind.RightParen || kind === Kind.RightBracket || kind === Kind.RightBrace) {
        if (--depth === 0) return i + 1;
      } else if (kind === Kind.End) return i;
      else if (kind === Kind.Identifier && depth === 2 && EFFECTS.has(this.textOf(values[i])))
        this.hasEffects = true;
      if (depth === 0) return at;
    }
  }

  /** At struct, union or enum: notes the tag; returns what follows it. Triples of id, keyword, defines. */
  private tagAt(at: number, tags: number[]): number {
    const keyword = this.keywordAt(at);
    let i = at + 1;
    while (this.keywordAt(i) === Keyword.Attribute) i = this.skipGroup(i + 1);
    if (this.kinds[i] === Kind.Identifier && this.keywordAt(i) === Keyword.None) {
      const id = this.values[i++];
      while (this.keywordAt(i) === Keyword.Attribute) i = this.skipGroup(i + 1);
      tags.push(id, keyword, this.kinds[i] === Kind.LeftBrace ? 1 : 0);
    }
    return i;
  }

  /** Through the braces of a definition: nested tag definitions and enumerators become names. */
  private scanBody(at: number, isEnum: boolean, tags: number[], enumerators: number[]): number {
    const { kinds } = this;
    let depth = 0;
    /** Depth of the enum body being read, 0 for none. */
    let enumDepth = isEnum ? 1 : 0;
    let i = at;
    for (;;) {
      const kind: Kind = kinds[i];
      if (kind === Kind.End) return i;
      if (kind === Kind.LeftBrace || kind === Kind.LeftParen || kind === Kind.LeftBracket) depth++;
      else if (kind === Kind.RightBrace || kind === Kind.RightParen || kind === Kind.RightBracket) {
        if (enumDepth === depth) enumDepth = 0;
        if (--depth === 0) return i + 1;
      } else if (kind === Kind.Identifier) {
        const keyword = this.keywordAt(i);
        if (keyword === Keyword.Struct || keyword === Keyword.Union || keyword === Keyword.Enum) {
          i = this.tagAt(i, tags);
          if (keyword === Keyword.Enum && kinds[i] === Kind.LeftBrace) enumDepth = depth + 1;
          continue;
        }
        if (keyword === Keyword.None && enumDepth === depth) {
          const before: Kind = kinds[i - 1];
          if (before === Kind.LeftBrace || before === Kind.Comma) enumerators.push(i);
        }
      }
      i++;
    }
  }

  /** All plain names in a parenthesised group: one of them is what a typedef of a function pointer declares. */
  private namesIn(at: number, candidates: number[]): void {
    let depth = 0;
    for (let i = at; ; i++) {
      const kind: Kind = this.kinds[i];
      if (kind === Kind.LeftParen) depth++;
      else if (kind === Kind.RightParen && --depth === 0) return;
      else if (kind === Kind.End) return;
      else if (kind === Kind.Identifier && this.keywordAt(i) === Keyword.None) candidates.push(i);
    }
  }

  private enter(id: number, chunk: Chunk): void {
    if (this.nameFlags[id] === 1) this.names.get(id)?.push(chunk);
    else {
      this.names.set(id, [chunk]);
      this.nameFlags[id] = 1;
    }
  }

  private enterTag(id: number, keyword: number, defines: boolean, chunk: Chunk): void {
    const mention: TagMention = { chunk, keyword: keyword as TagMention['keyword'], defines };
    if (this.tagFlags[id] === 1) this.tags.get(id)?.push(mention);
    else {
      this.tags.set(id, [mention]);
      this.tagFlags[id] = 1;
    }
  }
}
