/**
 * The assembler: gas-like AT&T text, after the C preprocessor, to an object file. It serves .S files, asm() at file scope
 * and inline asm alike. Errors are a list; nothing is thrown, and what was understood is in the object all the same.
 *
 * Not here: listing, Intel syntax, debug information, sub-sections.
 */
import { AssemblyError } from '../../isa/assemble';
import { parseExpression, Scanner } from '../../isa/att/expression';
import type { ObjectFile } from '../object';
import { Assembler } from './assembler';
import { runDirective } from './directives';
import { emitObject } from './emit';
import { expandEach, expandMacro, type Macro, parseMacroHead } from './macro';
import { type Statement, splitArguments, statementsOf } from './statement';

/** A fault in the text. Lines count from 1, or from what a line marker said. */
export interface AssembleError {
  file: string;
  line: number;
  message: string;
}

export interface AssembleOptions {
  /** Name for messages and for the object. */
  file: string;
  /** Macros that earlier texts defined and later ones may use; it is added to. */
  macros?: Map<string, Macro>;
}

export interface AssembleResult {
  /** Section 0 is always `.text`, and symbols 0…n−1 are the section symbols of sections 0…n−1. */
  object: ObjectFile;
  errors: AssembleError[];
}

const labelPattern = /^\s*(?:([A-Za-z_.$][\w.$]*)|"([^"]+)"|(\d+))\s*:/;
const equatePattern = /^([A-Za-z_.$][\w.$]*)\s*={1,2}(?!=)\s*(.*)$/;
const maximumDepth = 200;
const maximumStatements = 2_000_000;

/** Statements that are being read: a file, or the expansion of a macro. */
interface Frame {
  statements: Statement[];
  next: number;
  macro: boolean;
  conditions: number;
}

class Reader {
  private readonly assembler = new Assembler();
  private readonly frames: Frame[] = [];
  private readonly macros: Map<string, Macro>;
  /** Open conditionals: whether this branch is read, whether one was taken, whether the outside is read. */
  private readonly conditions: { active: boolean; taken: boolean; outer: boolean }[] = [];
  readonly errors: AssembleError[] = [];
  private expansions = 0;
  private count = 0;
  private ended = false;
  private readonly file: string;

  constructor(options: AssembleOptions) {
    this.file = options.file;
    this.macros = options.macros ?? new Map();
  }

  read(text: string): ObjectFile {
    this.frames.push({ statements: statementsOf(text, this.file), next: 0, macro: false, conditions: 0 });
    let last: Statement = { text: '', line: 1, file: this.file };
    for (let statement = this.next(); statement && !this.ended; statement = this.next()) {
      last = statement;
      this.guarded(statement);
      if (++this.count > maximumStatements) {
        this.error(statement, 'the text expands to more than 2 000 000 statements');
        break;
      }
    }
    if (this.conditions.length > 0) this.error(last, '.if without .endif at the end of the text');
    const report = (line: number, message: string) => this.errors.push({ file: this.file, line, message });
    this.assembler.layOut(report);
    const { sections, symbols, expressions, expressionLines } = this.assembler;
    return emitObject({ file: this.file, sections, symbols, expressions, expressionLines, report });
  }

  private error(at: Statement, message: string): void {
    this.errors.push({ file: at.file, line: at.line, message });
  }

  private next(): Statement | undefined {
    for (;;) {
      const frame = this.frames.at(-1);
      if (!frame) return undefined;
      const statement = frame.statements[frame.next++];
      if (statement) return statement;
      this.frames.pop();
    }
  }

  private guarded(statement: Statement): void {
    this.assembler.line = statement.line;
    try {
      this.statement(statement, statement.text);
    } catch (error) {
      if (!(error instanceof AssemblyError)) throw error;
      this.error(statement, error.message);
    }
  }

  private get active(): boolean {
    return this.conditions.at(-1)?.active ?? true;
  }

  private statement(at: Statement, given: string): void {
    let text = given;
    for (let label = labelPattern.exec(text); label; label = labelPattern.exec(text)) {
      // `%gs:` cannot be a label, and `foo::` is none of ours.
      if (this.active) this.assembler.symbols.define(label[1] ?? label[2] ?? label[3] ?? '');
      text = text.slice(label[0].length).trim();
    }
    if (text === '') return;
    const word = /^\.?[A-Za-z_0-9$][\w.$]*/.exec(text)?.[0] ?? '';
    const argument = text.slice(word.length).trim();
    if (this.conditional(word, argument)) return;
    if (!this.active) return;
    if (this.block(at, word, argument)) return;
    const equate = equatePattern.exec(text);
    if (equate) {
      const scanner = new Scanner(equate[2] ?? '');
      this.assembler.symbols.equate(equate[1] ?? '', parseExpression(scanner));
      return;
    }
    const macro = this.macros.get(word);
    if (macro) this.expand(expandMacro(macro, at, argument, this.expansions++), at, true);
    else if (word.startsWith('.')) runDirective(this.assembler, word.slice(1).toLowerCase(), argument);
    else this.assembler.instruction(text);
  }

  private expand(statements: Statement[], at: Statement, macro: boolean): void {
    if (this.frames.length > maximumDepth) {
      this.ended = true;
      this.error(at, `macros are nested more than ${maximumDepth} deep`);
      return;
    }
    this.frames.push({ statements, next: 0, macro, conditions: this.conditions.length });
  }

  /** `.if` and its family; true if the statement was one. */
  private conditional(word: string, argument: string): boolean {
    const lower = word.toLowerCase();
    const outer = this.active;
    if (/^\.if/.test(lower)) {
      // The branch is closed until its condition is known, so that a faulty condition reads as false.
      this.conditions.push({ active: false, taken: true, outer });
      if (!outer) return true;
      const truth = this.truth(lower.slice(1), argument);
      Object.assign(this.conditions.at(-1) ?? {}, { active: truth, taken: truth });
      return true;
    }
    if (lower !== '.else' && lower !== '.elseif' && lower !== '.endif') return false;
    const condition = this.conditions.at(-1);
    if (!condition) throw new AssemblyError(`${lower} without .if`);
    if (lower === '.endif') this.conditions.pop();
    else if (lower === '.else') {
      condition.active = condition.outer && !condition.taken;
      condition.taken = true;
    } else {
      condition.active = false;
      if (!condition.outer || condition.taken) return true;
      condition.active = this.truth('if', argument);
      condition.taken = condition.active;
    }
    return true;
  }

  private truth(kind: string, argument: string): boolean {
    const number = () => this.assembler.constant(parseExpression(new Scanner(argument)));
    const [left = '', right = ''] = splitArguments(argument);
    switch (kind) {
      case 'if':
      case 'ifne':
        return number() !== 0n;
      case 'ifeq':
        return number() === 0n;
      case 'ifgt':
        return number() > 0n;
      case 'ifge':
        return number() >= 0n;
      case 'iflt':
        return number() < 0n;
      case 'ifle':
        return number() <= 0n;
      case 'ifdef':
        return this.assembler.symbols.isDefined(argument) || this.macros.has(argument);
      case 'ifndef':
      case 'ifnotdef':
        return !this.assembler.symbols.isDefined(argument) && !this.macros.has(argument);
      case 'ifb':
        return argument === '';
      case 'ifnb':
        return argument !== '';
      case 'ifc':
      case 'ifeqs':
        return left === right;
      case 'ifnc':
      case 'ifnes':
        return left !== right;
      default:
        throw new AssemblyError(`unknown directive .${kind}`);
    }
  }

  /** Statements up to the matching end; nested blocks of the same family stay inside. */
  private body(opens: RegExp, closes: RegExp, what: string): Statement[] {
    const body: Statement[] = [];
    let depth = 0;
    for (let statement = this.next(); statement; statement = this.next()) {
      const text = statement.text.replace(labelPattern, '').trim();
      if (opens.test(text)) depth++;
      else if (closes.test(text) && depth-- === 0) return body;
      body.push(statement);
    }
    throw new AssemblyError(`${what} is not closed`);
  }

  /** Macro definitions and repetitions; true if the statement was one. */
  private block(at: Statement, word: string, argument: string): boolean {
    switch (word.toLowerCase()) {
      case '.macro': {
        const macro = parseMacroHead(argument);
        macro.body = this.body(/^\.macro\b/i, /^\.endm\b/i, '.macro');
        this.macros.set(macro.name, macro);
        return true;
      }
      case '.rept': {
        const body = this.body(/^\.(rept|irpc?)\b/i, /^\.endr\b/i, word);
        const times = Number(this.assembler.constant(parseExpression(new Scanner(argument))));
        if (times * body.length > maximumStatements) throw new AssemblyError(`.rept ${times} is too much`);
        const repeated: Statement[] = [];
        for (let turn = 0; turn < times; turn++) repeated.push(...body);
        this.expand(repeated, at, false);
        return true;
      }
      case '.irp':
      case '.irpc': {
        const body = this.body(/^\.(rept|irpc?)\b/i, /^\.endr\b/i, word);
        const [name = '', ...values] = argument.includes(',')
          ? splitArguments(argument)
          : argument.split(/\s+/);
        const list = word.toLowerCase() === '.irpc' ? [...values.join('')] : values;
        this.expand(expandEach(name.trim(), list, body, this.expansions++), at, false);
        return true;
      }
      case '.exitm':
        this.leaveMacro();
        return true;
      case '.endm':
      case '.endr':
        throw new AssemblyError(`${word} without its beginning`);
      case '.purgem':
        this.macros.delete(argument);
        return true;
      case '.altmacro':
      case '.noaltmacro':
        throw new AssemblyError(`${word} is not supported`);
      case '.end':
        this.ended = true;
        return true;
      default:
        return false;
    }
  }

  private leaveMacro(): void {
    for (let frame = this.frames.pop(); frame; frame = this.frames.pop()) {
      if (!frame.macro) continue;
      this.conditions.length = Math.min(this.conditions.length, frame.conditions);
      return;
    }
    throw new AssemblyError('.exitm outside of a macro');
  }
}

/**
 * Assembles a text. For inline asm, substitute the operands first: the code is section 0, other sections come from
 * .pushsection, labels of the surrounding function are undefined symbols, and references of the other sections to the code
 * go through symbol 0 (the section symbol of `.text`) with the offset in the addend. Never throws.
 */
export function assemble(text: string, options: AssembleOptions): AssembleResult {
  const reader = new Reader(options);
  const object = reader.read(text);
  return { object, errors: reader.errors };
}
