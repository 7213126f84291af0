/**
 * The grammar of initialisers (C11 6.7.9): braces, brace elision, designators, ranges, strings.
 *
 * The walk follows the object's type and hands stores to a sink: an ImageSink writes bytes and relocations of a static
 * object, an ItemSink lists stores into an automatic one.
 */
import { Kind } from '../lex/kinds';
import { encodingSize } from '../lex/literal';
import { assignConvert } from '../sema/assignable';
import { convert, integer, isError, isPlace, type Operand, rvalue } from '../sema/build';
import { ImageSink, type InitializerSink } from '../sema/initializer-sink';
import { quoteType } from '../sema/type-text';
import { nearest } from '../suggest';
import { bare, integerOf, type Member, type RecordType, sizeOf, type Type, unqualified } from '../types';
import { constantInteger } from './constant';
import { parseAssignment } from './expression';
import type { Parser } from './parser';
import { numberAt } from './primary';
import { memberNames, memberPath } from './records';
import { type ParsedString, parseStringBytes } from './strings';

/** Largest count that an automatic object's range designator may unroll to. */
const RANGE_LIMIT = 1 << 20;

/** Walks one initialiser; the result is in the sink. */
export class InitializerWalker {
  /** Elements that the outermost open array was found to have. */
  extent = 0;

  constructor(
    private readonly p: Parser,
    private readonly sink: InitializerSink,
  ) {}

  /** The initialiser of a whole object, behind its `=`. */
  object(type: Type): void {
    const { p } = this;
    if (p.kind === Kind.LeftBrace) {
      this.braced(type, 0, undefined);
      return;
    }
    if (this.tryString(type, 0)) return;
    const t = bare(type);
    const token = p.at;
    const operand = parseAssignment(p);
    if (t.kind === 'array') {
      // GNU C: an array may be initialised by a compound literal of its type.
      if (isPlace(operand) && bare(operand.type).kind === 'array') {
        const source = bare(operand.type);
        if (source.kind === 'array' && source.count !== undefined) this.extent = source.count;
        this.sink.copy(p, 0, operand);
      } else if (!isError(operand)) p.error(token, 'an array must be initialised with braces or a string');
      return;
    }
    this.value(type, 0, undefined, operand, token);
  }

  /** { … } for the object at `offset`. */
  private braced(type: Type, offset: number, member: Member | undefined): void {
    const { p, sink } = this;
    const open = p.next();
    if (!p.deeper()) return;
    const t = bare(type);
    // Braces say the whole object: what an earlier designator put there is void.
    if (t.kind === 'array' || t.kind === 'record') sink.clear(offset, sizeOf(type), undefined);
    if (t.kind === 'array' || t.kind === 'record') {
      if (p.kind === Kind.String && this.tryString(type, offset)) p.accept(Kind.Comma);
      else if (t.kind === 'array') this.elements(type, t.of, t.count, offset, true);
      else this.members(t, offset, 0, true, undefined);
    } else if (p.kind === Kind.RightBrace) {
      sink.value(p, offset, member, type, convert(integer(0n, integerOf(type) ?? type, open), type));
    } else {
      if (p.kind === Kind.LeftBrace) this.braced(type, offset, member);
      else {
        const token = p.at;
        this.value(type, offset, member, parseAssignment(p), token);
      }
      p.accept(Kind.Comma);
    }
    if (p.kind !== Kind.RightBrace && !p.panicking) {
      if (p.kind === Kind.Semicolon || p.kind === Kind.End) p.expect(Kind.RightBrace);
      else {
        p.warning(p.at, 'excess-initializers', `excess elements in ${describe(t.kind)} initializer`);
        this.skipToBrace();
      }
    }
    if (p.panicking) this.recover();
    p.accept(Kind.RightBrace);
    p.shallower();
  }

  private skipToBrace(): void {
    const { p } = this;
    while (p.kind !== Kind.RightBrace && p.kind !== Kind.End && p.kind !== Kind.Semicolon) {
      if (p.kind === Kind.LeftBrace || p.kind === Kind.LeftParen || p.kind === Kind.LeftBracket)
        p.skipBalanced();
      else p.next();
    }
  }

  /** After a syntax error: the rest of this brace pair is skipped, and parsing goes on. */
  private recover(): void {
    this.skipToBrace();
    if (this.p.kind === Kind.RightBrace) this.p.panicking = false;
  }

  /** Elements of an array until its end, a designator that is not ours, or `}`. */
  private elements(
    type: Type,
    of: Type,
    count: number | undefined,
    offset: number,
    braces: boolean,
    pending?: Pending,
    start = 0,
  ): void {
    const { p } = this;
    const size = sizeOf(of);
    let index = start;
    let first = pending;
    for (;;) {
      if (!first) {
        if (p.kind === Kind.RightBrace || p.kind === Kind.End || p.panicking) return;
        if (p.kind === Kind.LeftBracket && p.kindAt(1) !== Kind.LeftBracket) {
          if (!braces) return;
          const last = this.designatedElement(type, of, count, offset);
          if (last === undefined) return;
          index = last + 1;
          if (braces) this.grow(offset, index, count);
          if (!this.more(braces, count === undefined || index < count)) return;
          continue;
        }
        if (p.kind === Kind.Dot) {
          if (braces) p.syntaxError('a member designator in an initializer for an array');
          return;
        }
      }
      if (count !== undefined && index >= count) return;
      if (!first && this.plainNumbers(of, offset, index, count)) {
        index = this.index;
        if (braces) this.grow(offset, index, count);
        if (!this.more(braces, count === undefined || index < count)) return;
        continue;
      }
      this.element(of, offset + index * size, undefined, first);
      first = undefined;
      index++;
      if (braces) this.grow(offset, index, count);
      if (!this.more(braces, count === undefined || index < count)) return;
    }
  }

  private index = 0;

  /** A run of plain number tokens for integer elements goes straight to the sink. */
  private plainNumbers(of: Type, offset: number, index: number, count: number | undefined): boolean {
    const { p, sink } = this;
    const type = integerOf(of);
    if (!type || !(sink instanceof ImageSink)) return false;
    let done = 0;
    while (p.kind === Kind.Number && (count === undefined || index + done < count)) {
      const after = p.kindAt(1);
      if (after !== Kind.Comma && after !== Kind.RightBrace) break;
      const number = numberAt(p, p.at);
      if (number.kind !== 'integer') {
        if (done > 0) p.at--;
        break;
      }
      sink.number(offset + (index + done) * type.size, type, number.value);
      done++;
      p.next();
      // The comma is taken only if another plain number follows it.
      const ends = p.kindAt(2);
      if (after === Kind.RightBrace || p.kindAt(1) !== Kind.Number) break;
      if (ends !== Kind.Comma && ends !== Kind.RightBrace) break;
      if (count !== undefined && index + done >= count) break;
      p.next();
    }
    this.index = index + done;
    return done > 0;
  }

  private grow(offset: number, elements: number, count: number | undefined): void {
    if (count === undefined && offset === this.openOffset) this.extent = Math.max(this.extent, elements);
  }

  /** Where the array without a size lies: 0, or a flexible member's offset. */
  openOffset = 0;

  /** Between elements: true if another one follows for this level. */
  private more(braces: boolean, room: boolean): boolean {
    const { p } = this;
    if (p.kind !== Kind.Comma) return false;
    if (braces) {
      p.next();
      return !p.is(Kind.RightBrace);
    }
    // Without braces of our own the comma is ours only if something for us follows it.
    if (!room) return false;
    const after = p.kindAt(1);
    if (after === Kind.RightBrace || after === Kind.Dot || after === Kind.LeftBracket) return false;
    p.next();
    return true;
  }

  /** [index] or [low ... high], then further designators, then = value. Returns the last index. */
  private designatedElement(
    type: Type,
    of: Type,
    count: number | undefined,
    offset: number,
  ): number | undefined {
    const { p, sink } = this;
    const token = p.next();
    const low = constantInteger(p, 'array index in initializer');
    let high = low;
    if (p.accept(Kind.Ellipsis)) high = constantInteger(p, 'array index in initializer');
    p.expect(Kind.RightBracket);
    if (low === undefined || high === undefined) {
      p.panicking = true;
      return undefined;
    }
    const limit = count === undefined ? 0x7fff_ffffn : BigInt(count);
    if (low < 0n || high < low || high >= limit) {
      p.error(
        token,
        high < low
          ? 'empty index range in initializer'
          : `array index in initializer exceeds the bounds of ${quoteType(type)}`,
      );
      p.panicking = true;
      return undefined;
    }
    const size = sizeOf(of);
    const first = Number(low);
    const last = Number(high);
    if (offset === this.openOffset && count === undefined) this.extent = Math.max(this.extent, last + 1);
    const mark = sink.mark();
    this.designated(of, offset + first * size, undefined);
    if (last > first) {
      if (!(sink instanceof ImageSink) && last - first > RANGE_LIMIT) {
        p.error(token, 'the index range is too large for an automatic object');
        return last;
      }
      sink.repeat(p, mark, offset + first * size, size, last - first);
    }
    return last;
  }

  /** Behind one designator: more designators, or `=` (optional in GNU C) and the value. */
  private designated(type: Type, offset: number, member: Member | undefined): void {
    const { p } = this;
    const t = bare(type);
    if (p.kind === Kind.Dot || p.kind === Kind.LeftBracket) {
      if (t.kind === 'record' && p.kind === Kind.Dot) this.members(t, offset, 0, false, undefined, true);
      else if (t.kind === 'array' && p.kind === Kind.LeftBracket) {
        const last = this.designatedElement(type, t.of, t.count, offset);
        if (
          last !== undefined &&
          p.is(Kind.Comma) &&
          this.more(false, t.count === undefined || last + 1 < t.count)
        )
          this.elements(type, t.of, t.count, offset, false, undefined, last + 1);
      } else p.syntaxError(`this designator does not fit ${quoteType(type)}`);
      return;
    }
    // The = may be missing in old GNU C.
    p.accept(Kind.Equal);
    this.sink.clear(offset, sizeOf(type), member);
    this.element(type, offset, member, undefined);
  }

  /** Members of a record from number `from` on. */
  private members(
    record: RecordType,
    offset: number,
    from: number,
    braces: boolean,
    pending: Pending | undefined,
    designatorFirst = false,
  ): void {
    const { p } = this;
    let index = from;
    let first = pending;
    let designator = designatorFirst;
    const { members } = record;
    for (;;) {
      if (!first) {
        if (p.kind === Kind.RightBrace || p.kind === Kind.End || p.panicking) return;
        const oldStyle = p.kind === Kind.Identifier && p.kindAt(1) === Kind.Colon;
        if (p.kind === Kind.Dot || oldStyle) {
          if (!braces && !designator) return;
          designator = false;
          const found = this.designatedMember(record, offset, oldStyle);
          if (found === undefined) return;
          index = found + 1;
          const room = !record.union && index < members.length;
          if (!this.more(braces, room)) return;
          continue;
        }
        if (p.kind === Kind.LeftBracket && !braces) return;
      }
      const member = members[index];
      if (!member || (record.union && index > 0)) {
        if (braces && !first && members.length === 0 && p.kind === Kind.LeftBrace) p.skipBalanced();
        return;
      }
      const t = bare(member.type);
      if (t.kind === 'array' && t.count === undefined) this.openOffset = offset + member.offset;
      this.element(member.type, place(offset, member), member.bitField ? member : undefined, first);
      first = undefined;
      index++;
      if (!this.more(braces, !record.union && index < members.length)) return;
    }
  }

  /** .name or name: — returns the index of the member at this level that holds it. */
  private designatedMember(record: RecordType, offset: number, oldStyle: boolean): number | undefined {
    const { p } = this;
    if (!oldStyle) p.next();
    if (p.kind !== Kind.Identifier) {
      p.syntaxError(`expected a member name before ${p.found}`);
      return undefined;
    }
    const token = p.next();
    const name = p.text(token);
    const path = memberPath(p, record, token);
    if (!path) {
      const guess = nearest(name, memberNames(record));
      p.error(
        token,
        `${quoteType(record)} has no member named '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
        undefined,
        guess,
      );
      this.skipValue(oldStyle);
      return record.members.length;
    }
    p.uses?.add(token, path[path.length - 1], 'use');
    if (oldStyle) p.next();
    let at = offset;
    let holder = record;
    for (const member of path) {
      if (holder.union) this.choose(holder, at, member);
      const inner = bare(member.type);
      if (member !== path[path.length - 1]) at += member.offset;
      if (inner.kind === 'record') holder = inner;
    }
    const member = path[path.length - 1];
    const t = bare(member.type);
    if (t.kind === 'array' && t.count === undefined) this.openOffset = at + member.offset;
    if (oldStyle) {
      this.sink.clear(place(at, member), sizeOf(member.type), member.bitField ? member : undefined);
      this.element(member.type, place(at, member), member.bitField ? member : undefined, undefined);
    } else this.designated(member.type, place(at, member), member.bitField ? member : undefined);
    if (path.length > 1) {
      const inner = bare(path[0].type);
      // The rest of the anonymous record follows before the next member of this one.
      if (inner.kind === 'record' && path.length === 2 && !inner.union && p.is(Kind.Comma)) {
        const next = inner.members.indexOf(member) + 1;
        if (next < inner.members.length && this.more(false, true))
          this.members(inner, offset + path[0].offset, next, false, undefined);
      }
    }
    return record.members.indexOf(path[0]);
  }

  /** Another member of a union replaces the one that was given before. */
  private choose(union: RecordType, offset: number, member: Member): void {
    const places = this.chosen.get(union) ?? new Map<number, Member>();
    this.chosen.set(union, places);
    if (places.get(offset) !== member) this.sink.clear(offset, union.size, undefined);
    places.set(offset, member);
  }

  private readonly chosen = new Map<RecordType, Map<number, Member>>();

  private skipValue(oldStyle: boolean): void {
    const { p } = this;
    if (oldStyle) p.next();
    while (
      p.kind !== Kind.Comma &&
      p.kind !== Kind.RightBrace &&
      p.kind !== Kind.End &&
      p.kind !== Kind.Semicolon
    ) {
      if (p.kind === Kind.LeftBrace || p.kind === Kind.LeftParen || p.kind === Kind.LeftBracket)
        p.skipBalanced();
      else p.next();
    }
  }

  /** One element: a braced list, a string, a value, or (braces left out) the first value of an aggregate. */
  private element(
    type: Type,
    offset: number,
    member: Member | undefined,
    pending: Pending | undefined,
  ): void {
    const { p } = this;
    if (!pending && p.kind === Kind.LeftBrace) {
      this.braced(type, offset, member);
      return;
    }
    const t = bare(type);
    if (t.kind !== 'array' && t.kind !== 'record') {
      const token = pending ? pending.token : p.at;
      this.value(type, offset, member, pending ? pending.operand : parseAssignment(p), token);
      return;
    }
    if (!pending && this.tryString(type, offset)) return;
    if (!p.deeper()) return;
    let given = pending;
    if (!given) {
      const token = p.at;
      given = { operand: parseAssignment(p), token };
    }
    const whole = bare(given.operand.type);
    if (whole === t || whole.kind === 'error') {
      if (t.kind === 'record') this.value(type, offset, member, given.operand, given.token);
      else if (isPlace(given.operand)) this.sink.copy(p, offset, given.operand);
    } else if (t.kind === 'array' && given.operand.kind === 'string' && stringFits(t.of, given.operand))
      this.sink.bytes(offset, given.operand.literal.bytes, t.count === undefined ? undefined : sizeOf(t));
    else if (t.kind === 'array') this.elements(type, t.of, t.count, offset, false, given);
    else if (t.members.length === 0) p.error(given.token, `invalid initializer for ${quoteType(type)}`);
    else this.members(t, offset, 0, false, given);
    p.shallower();
  }

  /** A scalar or a whole record. */
  private value(
    type: Type,
    offset: number,
    member: Member | undefined,
    operand: Operand,
    token: number,
  ): void {
    const value = rvalue(operand);
    if (isError(value)) {
      this.sink.failed = true;
      return;
    }
    if (bare(type).kind === 'array') return;
    const converted = assignConvert(this.p, value, unqualified(type), { kind: 'initialization' }, token);
    if (isError(converted)) this.sink.failed = true;
    else this.sink.value(this.p, offset, member, type, converted);
  }

  /** A string literal for an array of characters. */
  private tryString(type: Type, offset: number): boolean {
    const { p } = this;
    const t = bare(type);
    const braced =
      p.kind === Kind.LeftParen && p.kindAt(1) === Kind.String && p.kindAt(2) === Kind.RightParen;
    if (t.kind !== 'array' || (p.kind !== Kind.String && !braced)) return false;
    const element = integerOf(t.of);
    if (!element) return false;
    const mark = p.at;
    if (braced) p.next();
    const parsed = parseStringBytes(p);
    if (braced) p.next();
    if (element.size !== encodingSize(parsed.encoding) || !endsElement(p)) {
      // Part of an expression ("abc"[1]) or of another width: an ordinary value.
      p.at = mark;
      return false;
    }
    this.storeString(t.count, element.size, offset, parsed, mark);
    return true;
  }

  private storeString(
    count: number | undefined,
    size: number,
    offset: number,
    parsed: ParsedString,
    token: number,
  ): void {
    const { p, sink } = this;
    const units = parsed.bytes.length / size;
    if (count === undefined) {
      if (offset === this.openOffset) this.extent = Math.max(this.extent, units);
      sink.bytes(offset, parsed.bytes, undefined);
      return;
    }
    if (units - 1 > count)
      p.warning(token, 'overflow', `initializer-string for an array of ${count} is too long`);
    sink.bytes(offset, parsed.bytes, count * size);
  }
}

/** An expression that was parsed before it was known which element it is for. */
interface Pending {
  operand: Operand;
  token: number;
}

function endsElement(p: Parser): boolean {
  return (
    p.kind === Kind.Comma ||
    p.kind === Kind.RightBrace ||
    p.kind === Kind.Semicolon ||
    p.kind === Kind.RightParen ||
    p.kind === Kind.End
  );
}

function stringFits(of: Type, operand: Operand): boolean {
  return operand.kind === 'string' && integerOf(of)?.size === operand.literal.elementSize;
}

/** Bit-fields are stored relative to their record. */
function place(offset: number, member: Member): number {
  return member.bitField ? offset : offset + member.offset;
}

function describe(kind: string): string {
  return kind === 'array' ? 'array' : kind === 'record' ? 'struct' : 'scalar';
}
