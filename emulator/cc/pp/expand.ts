/**
 * Macro expansion (C11 6.10.3) with a stack of token lists, as gcc's cpplib does it.
 *
 * A macro is disabled while the list it became is being read; an identifier that meets its own disabled macro is painted
 * NO_EXPAND for ever. That gives what Prosser's hidesets give without a set per token, and gcc's answers where the standard
 * leaves a choice. Tokens in flight live in a pool and are named by their index in it; the pool is emptied between
 * top-level expansions. Nesting and volume are limited, so that a macro bomb ends in one error.
 */
import { IdTable } from '../lex/id-table';
import type { Interner } from '../lex/interner';
import { BEGINS_LINE, Kind, NO_EXPAND, PASTE_LEFT, SPACE_BEFORE, STRINGIFY } from '../lex/kinds';
import { TokenBuffer } from '../lex/tokens';
import type { Reporter, Span } from '../report';
import type { Expansions } from './expansions';
import { definitionPos, type Macro } from './macro';
import { pasteTokens, spellingOf, stringify } from './operators';
import type { Words } from './words';

/** What the expander asks of the preprocessor around it. */
export interface ExpansionHost {
  /** Copies the current file's next token into the pool and returns its index, or -1 at the end of the file or line. */
  nextFileToken(): number;
  /** True if the current file's next token is a `(`; handles directives on the way. */
  fileHasParen(): boolean;
  /** Tokens of a dynamic macro's value, pushed to the pool. `name` is the pool index of the macro's name. */
  dynamicValue(macro: Macro, name: number, argument: readonly number[]): number[];
  /** A result token. */
  emit(token: number): void;
}

/** Deepest nesting of arguments inside arguments that are being expanded. */
const DEPTH_LIMIT = 200;
/** Tokens that one top-level macro use may go through. */
const VOLUME_LIMIT = 2_000_000;
/** Pool tokens above which the pool is given back after an expansion. */
const POOL_LIMIT = 1 << 19;

/** A variadic argument that was not given at all: GNU C drops the comma pasted before it. */
const OMITTED: number[] = [];

/** Expands macros; one per unit. */
export class Expander {
  pool = new TokenBuffer(4096);
  readonly macros: IdTable<Macro>;
  /** In an #if line `defined X` is answered before X is expanded. */
  onDefined: ((operator: number) => number) | undefined;
  /** An expansion is under way: the file must not be left for another one now. */
  busy = false;
  private readonly lists: number[][] = [];
  private readonly places: number[] = [];
  private readonly owners: (Macro | undefined)[] = [];
  private depth = 0;
  /** Lists below this one are out of reach (an argument is being expanded on its own). */
  private floor = 0;
  private nesting = 0;
  private volume = 0;
  private exhausted = false;
  /** An expansion to nothing leaves its blank to the next token. */
  private pendingSpace = 0;

  constructor(
    private readonly interner: Interner,
    private readonly words: Words,
    private readonly expansions: Expansions,
    private readonly reporter: Reporter,
    private readonly host: ExpansionHost,
  ) {
    this.macros = new IdTable(interner.size);
  }

  span(token: number): Span {
    const { pool } = this;
    const text = this.interner.text(pool.value[token]);
    return { pos: pool.pos[token], length: text.length, expansion: pool.expansion[token] };
  }

  /** Copies a token of any buffer into the pool. */
  import(from: TokenBuffer, index: number, base: number): number {
    return this.pool.push(
      from.kind[index],
      from.flags[index],
      from.value[index],
      base + from.pos[index],
      from.expansion[index],
    );
  }

  /** Expands the macro named by a token that was just read from the file, everything it leads to goes to host.emit. */
  expandTop(token: number): void {
    this.volume = 0;
    this.exhausted = false;
    this.pendingSpace = 0;
    this.floor = 0;
    this.busy = true;
    this.step(token, undefined);
    while (this.depth > 0) {
      const next = this.nextInLists();
      if (next >= 0) this.step(next, undefined);
    }
    this.pool.length = 0;
    if (this.pool.kind.length > POOL_LIMIT) this.pool = new TokenBuffer(4096);
    this.busy = false;
  }

  /** Fully expands a list of pool tokens on its own. */
  expandList(list: number[]): number[] {
    const result: number[] = [];
    if (list.length === 0) return result;
    if (this.nesting >= DEPTH_LIMIT) {
      this.fail(list[0], 'macro arguments are nested too deeply');
      return list;
    }
    const savedFloor = this.floor;
    const savedSpace = this.pendingSpace;
    this.pendingSpace = 0;
    this.floor = this.depth;
    this.nesting++;
    this.push(list, undefined);
    while (this.depth > this.floor) {
      const next = this.nextInLists();
      if (next >= 0) this.step(next, result);
    }
    this.nesting--;
    this.floor = savedFloor;
    this.pendingSpace = savedSpace;
    return result;
  }

  private fail(token: number, message: string): void {
    if (this.exhausted) return;
    this.exhausted = true;
    this.reporter.error(this.span(token), message);
  }

  /** Counts tokens against the limit of one top-level use; false, and an error, when it is reached. */
  private spend(tokens: number, name: number, macro: Macro): boolean {
    this.volume += tokens;
    if (this.volume <= VOLUME_LIMIT) return true;
    this.fail(name, `expanding macro '${this.interner.text(macro.name)}' makes too many tokens`);
    return false;
  }

  private push(list: number[], owner: Macro | undefined): void {
    if (owner) owner.disabled = true;
    this.lists[this.depth] = list;
    this.places[this.depth] = 0;
    this.owners[this.depth] = owner;
    this.depth++;
  }

  private pop(): void {
    this.depth--;
    const owner = this.owners[this.depth];
    if (owner) owner.disabled = false;
    this.owners[this.depth] = undefined;
    this.lists[this.depth] = [];
  }

  /** The next token of the lists above the floor, or -1 when the top list ended (it is popped). */
  private nextInLists(): number {
    const top = this.depth - 1;
    const list = this.lists[top];
    const at = this.places[top];
    if (at < list.length) {
      this.places[top] = at + 1;
      return list[at];
    }
    this.pop();
    return -1;
  }

  /** The next token wherever it is: lists above the floor, then the file; -1 at the end. */
  private next(): number {
    while (this.depth > this.floor) {
      const token = this.nextInLists();
      if (token >= 0) return token;
    }
    return this.nesting === 0 ? this.host.nextFileToken() : -1;
  }

  private parenFollows(): boolean {
    while (this.depth > this.floor) {
      const top = this.depth - 1;
      if (this.places[top] < this.lists[top].length)
        return this.pool.kind[this.lists[top][this.places[top]]] === Kind.LeftParen;
      this.pop();
    }
    return this.nesting === 0 && this.host.fileHasParen();
  }

  /** Handles one token: expands it or passes it on (to `result`, or to the host). */
  private step(token: number, result: number[] | undefined): void {
    const { pool } = this;
    if (pool.kind[token] === Kind.Identifier && (pool.flags[token] & NO_EXPAND) === 0) {
      const name = pool.value[token];
      if (this.onDefined && name === this.words.defined) {
        this.pass(this.onDefined(token), result);
        return;
      }
      const macro = this.macros.get(name);
      if (macro) {
        if (macro.disabled) pool.flags[token] |= NO_EXPAND;
        else if (this.enter(macro, token)) return;
      }
    }
    this.pass(token, result);
  }

  private pass(token: number, result: number[] | undefined): void {
    if (this.pendingSpace !== 0) {
      this.pool.flags[token] |= this.pendingSpace;
      this.pendingSpace = 0;
    }
    if (result) result.push(token);
    else this.host.emit(token);
  }

  /** For `defined`: the next tokens unexpanded. */
  nextRaw(): number {
    return this.next();
  }

  /** Replaces a macro name by its list; false if it is not a call. */
  private enter(macro: Macro, name: number): boolean {
    if (this.exhausted) return false;
    const { pool } = this;
    const space = pool.flags[name] & (SPACE_BEFORE | BEGINS_LINE);
    if (macro.dynamic) {
      if (macro.functionLike && !this.parenFollows()) return false;
      let args: number[][] | undefined;
      if (macro.functionLike) args = this.collect(macro, name);
      if (macro.functionLike && !args) return true;
      const list = this.host.dynamicValue(macro, name, args?.[0] ?? []);
      if (list.length > 0)
        pool.flags[list[0]] = (pool.flags[list[0]] & ~(SPACE_BEFORE | BEGINS_LINE)) | space;
      else this.pendingSpace |= space;
      this.push(list, undefined);
      return true;
    }
    let args: number[][] | undefined;
    if (macro.functionLike) {
      if (!this.parenFollows()) return false;
      args = this.collect(macro, name);
      if (!args) return true;
    }
    const expansion = this.expansions.add(macro, pool.pos[name], pool.expansion[name]);
    const list = this.substitute(macro, args ?? [], name, expansion);
    if (!this.spend(list.length + 1, name, macro)) return true;
    if (list.length > 0) {
      const first = list[0];
      pool.flags[first] = (pool.flags[first] & ~(SPACE_BEFORE | BEGINS_LINE)) | space | this.pendingSpace;
      this.pendingSpace = 0;
    } else this.pendingSpace |= space;
    this.push(list, macro);
    return true;
  }

  /** Reads a call's arguments, the `(` first; undefined (after an error) if they do not fit the macro. */
  private collect(macro: Macro, name: number): number[][] | undefined {
    const { pool } = this;
    this.next();
    const args: number[][] = [[]];
    let current = args[0];
    let parens = 0;
    const last = macro.parameters.length;
    for (;;) {
      const token = this.next();
      if (token < 0) {
        this.reporter.error(
          this.span(name),
          `unterminated argument list invoking macro "${this.interner.text(macro.name)}"`,
        );
        return undefined;
      }
      const kind: Kind = pool.kind[token];
      if (kind === Kind.LeftParen) parens++;
      else if (kind === Kind.RightParen) {
        if (parens === 0) break;
        parens--;
      } else if (kind === Kind.Comma && parens === 0 && !(macro.variadic && args.length === last)) {
        current = [];
        args.push(current);
        continue;
      } else if (kind === Kind.Identifier) {
        if (this.macros.get(pool.value[token])?.disabled) pool.flags[token] |= NO_EXPAND;
      }
      // A new line inside a call is a blank.
      if (pool.flags[token] & BEGINS_LINE) {
        pool.flags[token] = (pool.flags[token] & ~BEGINS_LINE) | SPACE_BEFORE;
      }
      current.push(token);
      if (!this.spend(1, name, macro)) return undefined;
    }
    if (args.length === 1 && args[0].length === 0) {
      if (last === 0) return [];
      if (macro.variadic && last === 1) return [OMITTED];
    }
    if (args.length === last) return args;
    if (macro.variadic && args.length === last - 1) {
      args.push(OMITTED);
      return args;
    }
    const text = this.interner.text(macro.name);
    const given = args.length;
    const message =
      given < last
        ? `macro "${text}" requires ${last} argument${last === 1 ? '' : 's'}, but only ${given} given`
        : `macro "${text}" passed ${given} arguments, but takes just ${last}`;
    this.reporter.error(this.span(name), message, [
      {
        span: { pos: definitionPos(macro), length: text.length, expansion: 0 },
        message: `macro "${text}" defined here`,
      },
    ]);
    return undefined;
  }

  /** The replacement list with arguments put in, # and ## done. */
  private substitute(macro: Macro, args: number[][], name: number, expansion: number): number[] {
    const { body } = macro;
    const output: number[] = [];
    if (!macro.functionLike) {
      let pastes = false;
      for (let i = 0; i < body.length; i++) {
        if (body.flags[i] & PASTE_LEFT) pastes = true;
        output.push(
          this.pool.push(
            body.kind[i],
            body.flags[i],
            body.value[i],
            macro.home.base + body.pos[i],
            expansion,
          ),
        );
      }
      return pastes ? this.paste(output) : output;
    }
    const expanded: (number[] | undefined)[] = [];
    this.fill(macro, 0, body.length, args, expanded, name, expansion, output);
    return this.paste(output);
  }

  /** Appends body[from, to) with arguments substituted; ## is left as PASTE_LEFT flags for paste(). */
  private fill(
    macro: Macro,
    from: number,
    to: number,
    args: number[][],
    expanded: (number[] | undefined)[],
    name: number,
    expansion: number,
    output: number[],
  ): void {
    const { pool } = this;
    const { body } = macro;
    const expandedArgument = (index: number): number[] => {
      expanded[index] ??= this.expandList(args[index]);
      return expanded[index];
    };
    let space = 0;
    for (let i = from; i < to; i++) {
      const kind: Kind = body.kind[i];
      const flags = body.flags[i] | space;
      const before = i > from && (body.flags[i - 1] & PASTE_LEFT) !== 0;
      space = 0;
      if (macro.vaOpt && kind === Kind.Identifier && body.value[i] === this.words.vaOpt) {
        const close = this.closingParen(body, i + 1, to);
        const present = expandedArgument(macro.parameters.length - 1).length > 0;
        const start = output.length;
        if (present && close > 0) this.fill(macro, i + 2, close, args, expanded, name, expansion, output);
        const after = close > 0 ? body.flags[close] & PASTE_LEFT : 0;
        i = close > 0 ? close : to;
        if (flags & STRINGIFY) {
          const content = this.paste(output.splice(start));
          output.push(
            stringify(pool, this.interner, content, flags, macro.home.base + body.pos[from], expansion),
          );
        } else if (output.length === start)
          output.push(
            pool.push(
              Kind.Placemarker,
              (flags & SPACE_BEFORE) | after,
              0,
              macro.home.base + body.pos[from],
              expansion,
            ),
          );
        else {
          const first = output[start];
          pool.flags[first] = (pool.flags[first] & ~SPACE_BEFORE) | (flags & SPACE_BEFORE);
          if (after) pool.flags[output[output.length - 1]] |= PASTE_LEFT;
        }
        continue;
      }
      if (kind !== Kind.Parameter) {
        output.push(
          pool.push(kind, flags & ~STRINGIFY, body.value[i], macro.home.base + body.pos[i], expansion),
        );
        continue;
      }
      const index = body.value[i];
      if (flags & STRINGIFY) {
        output.push(
          stringify(pool, this.interner, args[index], flags, macro.home.base + body.pos[i], expansion),
        );
        continue;
      }
      const pasteAfter = flags & PASTE_LEFT;
      if (before && this.isCommaPaste(macro, index, output)) {
        // `, ## __VA_ARGS__`: the comma goes with omitted arguments; otherwise nothing is pasted.
        if (args[index] === OMITTED) {
          output.pop();
          if (pasteAfter)
            output.push(pool.push(Kind.Placemarker, pasteAfter, 0, macro.home.base + body.pos[i], expansion));
          continue;
        }
        pool.flags[output[output.length - 1]] &= ~PASTE_LEFT;
        const list = pasteAfter ? args[index] : expandedArgument(index);
        this.copy(macro, name, list, flags, expansion, output);
        if (pasteAfter && list.length > 0) pool.flags[output[output.length - 1]] |= PASTE_LEFT;
        continue;
      }
      if (before || pasteAfter) {
        if (args[index].length === 0)
          output.push(
            pool.push(
              Kind.Placemarker,
              flags & (SPACE_BEFORE | PASTE_LEFT),
              0,
              macro.home.base + body.pos[i],
              expansion,
            ),
          );
        else {
          this.copy(macro, name, args[index], flags, expansion, output);
          if (pasteAfter) pool.flags[output[output.length - 1]] |= PASTE_LEFT;
        }
        continue;
      }
      const list = expandedArgument(index);
      if (list.length === 0) space = flags & SPACE_BEFORE;
      else this.copy(macro, name, list, flags, expansion, output);
    }
    this.pendingSpace |= space;
  }

  private isCommaPaste(macro: Macro, index: number, output: number[]): boolean {
    const previous = output[output.length - 1];
    return (
      macro.variadic &&
      index === macro.parameters.length - 1 &&
      output.length > 0 &&
      this.pool.kind[previous] === Kind.Comma
    );
  }

  /** Appends copies of an argument's tokens; the first one takes the parameter's blank. */
  private copy(
    macro: Macro,
    name: number,
    list: number[],
    flags: number,
    expansion: number,
    output: number[],
  ): void {
    if (!this.spend(list.length, name, macro)) return;
    const { pool } = this;
    let inner = -1;
    let mark = 0;
    for (let i = 0; i < list.length; i++) {
      const token = list[i];
      const own = pool.expansion[token];
      if (own !== inner) {
        inner = own;
        mark = this.expansions.addArgument(expansion, own);
      }
      const kept = pool.flags[token] & ~(PASTE_LEFT | STRINGIFY);
      const shown = i === 0 ? (kept & ~SPACE_BEFORE) | (flags & SPACE_BEFORE) : kept;
      output.push(pool.push(pool.kind[token], shown, pool.value[token], pool.pos[token], mark));
    }
  }

  private closingParen(body: TokenBuffer, open: number, to: number): number {
    if (open >= to || body.kind[open] !== Kind.LeftParen) return -1;
    let depth = 0;
    for (let i = open; i < to; i++) {
      if (body.kind[i] === Kind.LeftParen) depth++;
      else if (body.kind[i] === Kind.RightParen && --depth === 0) return i;
    }
    return -1;
  }

  /** Joins tokens whose left one has PASTE_LEFT, drops placemarkers. */
  private paste(list: number[]): number[] {
    const { pool } = this;
    const output: number[] = [];
    for (let i = 0; i < list.length; i++) {
      let token = list[i];
      while ((pool.flags[token] & PASTE_LEFT) !== 0 && i + 1 < list.length) {
        const right = list[++i];
        const joined = pasteTokens(pool, this.interner, token, right);
        if (joined < 0) {
          const text = this.pasteText(token);
          const other = this.pasteText(right);
          this.reporter.error(
            this.span(token),
            `pasting "${text}" and "${other}" does not give a valid preprocessing token`,
          );
          pool.flags[token] &= ~PASTE_LEFT;
          output.push(token);
          token = right;
        } else token = joined;
      }
      pool.flags[token] &= ~PASTE_LEFT;
      if (pool.kind[token] !== Kind.Placemarker) output.push(token);
    }
    return output;
  }

  private pasteText(token: number): string {
    return spellingOf(this.pool, this.interner, token);
  }
}
