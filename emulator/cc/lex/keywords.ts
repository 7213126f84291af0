/**
 * C11's and GNU C's keywords as small interned ids: Keyword.X is the interned id of that spelling in every Interner.
 *
 * Alternative spellings (`__inline__`, `__const`) have ids of their own; canonicalKeyword() maps them to the plain one.
 */

/** In the order of KEYWORDS below; 0 is no keyword. */
export enum Keyword {
  None = 0,
  Auto,
  Break,
  Case,
  Char,
  Const,
  Continue,
  Default,
  Do,
  Double,
  Else,
  Enum,
  Extern,
  Float,
  For,
  Goto,
  If,
  Inline,
  Int,
  Long,
  Register,
  Restrict,
  Return,
  Short,
  Signed,
  Sizeof,
  Static,
  Struct,
  Switch,
  Typedef,
  Union,
  Unsigned,
  Void,
  Volatile,
  While,
  Alignas,
  Alignof,
  Atomic,
  Bool,
  Complex,
  Generic,
  Imaginary,
  Noreturn,
  StaticAssert,
  ThreadLocal,
  Asm,
  Typeof,
  Attribute,
  AutoType,
  Extension,
  Label,
  Int128,
  VaList,
  Float128,
  GnuAlignof,
  BuiltinVaArg,
  BuiltinOffsetof,
  BuiltinTypesCompatible,
  BuiltinChooseExpr,
  Real,
  Imag,
}

const KEYWORDS =
  'auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof _Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local asm typeof __attribute__ __auto_type __extension__ __label__ __int128 __builtin_va_list __float128 __alignof__ __builtin_va_arg __builtin_offsetof __builtin_types_compatible_p __builtin_choose_expr __real__ __imag__'.split(
    ' ',
  );

const ALTERNATIVES: readonly (readonly [string, Keyword])[] = [
  ['__const', Keyword.Const],
  ['__const__', Keyword.Const],
  ['__volatile', Keyword.Volatile],
  ['__volatile__', Keyword.Volatile],
  ['__restrict', Keyword.Restrict],
  ['__restrict__', Keyword.Restrict],
  ['__inline', Keyword.Inline],
  ['__inline__', Keyword.Inline],
  ['__signed', Keyword.Signed],
  ['__signed__', Keyword.Signed],
  ['__asm', Keyword.Asm],
  ['__asm__', Keyword.Asm],
  ['__typeof', Keyword.Typeof],
  ['__typeof__', Keyword.Typeof],
  ['__attribute', Keyword.Attribute],
  ['__alignof', Keyword.GnuAlignof],
  ['__thread', Keyword.ThreadLocal],
  ['__real', Keyword.Real],
  ['__imag', Keyword.Imag],
  ['__complex__', Keyword.Complex],
  ['__complex', Keyword.Complex],
  ['__int128_t', Keyword.Int128],
  ['__uint128_t', Keyword.Int128],
  ['_Float128', Keyword.Float128],
  ['_Float64', Keyword.Float128],
  ['_Float32', Keyword.Float128],
  ['_Float32x', Keyword.Float128],
  ['_Float64x', Keyword.Float128],
];

/** All keyword spellings; the index plus one is the interned id. */
export const KEYWORD_SPELLINGS: readonly string[] = [...KEYWORDS, ...ALTERNATIVES.map(([text]) => text)];

const CANONICAL: readonly Keyword[] = [
  Keyword.None,
  ...KEYWORDS.map((_, index) => index + 1),
  ...ALTERNATIVES.map(([, keyword]) => keyword),
];

/** Largest interned id that is a keyword. */
export const LAST_KEYWORD = KEYWORD_SPELLINGS.length;

/** The keyword an interned id is, or Keyword.None. */
export function canonicalKeyword(id: number): Keyword {
  return id <= LAST_KEYWORD ? CANONICAL[id] : Keyword.None;
}
