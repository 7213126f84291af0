/**
 * The parser's state and its eyes on the tokens; the grammar itself is in the files beside this one.
 *
 * Recovery: the first syntax error of a statement or declaration is reported and sets `panicking`; further ones stay
 * silent until sync() has found the next place to start. Expressions that are wrong get the ERROR type, which nothing
 * complains about. Nesting is limited so that no input can exhaust the stack.
 */
import type {
  BlockStatement,
  CaseLabel,
  Expression,
  FileAsm,
  FunctionSymbol,
  Label,
  StringLiteral,
  TypedefSymbol,
  Variable,
} from '../ast';
import { NO_ATTRIBUTES } from '../attributes';
import type { Interner } from '../lex/interner';
import { canonicalKeyword, Keyword, LAST_KEYWORD } from '../lex/keywords';
import { BEGINS_LINE, Kind, punctuatorText } from '../lex/kinds';
import type { NumberValue } from '../lex/number';
import type { TokenBuffer } from '../lex/tokens';
import type { NoteRequest, Reporter, Span } from '../report';
import { makeVaList } from '../sema/va-list';
import { nearest } from '../suggest';
import { bare, type EnumType, isComplete, type RecordType, type Type } from '../types';
import type { LazyDeclarations } from './lazy';
import { type Named, Scopes } from './scope';
import type { UseRecorder } from './uses';

/** A scope that jumps leave: what must be cleaned up on the way out. */
export interface CleanupScope {
  parent: CleanupScope | undefined;
  /** Variables with the cleanup attribute, in order of declaration. */
  variables: Variable[];
  depth: number;
}

/** A goto whose cleanups are known only when its label's scope is. */
export interface PendingGoto {
  label: Label;
  scope: CleanupScope;
  cleanups: Expression[];
}

/** A switch that is being parsed. */
export interface SwitchContext {
  type: Type;
  cases: CaseLabel[];
  default: CaseLabel | undefined;
  /** Single values, and ranges, that have been used. */
  values: Map<bigint, CaseLabel>;
  ranges: CaseLabel[];
}

/** What is known while a function's body is being parsed. */
export interface FunctionContext {
  symbol: FunctionSymbol;
  labels: Map<number, Label>;
  /** Labels declared with __label__, innermost last. */
  localLabels: Map<number, Label>[];
  /** Every label of the function, local ones too. */
  allLabels: Label[];
  labelScopes: Map<Label, CleanupScope>;
  gotos: PendingGoto[];
  temporaries: Variable[];
  blocks: BlockStatement[];
  cleanup: CleanupScope;
  breakScope: CleanupScope | undefined;
  continueScope: CleanupScope | undefined;
  switch: SwitchContext | undefined;
  usesVarargs: boolean;
  usesAlloca: boolean;
  usesComputedGoto: boolean;
  functionName: Variable | undefined;
}

/** A body that was skipped: parsed if something refers to the function. */
export interface DeferredBody {
  symbol: FunctionSymbol;
  /** Token index of the opening brace. */
  at: number;
  parse: () => void;
}

/** Deepest nesting of parentheses, braces, operators, declarators, statements. */
const DEPTH_LIMIT = 300;

/** Misspelt names of a unit for which the intended one is looked for. */
const SUGGESTION_LIMIT = 50;

/** Keywords that stand where a type name may. */
const TYPE_WORDS =
  'void char short int long signed unsigned _Bool struct union enum const static extern typedef inline'.split(
    ' ',
  );

/** Everything one unit's parse knows. */
export class Parser {
  at = 0;
  /** __builtin_va_list: an array of one __va_list_tag. */
  readonly vaListType: Type;
  readonly kinds: Uint8Array;
  readonly values: Int32Array;
  readonly scopes: Scopes;
  readonly functions: FunctionSymbol[] = [];
  readonly variables: Variable[] = [];
  readonly typedefs: TypedefSymbol[] = [];
  readonly records: RecordType[] = [];
  readonly enums: EnumType[] = [];
  readonly fileAsm: FileAsm[] = [];
  /** All functions and variables with linkage by name, wherever they were declared. */
  readonly linked = new Map<number, Variable | FunctionSymbol>();
  readonly deferred = new Map<FunctionSymbol, DeferredBody>();
  /** Deferred functions that were referred to and wait to be parsed. */
  readonly wanted: DeferredBody[] = [];
  function: FunctionContext | undefined;
  /** Expressions that compute sizes of variable-length arrays, to be run before what is being declared. */
  pendingSizes: Expression[] = [];
  /** Inside sizeof, typeof, …: nothing is evaluated. */
  unevaluated = 0;
  /** Nesting of parameter lists that are being parsed. */
  prototypeDepth = 0;
  nextEpoch = 1;
  hiddenCount = 0;
  /** Numbers the symbols of static locals. */
  staticCount = 0;
  /** Inside the initialiser of an object with static storage: compound literals are static too. */
  staticInitializer = 0;
  /** Static compound literals: their values may initialise other static objects. */
  readonly literals = new Set<Variable>();
  /** Variables with linkage that had an initialiser. */
  readonly initialized = new Set<Variable>();
  /** Structs and unions whose braces are open. */
  readonly openRecords = new Set<RecordType>();
  /** Functions whose body was seen. */
  readonly definedFunctions = new Set<FunctionSymbol>();
  /** Parse unused inline functions too. */
  parseEverything = false;
  /** Values of number tokens by spelling. */
  readonly numbers = new Map<number, NumberValue>();
  /** Names already complained about in the current function. */
  readonly undeclared = new Set<number>();
  /** String literals by element size and bytes. */
  readonly strings = new Map<string, StringLiteral>();
  panicking = false;
  /** Declarations of headers that wait for a use. */
  lazy: LazyDeclarations | undefined;
  completeRecord: ((record: RecordType) => void) | undefined;
  private gaveUp = false;
  private nesting = 0;
  private suggestions = 0;

  constructor(
    readonly tokens: TokenBuffer,
    readonly interner: Interner,
    readonly reporter: Reporter,
    readonly uses: UseRecorder | undefined,
    /** Pack alignment in force at a token (#pragma pack), 0 for none. */
    readonly packAt: (token: number) => number,
    /** Names of the macros that are defined, for suggestions. */
    readonly macroNames: () => Iterable<string>,
    /** True if a token comes from the main file. */
    readonly inMainFile: (token: number) => boolean,
  ) {
    this.scopes = new Scopes(interner.size);
    this.kinds = tokens.kind;
    this.values = tokens.value;
    this.vaListType = makeVaList();
  }

  // ------------------------------------------------------------ tokens

  get kind(): Kind {
    return this.kinds[this.at];
  }

  /** The keyword at the cursor, Keyword.None if it is something else. */
  get keyword(): Keyword {
    const { at } = this;
    return this.kinds[at] === Kind.Identifier && this.values[at] <= LAST_KEYWORD
      ? canonicalKeyword(this.values[at])
      : Keyword.None;
  }

  /** True if the cursor is on that kind of token. */
  is(kind: Kind): boolean {
    return this.kinds[this.at] === kind;
  }

  kindAt(ahead: number): Kind {
    const at = this.at + ahead;
    return at < this.tokens.length ? this.kinds[at] : Kind.End;
  }

  keywordAt(ahead: number): Keyword {
    const at = this.at + ahead;
    return at < this.tokens.length && this.kinds[at] === Kind.Identifier
      ? canonicalKeyword(this.values[at])
      : Keyword.None;
  }

  /** True if the cursor is on an identifier that is no keyword. */
  get isName(): boolean {
    return this.kinds[this.at] === Kind.Identifier && this.values[this.at] > LAST_KEYWORD;
  }

  /** Moves on, never beyond the end; returns the index of the token passed. */
  next(): number {
    const { at } = this;
    if (this.kinds[at] !== Kind.End) this.at = at + 1;
    return at;
  }

  accept(kind: Kind): boolean {
    if (this.kinds[this.at] !== kind) return false;
    this.at++;
    return true;
  }

  acceptKeyword(keyword: Keyword): boolean {
    if (this.keyword !== keyword) return false;
    this.at++;
    return true;
  }

  text(token: number): string {
    return punctuatorText(this.kinds[token]) ?? this.interner.text(this.values[token]);
  }

  beginsLine(token: number): boolean {
    return (this.tokens.flags[token] & BEGINS_LINE) !== 0;
  }

  // ------------------------------------------------------------ messages

  span(token: number): Span {
    const { tokens } = this;
    const length = this.kinds[token] === Kind.End ? 1 : this.text(token).length;
    return { pos: tokens.pos[token], length, expansion: tokens.expansion[token] };
  }

  /** A span over several tokens, if they are written in one stretch; else over the first. */
  range(first: number, last: number): Span {
    const { tokens } = this;
    const span = this.span(first);
    if (last > first && tokens.expansion[first] === tokens.expansion[last]) {
      const end = tokens.pos[last] + this.text(last).length;
      if (end > span.pos) span.length = end - span.pos;
    }
    return span;
  }

  error(token: number, message: string, notes?: NoteRequest[], replacement?: string): void {
    this.reporter.error(this.span(token), message, notes, replacement);
  }

  warning(token: number, code: string, message: string, notes?: NoteRequest[], replacement?: string): void {
    this.reporter.warning(this.span(token), code, message, notes, replacement);
  }

  /** A note pointing at an earlier token. */
  noteAt(token: number, message: string): NoteRequest {
    return { span: this.span(token), message };
  }

  /** What stands at the cursor, as messages name it. */
  get found(): string {
    const kind = this.kind;
    if (kind === Kind.End) return 'end of input';
    const text = this.text(this.at);
    const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    if (kind === Kind.String) return 'string constant';
    if (kind === Kind.Number) return `numeric constant ${short}`;
    return `'${short}'`;
  }

  /** Reports a syntax error at the cursor unless one is already being recovered from. */
  syntaxError(message: string): void {
    if (this.panicking || this.gaveUp) return;
    this.panicking = true;
    this.error(this.at, message);
  }

  /**
   * Requires a token. If it is missing where a line ends, the message points behind the line and parsing goes on as if
   * it were there; else recovery begins.
   */
  expect(kind: Kind, context = ''): boolean {
    if (this.kinds[this.at] === kind) {
      this.at++;
      return true;
    }
    if (this.panicking || this.gaveUp) return false;
    const wanted = punctuatorText(kind) ?? 'identifier';
    const message = `expected '${wanted}'${context === '' ? ` before ${this.found}` : ` ${context}`}`;
    const previous = this.at - 1;
    const lineEnds = this.beginsLine(this.at) || this.kind === Kind.End;
    if (previous >= 0 && lineEnds) {
      const span = this.span(previous);
      const behind = span.expansion === 0 ? { ...span, pos: span.pos + span.length, length: 1 } : span;
      this.reporter.error(behind, message, undefined, wanted);
      if (kind !== Kind.Semicolon) this.panicking = true;
      return false;
    }
    this.error(this.at, message);
    this.panicking = true;
    return false;
  }

  /** Skips to behind the next `;`, or to a `}` or a plausible start, balancing brackets on the way. */
  sync(): void {
    this.panicking = false;
    let depth = 0;
    for (;;) {
      switch (this.kind) {
        case Kind.End:
          return;
        case Kind.LeftBrace:
        case Kind.LeftParen:
        case Kind.LeftBracket:
          depth++;
          break;
        case Kind.RightBrace:
          if (depth === 0) return;
          depth--;
          if (depth === 0) {
            this.next();
            return;
          }
          break;
        case Kind.RightParen:
        case Kind.RightBracket:
          if (depth > 0) depth--;
          break;
        case Kind.Semicolon:
          if (depth === 0) {
            this.next();
            return;
          }
          break;
        default:
          break;
      }
      this.next();
    }
  }

  /** Skips a balanced group whose opening token is at the cursor. Returns the index of the closing token. */
  skipBalanced(): number {
    let depth = 0;
    for (;;) {
      const kind = this.kind;
      if (kind === Kind.End) return this.at;
      if (kind === Kind.LeftBrace || kind === Kind.LeftParen || kind === Kind.LeftBracket) depth++;
      else if (kind === Kind.RightBrace || kind === Kind.RightParen || kind === Kind.RightBracket) {
        depth--;
        if (depth <= 0) return this.next();
      }
      this.next();
    }
  }

  /** Runs one level deeper; false (after giving up on the whole unit) if that is too deep. */
  deeper(): boolean {
    if (++this.nesting <= DEPTH_LIMIT) return true;
    this.giveUp(`nesting is deeper than ${DEPTH_LIMIT} levels`);
    return false;
  }

  shallower(): void {
    this.nesting--;
  }

  /** Ends parsing: reports, and moves to the end of the unit. */
  giveUp(message: string): void {
    if (!this.gaveUp) this.error(this.at, message);
    this.gaveUp = true;
    this.panicking = true;
    this.at = this.tokens.length - 1;
  }

  // ------------------------------------------------------------ names

  /** True for a complete type; a struct whose definition still waits in a header is parsed now. */
  isComplete(type: Type): boolean {
    let t = bare(type);
    while (t.kind === 'array') t = bare(t.of);
    if (t.kind === 'record' && !t.complete) this.completeRecord?.(t);
    return isComplete(type);
  }

  /** The entity with linkage of that name, as far as it is declared before the cursor. */
  linkedName(id: number): Variable | FunctionSymbol | undefined {
    this.scopes.onName?.(id);
    return this.linked.get(id);
  }

  /** The name that was probably meant, among those visible that `accept` allows. */
  suggestName(name: string, accept: (kind: Named['kind']) => boolean): string | undefined {
    // A text full of unknown names (a header is missing) is not worth a search for each of them.
    if (++this.suggestions > SUGGESTION_LIMIT) return undefined;
    const { interner, scopes } = this;
    const candidates: string[] = [];
    for (const [id, entity] of scopes.visibleNames()) {
      if (entity && accept(entity.kind)) candidates.push(interner.text(id));
    }
    for (const { id, kind } of this.lazy?.candidates() ?? [])
      if (accept(kind === 'tag' ? 'enumConstant' : kind)) candidates.push(interner.text(id));
    if (accept('function')) candidates.push(...this.macroNames());
    if (accept('typedef')) candidates.push(...TYPE_WORDS);
    return nearest(name, candidates);
  }

  /** Notes that a function is referred to: if its body was skipped, it will be parsed. */
  want(symbol: FunctionSymbol): void {
    const body = this.deferred.get(symbol);
    if (!body) return;
    this.deferred.delete(symbol);
    this.wanted.push(body);
  }

  /** A hidden variable of the function being parsed. */
  temporary(type: Type, loc: number): Variable {
    const variable: Variable = {
      kind: 'variable',
      name: `.t${this.hiddenCount}`,
      symbolName: `.t${this.hiddenCount++}`,
      type,
      storage: 'auto',
      linkage: 'none',
      defined: true,
      tentative: false,
      initializer: undefined,
      align: 8,
      attributes: NO_ATTRIBUTES,
      parameter: undefined,
      asmRegister: undefined,
      addressTaken: false,
      referenced: true,
      owner: this.function?.symbol,
      loc,
    };
    this.function?.temporaries.push(variable);
    return variable;
  }
}
