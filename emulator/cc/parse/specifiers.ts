/**
 * Declaration specifiers (C11 6.7, 6.7.1 to 6.7.5): storage class, type, qualifiers, inline, alignment, attributes.
 */
import type { Attributes } from '../attributes';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { isPlace, rvalue } from '../sema/build';
import { quoteType } from '../sema/type-text';
import {
  alignOf,
  BOOL,
  CHAR,
  CONST,
  DOUBLE,
  ERROR,
  FLOAT,
  INT,
  type IntegerType,
  integerOf,
  LLONG,
  LONG,
  LONG_DOUBLE,
  qualify,
  RESTRICT,
  SCHAR,
  SHORT,
  type Type,
  UCHAR,
  UINT,
  ULLONG,
  ULONG,
  USHORT,
  unqualified,
  VOID,
  VOLATILE,
} from '../types';
import { parseAttributes } from './attributes';
import { constantInteger } from './constant';
import { parseTypeName } from './declarator';
import { parseExpression } from './expression';
import type { Parser } from './parser';
import { parseEnumSpecifier, parseRecordSpecifier } from './records';

export type StorageClass = 'none' | 'typedef' | 'extern' | 'static' | 'auto' | 'register';

/** What stands before the declarators. */
export interface Specifiers {
  type: Type;
  storage: StorageClass;
  inline: boolean;
  noreturn: boolean;
  attributes: Attributes;
  /** _Alignas, 0 for none. */
  align: number;
  /** __auto_type: the type comes from the initialiser. */
  autoType: boolean;
  /** No type was named (old C's implicit int). */
  implicitInt: boolean;
  /** A struct, union or enum specifier: `struct x;` alone then declares something. */
  tagged: boolean;
  /** A definition's semicolon is missing (reported): the declaration ends here. */
  ended: boolean;
  first: number;
}

const SIGNED = 1;
const UNSIGNED = 2;
const SHORT_BIT = 4;
const LONG_ONE = 8;
const LONG_TWO = 16;
const CHAR_BIT = 32;
const INT_BIT = 64;

const COMBINED: ReadonlyMap<number, IntegerType> = new Map(
  (
    [
      [CHAR_BIT, CHAR],
      [CHAR_BIT | SIGNED, SCHAR],
      [CHAR_BIT | UNSIGNED, UCHAR],
      [SHORT_BIT, SHORT],
      [SHORT_BIT | UNSIGNED, USHORT],
      [0, INT],
      [UNSIGNED, UINT],
      [LONG_ONE, LONG],
      [LONG_ONE | UNSIGNED, ULONG],
      [LONG_TWO, LLONG],
      [LONG_TWO | UNSIGNED, ULLONG],
    ] as const
  ).flatMap(([bits, type]) => {
    const all: [number, IntegerType][] = [[bits, type]];
    if ((bits & (SIGNED | UNSIGNED)) === 0 && bits !== CHAR_BIT) all.push([bits | SIGNED, type]);
    if ((bits & CHAR_BIT) === 0) all.push(...all.map(([b, t]): [number, IntegerType] => [b | INT_BIT, t]));
    return all;
  }),
);

/** True if a declaration (or a type name) can start at the cursor. */
export function startsDeclaration(p: Parser): boolean {
  if (p.kind !== Kind.Identifier) return false;
  const keyword = p.keyword;
  if (keyword === Keyword.None) {
    return p.scopes.name(p.values[p.at])?.kind === 'typedef' && p.kindAt(1) !== Kind.Colon;
  }
  return isDeclarationKeyword(p, keyword);
}

function isDeclarationKeyword(p: Parser, keyword: Keyword): boolean {
  switch (keyword) {
    case Keyword.Auto:
    case Keyword.Extern:
    case Keyword.Inline:
    case Keyword.Register:
    case Keyword.Static:
    case Keyword.Typedef:
    case Keyword.Noreturn:
    case Keyword.ThreadLocal:
    case Keyword.StaticAssert:
      return true;
    case Keyword.Extension:
      return startsTypeAt(p, 1);
    default:
      return isTypeKeyword(keyword);
  }
}

function startsTypeAt(p: Parser, ahead: number): boolean {
  const keyword = p.keywordAt(ahead);
  if (keyword !== Keyword.None) return keyword === Keyword.Extension || isDeclarationKeyword(p, keyword);
  return p.kindAt(ahead) === Kind.Identifier && p.scopes.name(p.values[p.at + ahead])?.kind === 'typedef';
}

/** True if the token `ahead` of the cursor starts a type name, as after `(` or sizeof. */
export function startsTypeName(p: Parser, ahead: number): boolean {
  if (p.kindAt(ahead) !== Kind.Identifier) return false;
  const keyword = p.keywordAt(ahead);
  if (keyword === Keyword.Extension) return startsTypeName(p, ahead + 1);
  if (keyword !== Keyword.None) return isTypeKeyword(keyword);
  return p.scopes.name(p.values[p.at + ahead])?.kind === 'typedef';
}

function isTypeKeyword(keyword: Keyword): boolean {
  switch (keyword) {
    case Keyword.Void:
    case Keyword.Char:
    case Keyword.Short:
    case Keyword.Int:
    case Keyword.Long:
    case Keyword.Signed:
    case Keyword.Unsigned:
    case Keyword.Bool:
    case Keyword.Float:
    case Keyword.Double:
    case Keyword.Complex:
    case Keyword.Float128:
    case Keyword.Int128:
    case Keyword.Struct:
    case Keyword.Union:
    case Keyword.Enum:
    case Keyword.Typeof:
    case Keyword.AutoType:
    case Keyword.VaList:
    case Keyword.Const:
    case Keyword.Volatile:
    case Keyword.Restrict:
    case Keyword.Atomic:
    case Keyword.Alignas:
    case Keyword.Attribute:
      return true;
    default:
      return false;
  }
}

/** Parses the specifiers at the cursor. Always gives a type. */
export function parseSpecifiers(p: Parser): Specifiers {
  const result: Specifiers = {
    type: INT,
    storage: 'none',
    inline: false,
    noreturn: false,
    attributes: {},
    align: 0,
    autoType: false,
    implicitInt: false,
    tagged: false,
    ended: false,
    first: p.at,
  };
  let bits = 0;
  let sawBasic = false;
  let type: Type | undefined;
  let qualifiers = 0;
  let floating: Type | undefined;
  const setType = (given: Type, token: number) => {
    if (type || sawBasic || floating) p.error(token, 'two or more data types in declaration specifiers');
    else type = given;
  };
  const addBits = (bit: number, token: number) => {
    if (type) p.error(token, 'two or more data types in declaration specifiers');
    else if (bits & bit && !(bit === LONG_ONE)) p.error(token, `duplicate '${p.text(token)}'`);
    else bits |= bit;
    sawBasic = true;
  };
  const setStorage = (storage: StorageClass, token: number) => {
    if (result.storage !== 'none') p.error(token, 'multiple storage classes in declaration specifiers');
    result.storage = storage;
  };
  for (;;) {
    const token = p.at;
    const keyword = p.keyword;
    if (keyword === Keyword.None) {
      if (type || sawBasic || floating || p.kind !== Kind.Identifier) break;
      const entity = p.scopes.name(p.values[token]);
      if (entity?.kind !== 'typedef') break;
      p.uses?.add(token, entity, 'use');
      type = entity.type;
      p.next();
      continue;
    }
    if (keyword === Keyword.Attribute) {
      parseAttributes(p, result.attributes);
      continue;
    }
    if (!isTypeKeyword(keyword) && !isDeclarationKeyword(p, keyword) && keyword !== Keyword.Extension) break;
    if (keyword === Keyword.StaticAssert) break;
    if (result.tagged && definitionEnded(p, keyword)) {
      p.expect(Kind.Semicolon);
      p.panicking = false;
      result.ended = true;
      break;
    }
    switch (keyword) {
      case Keyword.Struct:
      case Keyword.Union:
        setType(parseRecordSpecifier(p), token);
        result.tagged = true;
        continue;
      case Keyword.Enum:
        setType(parseEnumSpecifier(p), token);
        result.tagged = true;
        continue;
      case Keyword.Typeof:
        setType(parseTypeof(p), token);
        continue;
      case Keyword.Alignas:
        result.align = Math.max(result.align, parseAlignas(p));
        continue;
      case Keyword.Atomic:
        p.next();
        p.error(token, '_Atomic is not supported: use the atomic_t functions or the __atomic builtins');
        if (p.kind === Kind.LeftParen) {
          p.next();
          setType(parseTypeName(p).type, token);
          p.expect(Kind.RightParen);
        }
        continue;
      default:
        p.next();
    }
    switch (keyword) {
      case Keyword.Auto:
        setStorage('auto', token);
        break;
      case Keyword.Extern:
        setStorage('extern', token);
        break;
      case Keyword.Register:
        setStorage('register', token);
        break;
      case Keyword.Static:
        setStorage('static', token);
        break;
      case Keyword.Typedef:
        setStorage('typedef', token);
        break;
      case Keyword.ThreadLocal:
        p.error(token, 'thread-local storage is not supported: the kernel uses per-CPU variables');
        break;
      case Keyword.Inline:
        result.inline = true;
        break;
      case Keyword.Noreturn:
        result.noreturn = true;
        break;
      case Keyword.Extension:
        break;
      case Keyword.Const:
        qualifiers |= CONST;
        break;
      case Keyword.Volatile:
        qualifiers |= VOLATILE;
        break;
      case Keyword.Restrict:
        qualifiers |= RESTRICT;
        break;
      case Keyword.Void:
        setType(VOID, token);
        break;
      case Keyword.Bool:
        setType(BOOL, token);
        break;
      case Keyword.VaList:
        setType(p.vaListType, token);
        break;
      case Keyword.AutoType:
        setType(ERROR, token);
        result.autoType = true;
        break;
      case Keyword.Char:
        addBits(CHAR_BIT, token);
        break;
      case Keyword.Short:
        addBits(SHORT_BIT, token);
        break;
      case Keyword.Int:
        addBits(INT_BIT, token);
        break;
      case Keyword.Long:
        if (bits & LONG_TWO) p.error(token, "'long long long' is too long");
        else if (bits & LONG_ONE) bits = (bits & ~LONG_ONE) | LONG_TWO;
        else addBits(LONG_ONE, token);
        break;
      case Keyword.Signed:
        addBits(SIGNED, token);
        break;
      case Keyword.Unsigned:
        addBits(UNSIGNED, token);
        break;
      case Keyword.Float:
        unsupportedFloat(p, token);
        floating = FLOAT;
        break;
      case Keyword.Double:
        unsupportedFloat(p, token);
        floating = bits & LONG_ONE ? LONG_DOUBLE : DOUBLE;
        bits = 0;
        sawBasic = false;
        break;
      case Keyword.Float128:
      case Keyword.Complex:
        unsupportedFloat(p, token);
        floating = LONG_DOUBLE;
        break;
      case Keyword.Int128:
        p.error(token, '__int128 is not supported');
        setType(bits & UNSIGNED ? ULLONG : LLONG, token);
        bits = 0;
        sawBasic = false;
        break;
      default:
        break;
    }
  }
  if (floating) type = floating;
  else if (!type) {
    const combined = COMBINED.get(bits);
    if (!combined) p.error(result.first, 'these type specifiers do not go together');
    type = combined ?? INT;
    result.implicitInt = !sawBasic;
  } else if (sawBasic && bits !== 0)
    p.error(result.first, 'two or more data types in declaration specifiers');
  if (result.attributes.mode !== undefined) type = modeType(p, type, result.attributes.mode, result.first);
  result.type = qualify(type, qualifiers);
  return result;
}

/** `struct s { … }` and a new declaration on the next line: the semicolon was forgotten. */
function definitionEnded(p: Parser, keyword: Keyword): boolean {
  if (p.kinds[p.at - 1] !== Kind.RightBrace || !p.beginsLine(p.at)) return false;
  return keyword !== Keyword.Attribute && keyword !== Keyword.Const && keyword !== Keyword.Volatile;
}

function unsupportedFloat(p: Parser, token: number): void {
  p.error(token, 'floating point is not supported (kernel code does without it)');
}

/** The integer type that attribute mode(…) asks for. */
export function modeType(p: Parser, type: Type, mode: string, token: number): Type {
  const integer = integerOf(type);
  const signed = integer?.signed ?? true;
  switch (mode) {
    case 'QI':
    case 'byte':
      return signed ? SCHAR : UCHAR;
    case 'HI':
      return signed ? SHORT : USHORT;
    case 'SI':
      return signed ? INT : UINT;
    case 'DI':
    case 'word':
    case 'pointer':
    case 'unwind_word':
      return signed ? LONG : ULONG;
    default:
      p.error(token, `mode '${mode}' is not supported`);
      return type;
  }
}

/** typeof (expression or type). */
function parseTypeof(p: Parser): Type {
  p.next();
  if (!p.expect(Kind.LeftParen)) return ERROR;
  let type: Type;
  if (startsTypeName(p, 0)) type = parseTypeName(p).type;
  else {
    p.unevaluated++;
    const operand = parseExpression(p);
    p.unevaluated--;
    // An array keeps its type, a bit-field has its declared one; qualifiers of lvalues stay, as in gcc.
    type = isPlace(operand) ? operand.type : unqualified(rvalue(operand).type);
  }
  p.expect(Kind.RightParen);
  return type;
}

/** _Alignas (type or constant): the alignment in bytes, 0 if it is wrong. */
function parseAlignas(p: Parser): number {
  const token = p.next();
  if (!p.expect(Kind.LeftParen)) return 0;
  let align = 0;
  if (startsTypeName(p, 0)) align = alignOf(parseTypeName(p).type);
  else {
    const value = Number(constantInteger(p, '_Alignas argument') ?? 0n);
    if (value < 0 || (value & (value - 1)) !== 0) p.error(token, 'requested alignment is not a power of 2');
    else align = value;
  }
  p.expect(Kind.RightParen);
  return align;
}

/** Complains about a missing type: C's old implicit int. */
export function checkImplicitInt(p: Parser, specifiers: Specifiers, name: string): void {
  if (specifiers.implicitInt)
    p.warning(
      specifiers.first,
      'implicit-int',
      `type defaults to ${quoteType(INT)} in declaration of '${name}'`,
    );
}
