/**
 * The typed tree: what the parser hands to code generation, to the language server and to tests.
 *
 * Everything C leaves implicit is explicit here: each expression has its type, every conversion is a `cast`, every read of
 * an object is a `load` of a `Place`, every array-to-pointer decay and function designator is an `address`, pointer
 * arithmetic carries its scale, constants are folded to `integer`, initialisers are resolved to offsets, labels, cases and
 * cleanups are resolved. A `Place` (lvalue) and an `Expression` (value) are different types, so they cannot be mixed up.
 * a[i] is deref(pointerAdd(address(a), i)); p->m is member(deref(p), m); while-conditions and `!` operands are scalars.
 *
 * Expressions of record type are `load`, `call`, `conditional`, `comma`, `assign`, `statementExpression`, `vaArg`.
 * A unit with an error diagnostic may hold `error` nodes; the back end refuses such units before it looks at the tree.
 */
import type { Attributes } from './attributes';
import type { EnumType, FunctionType, Member, RecordType, Type } from './types';

/**
 * A source location: an index into the unit's preprocessed tokens. SourceMap.position(loc) turns it into file, line and
 * column (of the outermost macro use, as gcc's line table has it); SourceMap.expansion(loc) gives the macro chain.
 */
export type Loc = number;

// ---------------------------------------------------------------- symbols

export type Linkage = 'external' | 'internal' | 'none';

/**
 * An object with a name (or a hidden one, made by the parser: `name` then starts with a dot).
 * One record per object: all declarations of a name with linkage are merged into it, tentative definitions included.
 */
export interface Variable {
  kind: 'variable';
  name: string;
  /** Symbol name for the linker: `name`, an asm("…") label, or for a static local its name with a `.N` suffix as gcc has it. */
  symbolName: string;
  type: Type;
  /** 'auto' lives in a frame (parameters too); 'static' has an address at link time. */
  storage: 'auto' | 'static';
  linkage: Linkage;
  /** Static storage only: false if the unit only declares it (extern). A tentative definition counts as defined. */
  defined: boolean;
  /** Defined without an initialiser and not static: may be .bss or a common symbol. */
  tentative: boolean;
  /** Static storage only: the object's bytes; undefined means all zero. */
  initializer: StaticInitializer | undefined;
  /** Alignment in bytes, attributes and _Alignas applied. */
  align: number;
  attributes: Attributes;
  /** Position in the parameter list, or undefined. */
  parameter: number | undefined;
  /** register T x asm("rsp"): the register's name without `%`. Local ones matter only as asm operands. */
  asmRegister: string | undefined;
  /** True if its address is formed anywhere (& or array decay) or it is volatile: it must live in memory. */
  addressTaken: boolean;
  /** True if a load, store or address of it occurs in live code or initialisers. */
  referenced: boolean;
  /** The function it is declared in, for locals and static locals. */
  owner: FunctionSymbol | undefined;
  loc: Loc;
}

/** A function. One record per function: prototypes and the definition are merged. */
export interface FunctionSymbol {
  kind: 'function';
  name: string;
  symbolName: string;
  /** Always a function type under the sugar. */
  type: Type;
  functionType: FunctionType;
  linkage: Linkage;
  /** The `inline` keyword (or __inline…) was on some declaration. */
  inline: boolean;
  /**
   * What the object file holds:
   * 'declared': no body here. 'external': a global definition. 'internal': static, emit if referenced or `used`.
   * 'inlineOnly': C11 inline without extern, or gnu_inline extern inline: a body for inlining, calls go to an external symbol.
   */
  emission: 'declared' | 'external' | 'internal' | 'inlineOnly';
  /** Undefined for declarations, and for inline functions of headers that nothing refers to. */
  body: FunctionBody | undefined;
  attributes: Attributes;
  /** Called or its address taken in live code, an initialiser or by an alias. */
  referenced: boolean;
  /** Its address is used other than as a direct callee. */
  addressTaken: boolean;
  loc: Loc;
}

/** A function definition's inside. */
export interface FunctionBody {
  parameters: Variable[];
  block: BlockStatement;
  labels: Label[];
  /** True if it calls va_start, alloca, setjmp-like functions, or declares a variable-length array. */
  usesVarargs: boolean;
  usesAlloca: boolean;
  usesComputedGoto: boolean;
  /** Hidden temporaries made by the parser, all of scalar or record type, alive in the whole body. */
  temporaries: Variable[];
  /** Location of the closing brace. */
  end: Loc;
}

export interface TypedefSymbol {
  kind: 'typedef';
  name: string;
  type: Type;
  loc: Loc;
}

export interface EnumConstant {
  kind: 'enumConstant';
  name: string;
  value: bigint;
  type: Type;
  enumType: EnumType;
  loc: Loc;
}

export type OrdinarySymbol = Variable | FunctionSymbol | TypedefSymbol | EnumConstant;

/** A goto target inside one function. */
export interface Label {
  name: string;
  defined: boolean;
  /** &&label occurs, or an asm goto names it. */
  addressTaken: boolean;
  referenced: boolean;
  loc: Loc;
}

// ---------------------------------------------------------------- static data

/** A string literal: bytes with the terminating zero(s). Equal literals of a unit are one object. */
export interface StringLiteral {
  kind: 'string';
  bytes: Uint8Array;
  /** Element size: 1, 2 (u"") or 4 (L"", U""). */
  elementSize: 1 | 2 | 4;
}

/** What a link-time constant address is relative to. */
export type AddressTarget = Variable | FunctionSymbol | StringLiteral | LabelTarget;

/** The address of a label inside a function, in a static initialiser. */
export interface LabelTarget {
  kind: 'label';
  function: FunctionSymbol;
  label: Label;
}

/** A field of `size` bytes at `offset` that gets target + addend - minus (labels of one function only). */
export interface StaticRelocation {
  offset: number;
  size: 1 | 2 | 4 | 8;
  target: AddressTarget;
  addend: bigint;
  minus: LabelTarget | undefined;
}

/** An object's initial bytes. `bytes` may be shorter than `size`: the rest is zero. `size` may exceed sizeOf(type) (flexible arrays). */
export interface StaticInitializer {
  size: number;
  bytes: Uint8Array;
  relocations: StaticRelocation[];
}

// ---------------------------------------------------------------- initialisers of automatic objects

/** One store into an object being initialised; offsets are from the object's start. In evaluation order. */
export type InitializerItem =
  | { kind: 'value'; offset: number; member: Member | undefined; type: Type; value: Expression }
  | { kind: 'bytes'; offset: number; bytes: Uint8Array };

/**
 * Initialises an automatic object: if `zeroFill`, clear all `size` bytes first; then do the items in order. An item with
 * a `member` that is a bit-field stores that bit-field: `offset` is then where the enclosing record starts.
 */
export interface AutoInitializer {
  size: number;
  zeroFill: boolean;
  items: InitializerItem[];
}

// ---------------------------------------------------------------- places

/** Something that has an address (or is a bit-field or register variable). `type` may be qualified: see isVolatile(). */
export type Place =
  | VariablePlace
  | FunctionPlace
  | StringPlace
  | DerefPlace
  | MemberPlace
  | CompoundLiteralPlace
  | TemporaryPlace;

interface PlaceBase {
  type: Type;
  loc: Loc;
}

export interface VariablePlace extends PlaceBase {
  kind: 'variable';
  variable: Variable;
}

/** A function designator: occurs only under `address`. */
export interface FunctionPlace extends PlaceBase {
  kind: 'function';
  function: FunctionSymbol;
}

/** Type is an array of char (or of the wide element). */
export interface StringPlace extends PlaceBase {
  kind: 'string';
  literal: StringLiteral;
}

export interface DerefPlace extends PlaceBase {
  kind: 'deref';
  pointer: Expression;
}

/** base.member: byte offset member.offset, or member.bitField. Anonymous members on the way are their own `member` nodes. */
export interface MemberPlace extends PlaceBase {
  kind: 'member';
  base: Place;
  member: Member;
}

/** (T){…} inside a function: initialised each time it is evaluated. At file scope it is a static Variable instead. */
export interface CompoundLiteralPlace extends PlaceBase {
  kind: 'compoundLiteral';
  variable: Variable;
  initializer: AutoInitializer;
}

/** A record value (a call's result…) put into memory so that a member of it can be read. */
export interface TemporaryPlace extends PlaceBase {
  kind: 'temporary';
  value: Expression;
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | IntegerExpression
  | LoadExpression
  | AddressExpression
  | LabelAddressExpression
  | UnaryExpression
  | BinaryExpression
  | PointerAddExpression
  | PointerDifferenceExpression
  | LogicalExpression
  | ConditionalExpression
  | CastExpression
  | AssignExpression
  | CompoundAssignExpression
  | IncrementExpression
  | CommaExpression
  | CallExpression
  | BuiltinExpression
  | VaArgExpression
  | StatementExpression
  | ErrorExpression;

interface ExpressionBase {
  /** Never qualified at the top; void for expressions without a value. */
  type: Type;
  loc: Loc;
}

/** A constant, already reduced to its type (see wrap()): negative for negative signed values; 0n… for pointers too. */
export interface IntegerExpression extends ExpressionBase {
  kind: 'integer';
  value: bigint;
}

/** Reads a place: a scalar, a bit-field (extended to its declared type), or a whole record. */
export interface LoadExpression extends ExpressionBase {
  kind: 'load';
  place: Place;
}

/** The address of a place: `&x`, an array's first element, a function. Never of a bit-field. */
export interface AddressExpression extends ExpressionBase {
  kind: 'address';
  place: Place;
}

/** &&label */
export interface LabelAddressExpression extends ExpressionBase {
  kind: 'labelAddress';
  label: Label;
}

/** negate and complement work in the operand's (promoted) type; not gives int 0 or 1 for any scalar operand. */
export interface UnaryExpression extends ExpressionBase {
  kind: 'unary';
  operator: 'negate' | 'complement' | 'not';
  operand: Expression;
}

export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'rem' | 'and' | 'or' | 'xor' | 'shl' | 'shr';
export type ComparisonOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator;

/**
 * Both operands have the same type (signedness of div, rem, shr and the comparisons follows it: pointers compare unsigned),
 * except shl and shr whose right operand has its own promoted type. Comparisons give int.
 */
export interface BinaryExpression extends ExpressionBase {
  kind: 'binary';
  operator: BinaryOperator;
  left: Expression;
  right: Expression;
}

/** pointer + index*scale, or minus if `subtract`. `index` is 8 bytes wide (long or unsigned long). */
export interface PointerAddExpression extends ExpressionBase {
  kind: 'pointerAdd';
  pointer: Expression;
  index: Expression;
  scale: number;
  subtract: boolean;
}

/** (left - right) / scale as long; the division is exact. */
export interface PointerDifferenceExpression extends ExpressionBase {
  kind: 'pointerDifference';
  left: Expression;
  right: Expression;
  scale: number;
}

/** && and ||: operands are scalars; gives int. */
export interface LogicalExpression extends ExpressionBase {
  kind: 'logical';
  operator: 'and' | 'or';
  left: Expression;
  right: Expression;
}

/** c ? a : b; both arms have the node's type (or it is void). `a ?: b` uses a hidden temporary for a. */
export interface ConditionalExpression extends ExpressionBase {
  kind: 'conditional';
  condition: Expression;
  then: Expression;
  otherwise: Expression;
}

/**
 * A conversion, written or implied.
 * truncate: keep the low bits. signExtend/zeroExtend: widen by the OPERAND's signedness. reinterpret: same width (sign
 * changes, pointer to pointer, pointer to long, record to the same record). toBool: value != 0. toVoid: value dropped.
 */
export interface CastExpression extends ExpressionBase {
  kind: 'cast';
  conversion: 'truncate' | 'signExtend' | 'zeroExtend' | 'reinterpret' | 'toBool' | 'toVoid';
  operand: Expression;
  explicit: boolean;
}

/** place = value; value has the place's unqualified type. The result is what the place then holds. */
export interface AssignExpression extends ExpressionBase {
  kind: 'assign';
  place: Place;
  value: Expression;
}

/**
 * place op= value, the place evaluated once. The place's value is converted to `computation`, combined with `value`
 * (already of that type; for shifts its own promoted type), converted back and stored. For pointers: `computation` is the
 * pointer type, operator add or sub, `value` 8 bytes wide, times `scale`. Result: what the place then holds.
 */
export interface CompoundAssignExpression extends ExpressionBase {
  kind: 'compoundAssign';
  operator: ArithmeticOperator;
  place: Place;
  value: Expression;
  computation: Type;
  /** 1 for integers. */
  scale: number;
}

/** ++ and --: adds `amount` (…-1n, 1n, or ± the pointed-to size). Result: the old value if `postfix`, else the new one. */
export interface IncrementExpression extends ExpressionBase {
  kind: 'increment';
  place: Place;
  amount: bigint;
  postfix: boolean;
}

export interface CommaExpression extends ExpressionBase {
  kind: 'comma';
  left: Expression;
  right: Expression;
}

/**
 * A call. `function` is set for a direct call (then `callee` is its address). Arguments are converted to the parameters'
 * types, or promoted where there is none. `functionType` says if al must be set (variadic or not prototyped).
 */
export interface CallExpression extends ExpressionBase {
  kind: 'call';
  callee: Expression;
  function: FunctionSymbol | undefined;
  functionType: FunctionType;
  arguments: Expression[];
}

/**
 * Builtins that code generation knows. Arguments are converted to the types that gcc documents; the result is `type`.
 * - expect(value, expected): value. constantP(value): 1 if the optimiser proves value constant, else 0.
 * - objectSize(pointer, kind): only when the front could not fold it: -1 or 0 by kind.
 * - unreachable, trap. prefetch(pointer).
 * - bswap (by type size), clz ctz ffs popcount parity clrsb (by argument size; result int).
 * - returnAddress(level) frameAddress(level): level is an integer constant.
 * - vaStart(list) vaEnd(list) vaCopy(destination, source): list is the address of a __va_list_tag.
 * - alloca(size): 16-byte aligned.
 * - addOverflow subOverflow mulOverflow(a, b, pointer): a and b keep their own integer types, infinite precision result
 *   stored to *pointer's type; the value is _Bool.
 * - memory and string functions (`memcpy`…): as the library's, may be expanded, else call the function of that name.
 * - atomics: atomicLoad(pointer, order) atomicStore(pointer, value, order) atomicExchange(pointer, value, order)
 *   atomicCompareExchange(pointer, expectedPointer, desired, weak, success, failure) → _Bool;
 *   atomicFetch{Add,Sub,And,Or,Xor,Nand}(pointer, value, order) → old; atomic{Add,Sub,And,Or,Xor,Nand}Fetch → new;
 *   syncCompareSwap(pointer, old, new) → old value; syncBoolCompareSwap → _Bool; atomicFence(order); signalFence(order)
 *   (operand size is the pointed-to type's).
 * - pause, rdtsc, readFlags, writeFlags(value): the instructions.
 */
export type BuiltinName =
  | 'expect'
  | 'constantP'
  | 'objectSize'
  | 'unreachable'
  | 'trap'
  | 'prefetch'
  | 'bswap'
  | 'clz'
  | 'ctz'
  | 'ffs'
  | 'popcount'
  | 'parity'
  | 'clrsb'
  | 'returnAddress'
  | 'frameAddress'
  | 'vaStart'
  | 'vaEnd'
  | 'vaCopy'
  | 'alloca'
  | 'addOverflow'
  | 'subOverflow'
  | 'mulOverflow'
  | 'memcpy'
  | 'memmove'
  | 'memset'
  | 'memcmp'
  | 'memchr'
  | 'strlen'
  | 'strcpy'
  | 'strncpy'
  | 'strcmp'
  | 'strncmp'
  | 'strcat'
  | 'strchr'
  | 'strrchr'
  | 'abs'
  | 'atomicLoad'
  | 'atomicStore'
  | 'atomicExchange'
  | 'atomicCompareExchange'
  | 'atomicFetchAdd'
  | 'atomicFetchSub'
  | 'atomicFetchAnd'
  | 'atomicFetchOr'
  | 'atomicFetchXor'
  | 'atomicFetchNand'
  | 'atomicAddFetch'
  | 'atomicSubFetch'
  | 'atomicAndFetch'
  | 'atomicOrFetch'
  | 'atomicXorFetch'
  | 'atomicNandFetch'
  | 'syncCompareSwap'
  | 'syncBoolCompareSwap'
  | 'atomicFence'
  | 'signalFence'
  | 'pause'
  | 'rdtsc'
  | 'readFlags'
  | 'writeFlags';

export interface BuiltinExpression extends ExpressionBase {
  kind: 'builtin';
  name: BuiltinName;
  arguments: Expression[];
  /** For builtins that may become calls: the library function (declared by the unit or implicitly). */
  library: FunctionSymbol | undefined;
}

/** va_arg(list, type): `list` is the address of a __va_list_tag; `type` the argument's type. */
export interface VaArgExpression extends ExpressionBase {
  kind: 'vaArg';
  list: Expression;
}

/** ({ … }): runs the block's statements, then evaluates `result` inside the block's scope, then runs its cleanups. */
export interface StatementExpression extends ExpressionBase {
  kind: 'statementExpression';
  block: BlockStatement;
  result: Expression | undefined;
}

export interface ErrorExpression extends ExpressionBase {
  kind: 'error';
}

// ---------------------------------------------------------------- inline assembly

/** What an operand may be placed in, parsed from its constraint string. */
export interface AsmConstraint {
  /** As written, e.g. "=&r". */
  text: string;
  readWrite: boolean;
  earlyClobber: boolean;
  commutative: boolean;
  /** Any general register (r, q, Q, R, l, g…), or only these (a b c d S D, or of a register variable). Empty: no register. */
  registers: 'any' | string[];
  memory: boolean;
  /** i n e Z I J K L M N O: a constant is allowed; `immediate` lists the letters. */
  immediate: string;
  /** Number of the output operand that must share its place. */
  matches: number | undefined;
  /** "=@ccCOND": the condition code that is the output. */
  flag: string | undefined;
}

/** `place` is set if the operand is an lvalue: always for outputs and for inputs that only allow memory. */
export interface AsmOutput {
  name: string | undefined;
  constraint: AsmConstraint;
  place: Place;
}

export interface AsmInput {
  name: string | undefined;
  constraint: AsmConstraint;
  value: Expression;
  place: Place | undefined;
}

/** The template, parsed: text, or operand references (%0 %[name] %k1 %P2 %c3 %l[label]). `%%` and `%=`'s number are resolved to text. */
export type AsmPiece =
  | { kind: 'text'; text: string }
  | { kind: 'operand'; index: number; modifier: string }
  | { kind: 'label'; label: Label }
  /** %=: a number that is unique to each emitted copy of the statement. */
  | { kind: 'unique' };

// ---------------------------------------------------------------- statements

export type Statement =
  | ExpressionStatement
  | BlockStatement
  | DeclarationStatement
  | VlaStatement
  | IfStatement
  | WhileStatement
  | DoStatement
  | ForStatement
  | SwitchStatement
  | CaseStatement
  | LabelStatement
  | GotoStatement
  | ComputedGotoStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | AsmStatement
  | EmptyStatement;

interface StatementBase {
  loc: Loc;
}

export interface ExpressionStatement extends StatementBase {
  kind: 'expression';
  expression: Expression;
}

/** A scope. `variables` are declared directly in it (static ones too); `cleanups` run, in order, when control falls off its end. */
export interface BlockStatement extends StatementBase {
  kind: 'block';
  statements: Statement[];
  variables: Variable[];
  cleanups: Expression[];
  /** Stack space of variable-length arrays declared directly in it ends with it. */
  hasVla: boolean;
  end: Loc;
}

/** An automatic variable comes into being. A scalar has `value`; an aggregate has `initializer`; neither: uninitialised. */
export interface DeclarationStatement extends StatementBase {
  kind: 'declaration';
  variable: Variable;
  value: Expression | undefined;
  initializer: AutoInitializer | undefined;
}

/** A variable-length array comes into being: `size` bytes (unsigned long) of stack; the variable's place is that memory. */
export interface VlaStatement extends StatementBase {
  kind: 'vla';
  variable: Variable;
  size: Expression;
}

export interface IfStatement extends StatementBase {
  kind: 'if';
  condition: Expression;
  then: Statement;
  otherwise: Statement | undefined;
}

export interface WhileStatement extends StatementBase {
  kind: 'while';
  condition: Expression;
  body: Statement;
}

export interface DoStatement extends StatementBase {
  kind: 'do';
  body: Statement;
  condition: Expression;
}

/** A for with a declaration is a block holding the declarations and this. */
export interface ForStatement extends StatementBase {
  kind: 'for';
  initial: Expression | undefined;
  condition: Expression | undefined;
  step: Expression | undefined;
  body: Statement;
}

/** case low ... high (equal for a plain case), in the switch value's type; undefined bounds are `default`. */
export interface CaseLabel {
  low: bigint | undefined;
  high: bigint | undefined;
  loc: Loc;
}

/** `cases` are in source order without the default; `value` is promoted. Bodies refer to the same CaseLabel objects. */
export interface SwitchStatement extends StatementBase {
  kind: 'switch';
  value: Expression;
  cases: CaseLabel[];
  default: CaseLabel | undefined;
  body: Statement;
}

export interface CaseStatement extends StatementBase {
  kind: 'case';
  label: CaseLabel;
  statement: Statement;
}

export interface LabelStatement extends StatementBase {
  kind: 'label';
  label: Label;
  statement: Statement;
}

/** Jumps run `cleanups` in order first (attribute cleanup of the scopes they leave). */
export interface GotoStatement extends StatementBase {
  kind: 'goto';
  label: Label;
  cleanups: Expression[];
}

export interface ComputedGotoStatement extends StatementBase {
  kind: 'computedGoto';
  target: Expression;
}

/** Leaves the innermost enclosing loop or switch. */
export interface BreakStatement extends StatementBase {
  kind: 'break';
  cleanups: Expression[];
}

/** Continues the innermost enclosing loop. */
export interface ContinueStatement extends StatementBase {
  kind: 'continue';
  cleanups: Expression[];
}

/** The value is computed first, then the cleanups run. */
export interface ReturnStatement extends StatementBase {
  kind: 'return';
  value: Expression | undefined;
  cleanups: Expression[];
}

/** Operand numbers count outputs, then inputs. Without operands (`basic`) `%` is plain text. */
export interface AsmStatement extends StatementBase {
  kind: 'asm';
  volatile: boolean;
  basic: boolean;
  template: AsmPiece[];
  outputs: AsmOutput[];
  inputs: AsmInput[];
  /** Register names without `%`, "memory", "cc". */
  clobbers: string[];
  /** Labels of an asm goto; empty otherwise. */
  labels: Label[];
}

export interface EmptyStatement extends StatementBase {
  kind: 'empty';
}

// ---------------------------------------------------------------- the unit

/** asm("…") at file scope. */
export interface FileAsm {
  text: string;
  loc: Loc;
}

/** A macro that was defined at the end of the unit, for debug information. */
export interface MacroDefinition {
  name: string;
  parameters: string[] | undefined;
  body: string;
  file: number;
  line: number;
}

/** A position as people and line tables count: line and column from 1, `file` an index into SourceMap.files. */
export interface Position {
  file: number;
  line: number;
  column: number;
}

/** Turns locations into positions. */
export interface SourceMap {
  /** Paths as they were opened (or as #line named them). */
  files: readonly string[];
  position(loc: Loc): Position;
}

/** One inclusion of a file. `parent` is the index of the inclusion that it stands in, -1 for the unit's own file. */
export interface Inclusion {
  file: number;
  parent: number;
  line: number;
}

/** One translation unit. Functions and variables are in order of first declaration; static locals are among the variables. */
export interface TranslationUnit {
  path: string;
  source: SourceMap;
  functions: FunctionSymbol[];
  variables: Variable[];
  typedefs: TypedefSymbol[];
  records: RecordType[];
  enums: EnumType[];
  fileAsm: FileAsm[];
  macros: MacroDefinition[];
  /** Every file that was read, in order; see IncludeDebug. */
  includes: Inclusion[];
}
