/**
 * struct, union and enum specifiers (C11 6.7.2.1, 6.7.2.2).
 */
import type { Attributes } from '../attributes';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { type DeclaredMember, layOut } from '../sema/layout';
import { quoteType } from '../sema/type-text';
import {
  BOOL,
  bare,
  type EnumType,
  INT,
  type IntegerType,
  integerOf,
  LONG,
  type Member,
  type RecordType,
  SCHAR,
  SHORT,
  type Type,
  UCHAR,
  UINT,
  ULONG,
  USHORT,
} from '../types';
import { parseAttributes } from './attributes';
import { constantInteger } from './constant';
import { parseDeclarator } from './declarator';
import type { Parser } from './parser';
import { parseSpecifiers, startsTypeName } from './specifiers';
import { parseStaticAssert } from './static-assert';

/** struct-or-union attributes? tag? { members }? attributes? */
export function parseRecordSpecifier(p: Parser): Type {
  const keyword = p.next();
  const union = p.text(keyword) === 'union';
  const attributes: Attributes = {};
  parseAttributes(p, attributes);
  const named = p.isName;
  const tagToken = p.at;
  const tag = named ? p.values[p.next()] : 0;
  if (p.kind !== Kind.LeftBrace) {
    if (!named) {
      p.syntaxError(`expected a tag or '{' before ${p.found}`);
      return newRecord(p, union, undefined, keyword, attributes);
    }
    return referRecord(p, union, tag, tagToken, attributes);
  }
  let record: RecordType | undefined;
  if (named) {
    const known = p.scopes.tagHere(tag);
    if (known && (known.kind !== 'record' || known.union !== union)) wrongTag(p, tagToken, known);
    else if (known?.kind === 'record') {
      if (known.complete || p.openRecords.has(known))
        p.error(
          tagToken,
          `${known.complete ? '' : 'nested '}redefinition of '${union ? 'union' : 'struct'} ${p.text(tagToken)}'`,
          [p.noteAt(known.loc, 'originally defined here')],
        );
      else record = known;
    }
  }
  if (!record) {
    record = newRecord(p, union, named ? p.text(tagToken) : undefined, tagToken, attributes);
    if (named) p.scopes.bindTag(tag, record, tagToken);
  }
  record.loc = named ? tagToken : keyword;
  record.attributes = attributes;
  if (named) p.uses?.add(tagToken, record, 'definition');
  p.openRecords.add(record);
  const declared = parseMembers(p, record);
  p.openRecords.delete(record);
  parseAttributes(p, attributes);
  const layout = layOut(declared, union, attributes.packed === true, p.packAt(p.at), attributes.aligned ?? 0);
  record.members = layout.members;
  record.size = layout.size;
  record.align = layout.align;
  record.complete = true;
  if (p.uses) for (const member of record.members) recordMember(p, record, member);
  return record;
}

function recordMember(p: Parser, record: RecordType, member: Member): void {
  p.uses?.owners.set(member, record);
  if (member.name !== undefined) p.uses?.add(member.loc, member, 'definition');
}

function newRecord(
  p: Parser,
  union: boolean,
  tag: string | undefined,
  loc: number,
  attributes: Attributes,
): RecordType {
  const record: RecordType = {
    kind: 'record',
    union,
    tag,
    complete: false,
    members: [],
    size: 0,
    align: 1,
    attributes,
    loc,
  };
  p.records.push(record);
  return record;
}

function wrongTag(p: Parser, token: number, known: RecordType | EnumType): void {
  p.error(token, `'${p.text(token)}' defined as wrong kind of tag`, [
    p.noteAt(known.loc, `it was declared as ${quoteType(known)} here`),
  ]);
}

/** A mention without a body: the visible record, or a new incomplete one. `struct x;` alone declares it in this scope. */
function referRecord(
  p: Parser,
  union: boolean,
  tag: number,
  token: number,
  attributes: Attributes,
): RecordType {
  const known = p.kind === Kind.Semicolon ? p.scopes.tagHere(tag) : p.scopes.tag(tag);
  if (known) {
    if (known.kind === 'record' && known.union === union) {
      p.uses?.add(token, known, 'use');
      return known;
    }
    wrongTag(p, token, known);
  }
  const record = newRecord(p, union, p.text(token), token, attributes);
  p.scopes.bindTag(tag, record, token);
  p.uses?.add(token, record, 'declaration');
  if (p.prototypeDepth > 0)
    p.warning(
      token,
      'visibility',
      `'${union ? 'union' : 'struct'} ${p.text(token)}' declared inside parameter list will not be visible outside of this definition or declaration`,
    );
  return record;
}

/** { declarations } */
function parseMembers(p: Parser, record: RecordType): DeclaredMember[] {
  const declared: DeclaredMember[] = [];
  const names = new Map<string, number>();
  p.expect(Kind.LeftBrace);
  if (!p.deeper()) return declared;
  while (p.kind !== Kind.RightBrace && p.kind !== Kind.End) {
    const before = p.at;
    if (p.accept(Kind.Semicolon)) continue;
    if (p.keyword === Keyword.StaticAssert) parseStaticAssert(p);
    else if (startsTypeName(p, 0)) parseMemberDeclaration(p, record, declared, names);
    else unknownMemberType(p);
    if (p.panicking) p.sync();
    if (p.at === before) p.next();
  }
  p.shallower();
  p.expect(Kind.RightBrace);
  if (p.panicking) p.sync();
  return declared;
}

function unknownMemberType(p: Parser): void {
  if (p.isName) {
    const name = p.text(p.at);
    const guess = p.suggestName(name, (kind) => kind === 'typedef');
    p.error(
      p.at,
      `unknown type name '${name}'${guess ? `; did you mean '${guess}'?` : ''}`,
      undefined,
      guess,
    );
    p.panicking = true;
    return;
  }
  p.syntaxError(`expected a member declaration before ${p.found}`);
}

function parseMemberDeclaration(
  p: Parser,
  record: RecordType,
  declared: DeclaredMember[],
  names: Map<string, number>,
): void {
  const specifiers = parseSpecifiers(p);
  if (p.kind === Kind.Semicolon) {
    const token = p.next();
    const type = bare(specifiers.type);
    if (type.kind === 'record' && specifiers.tagged && (type.tag === undefined || type.complete))
      declared.push({
        name: undefined,
        type: specifiers.type,
        width: undefined,
        packed: specifiers.attributes.packed === true,
        align: Math.max(specifiers.align, specifiers.attributes.aligned ?? 0),
        loc: specifiers.first,
      });
    else p.warning(token, 'missing-declarations', 'declaration does not declare anything');
    if (type.kind === 'record') checkDuplicates(p, type.members, names);
    return;
  }
  for (;;) {
    const attributes: Attributes = { ...specifiers.attributes };
    const start = p.at;
    let type = specifiers.type;
    let name: string | undefined;
    let loc = p.at;
    if (p.kind !== Kind.Colon) {
      const declarator = parseDeclarator(p, specifiers.type, attributes, 'member');
      type = declarator.type;
      loc = declarator.token;
      if (declarator.id !== 0) name = p.interner.text(declarator.id);
      else if (!p.panicking) p.syntaxError(`expected a member name before ${p.found}`);
    }
    let width: number | undefined;
    if (p.kind === Kind.Colon) width = parseWidth(p, type, name);
    parseAttributes(p, attributes);
    if (p.panicking) return;
    type = checkMember(p, record, type, name, loc);
    if (name !== undefined) {
      const earlier = names.get(name);
      if (earlier !== undefined)
        p.error(loc, `duplicate member '${name}'`, [p.noteAt(earlier, 'previous declaration is here')]);
      else names.set(name, loc);
    }
    declared.push({
      name,
      type,
      width,
      packed: attributes.packed === true,
      align: Math.max(specifiers.align, attributes.aligned ?? 0),
      loc: name === undefined ? start : loc,
    });
    if (name !== undefined && attributes.formerName !== undefined) {
      record.formerNames ??= new Map();
      record.formerNames.set(attributes.formerName, name);
    }
    if (!p.accept(Kind.Comma)) break;
    parseAttributes(p, attributes);
  }
  p.expect(Kind.Semicolon);
}

function checkDuplicates(p: Parser, members: readonly Member[], names: Map<string, number>): void {
  for (const member of members) {
    if (member.name === undefined) {
      const inner = bare(member.type);
      if (inner.kind === 'record') checkDuplicates(p, inner.members, names);
      continue;
    }
    const earlier = names.get(member.name);
    if (earlier !== undefined)
      p.error(member.loc, `duplicate member '${member.name}'`, [
        p.noteAt(earlier, 'previous declaration is here'),
      ]);
    else names.set(member.name, member.loc);
  }
}

/** Members must have a complete object type; only a last array may be open. */
function checkMember(p: Parser, record: RecordType, type: Type, name: string | undefined, loc: number): Type {
  const t = bare(type);
  const shown = name ?? 'member';
  if (t.kind === 'function') {
    p.error(loc, `field '${shown}' declared as a function`);
    return INT;
  }
  if (t.kind === 'array' && t.vla) {
    p.error(loc, `a member cannot be a variable-length array: '${shown}'`);
    return INT;
  }
  if (t.kind === 'array' && t.count === undefined && p.isComplete(t.of)) return type;
  if (!p.isComplete(type)) {
    if (t === record)
      p.error(loc, `field '${shown}' has the type that is being defined: a pointer is needed`);
    else p.error(loc, `field '${shown}' has incomplete type ${quoteType(type)}`);
    return INT;
  }
  return type;
}

/** `: width` of a bit-field; undefined (after an error) if it is wrong. */
function parseWidth(p: Parser, type: Type, name: string | undefined): number | undefined {
  const colon = p.next();
  const value = constantInteger(p, 'bit-field width');
  const integer = integerOf(type);
  const shown = name === undefined ? 'anonymous bit-field' : `bit-field '${name}'`;
  if (!integer) {
    p.error(colon, `${shown} has invalid type ${quoteType(type)}`);
    return undefined;
  }
  if (value === undefined) return undefined;
  const limit = integer === BOOL ? 1 : integer.size * 8;
  if (value < 0n) p.error(colon, `negative width in ${shown}`);
  else if (value > BigInt(limit)) p.error(colon, `width of ${shown} exceeds its type`);
  else if (value === 0n && name !== undefined) p.error(colon, `zero width for ${shown}`);
  else return Number(value);
  return undefined;
}

/** enum attributes? tag? { enumerators }? attributes? */
export function parseEnumSpecifier(p: Parser): Type {
  const keyword = p.next();
  const attributes: Attributes = {};
  parseAttributes(p, attributes);
  const named = p.isName;
  const tagToken = p.at;
  const tag = named ? p.values[p.next()] : 0;
  if (p.kind !== Kind.LeftBrace) {
    if (!named) {
      p.syntaxError(`expected a tag or '{' before ${p.found}`);
      return INT;
    }
    const known = p.scopes.tag(tag);
    if (known?.kind === 'enum') {
      p.uses?.add(tagToken, known, 'use');
      return known;
    }
    if (known) wrongTag(p, tagToken, known);
    const made = newEnum(p, p.text(tagToken), tagToken);
    p.scopes.bindTag(tag, made, tagToken);
    p.uses?.add(tagToken, made, 'declaration');
    return made;
  }
  const known = named ? p.scopes.tagHere(tag) : undefined;
  let type: EnumType;
  if (known?.kind === 'enum' && !known.complete) type = known;
  else {
    if (known)
      p.error(tagToken, `redefinition of 'enum ${p.text(tagToken)}'`, [
        p.noteAt(known.loc, 'originally defined here'),
      ]);
    type = newEnum(p, named ? p.text(tagToken) : undefined, tagToken);
    if (named) p.scopes.bindTag(tag, type, tagToken);
  }
  type.loc = named ? tagToken : keyword;
  if (named) p.uses?.add(tagToken, type, 'definition');
  parseEnumerators(p, type);
  parseAttributes(p, attributes);
  type.integer = enumInteger(type, attributes.packed === true);
  type.complete = true;
  return type;
}

function newEnum(p: Parser, tag: string | undefined, loc: number): EnumType {
  const type: EnumType = { kind: 'enum', tag, complete: false, integer: UINT, enumerators: [], loc };
  p.enums.push(type);
  return type;
}

function parseEnumerators(p: Parser, type: EnumType): void {
  p.expect(Kind.LeftBrace);
  let next = 0n;
  while (p.kind !== Kind.RightBrace && p.kind !== Kind.End) {
    if (!p.isName) {
      p.syntaxError(`expected an enumerator before ${p.found}`);
      break;
    }
    const token = p.next();
    const name = p.text(token);
    const attributes: Attributes = {};
    parseAttributes(p, attributes);
    if (p.accept(Kind.Equal)) next = constantInteger(p, `enumerator value for '${name}'`) ?? next;
    type.enumerators.push({ name, value: next, loc: token });
    const earlier = p.scopes.nameHere(p.values[token]);
    if (earlier)
      p.error(token, `redeclaration of enumerator '${name}'`, [
        p.noteAt(earlier.loc, 'previous declaration is here'),
      ]);
    const fits = next >= -0x8000_0000n && next <= 0x7fff_ffffn;
    const wide: IntegerType =
      next < 0n ? LONG : next <= 0xffff_ffffn ? UINT : next <= 0x7fff_ffff_ffff_ffffn ? LONG : ULONG;
    const constant = {
      kind: 'enumConstant' as const,
      name,
      value: next,
      type: fits ? INT : wide,
      enumType: type,
      loc: token,
    };
    p.scopes.bindName(p.values[token], constant, token);
    p.uses?.add(token, constant, 'definition');
    next += 1n;
    if (!p.accept(Kind.Comma)) break;
  }
  p.expect(Kind.RightBrace);
}

/** gcc's compatible type: unsigned int, int if something is negative, long forms if needed; packed: the smallest. */
function enumInteger(type: EnumType, packed: boolean): IntegerType {
  let low = 0n;
  let high = 0n;
  for (const { value } of type.enumerators) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const candidates = low < 0n ? [SCHAR, SHORT, INT, LONG] : [UCHAR, USHORT, UINT, ULONG];
  const fits = (t: IntegerType) => {
    const bits = BigInt(t.size * 8);
    return t.signed ? low >= -(1n << (bits - 1n)) && high < 1n << (bits - 1n) : high < 1n << bits;
  };
  const from = packed ? 0 : 2;
  return candidates.slice(from).find(fits) ?? (low < 0n ? LONG : ULONG);
}

/** Finds a member by name, through anonymous records: the path from the outside in. */
function findMember(record: RecordType, name: string): Member[] | undefined {
  for (const member of record.members) {
    if (member.name === name) return [member];
    if (member.name === undefined) {
      const inner = bare(member.type);
      if (inner.kind === 'record') {
        const path = findMember(inner, name);
        if (path) return [member, ...path];
      }
    }
  }
  return undefined;
}

/** The member that a token names, by its own name or (with a warning that says the present one) by a former one. */
export function memberPath(p: Parser, record: RecordType, token: number): Member[] | undefined {
  const name = p.text(token);
  const path = findMember(record, name);
  const present = path === undefined ? record.formerNames?.get(name) : undefined;
  if (present === undefined) return path;
  p.warning(token, 'deprecated-declarations', `'${name}' is called '${present}' now`, undefined, present);
  return findMember(record, present);
}

/** All member names that can be written after `.`. */
export function memberNames(record: RecordType): string[] {
  return record.members.flatMap((member) => {
    if (member.name !== undefined) return [member.name];
    const inner = bare(member.type);
    return inner.kind === 'record' ? memberNames(inner) : [];
  });
}
