/** The state of one assembly: current section, stacks, symbols, and the primitive actions that directives are made of. */
import {
  type AssembleContext,
  AssemblyError,
  assembleInstruction,
  constantOf,
  type Expression,
} from '../../isa/assemble';
import { evaluate } from '../../isa/att/expression';
import type { CodeBuffer, FixupKind } from '../../isa/encode';
import { fillWithNops, type Label, layOut, OpenSection } from './layout';
import { SymbolTable } from './symbols';

const codeSections =
  /^\.(text|init\.text|exit\.text|fixup|altinstr_replacement|noinstr|entry|kprobes|head|ref|sched|cpuidle|softirqentry|irqentry|spinlock)/;
const readOnlySections = /^\.(rodata|eh_frame|note|init\.rodata)/;

function flagsOf(name: string, letters: string | undefined): OpenSection['flags'] {
  if (letters !== undefined) {
    return { alloc: letters.includes('a'), write: letters.includes('w'), exec: letters.includes('x') };
  }
  const exec = codeSections.test(name);
  const debug = /^\.(debug|comment|discard|note\.GNU)/.test(name);
  return { alloc: !debug, write: !debug && !exec && !readOnlySections.test(name), exec };
}

/** Where bytes go, and everything that was said so far. */
export class Assembler {
  readonly sections: OpenSection[] = [];
  readonly symbols: SymbolTable;
  /** Expressions that fixups refer to by index, and the line of each. */
  readonly expressions: Expression[] = [];
  readonly expressionLines: number[] = [];
  private current: OpenSection;
  private previous: OpenSection;
  private readonly stack: { current: OpenSection; previous: OpenSection }[] = [];
  /** Line of the statement that is being assembled. */
  line = 1;
  private readonly context: AssembleContext;

  constructor() {
    this.current = this.open('.text');
    this.previous = this.current;
    this.symbols = new SymbolTable(() => this.current.here());
    const { symbols, expressions } = this;
    this.context = {
      expressions,
      symbol: (name) => symbols.symbol(name),
      here: () => symbols.here(),
      distance: (a, b) => symbols.distance(a, b),
    };
  }

  private open(name: string, letters?: string, nobits = false): OpenSection {
    let section = this.sections.find((candidate) => candidate.name === name);
    if (!section) {
      section = new OpenSection(name, flagsOf(name, letters), nobits || /^\.bss/.test(name));
      this.sections.push(section);
    }
    return section;
  }

  switchTo(name: string, letters?: string, nobits = false): void {
    this.previous = this.current;
    this.current = this.open(name, letters, nobits);
  }

  pushSection(): void {
    this.stack.push({ current: this.current, previous: this.previous });
  }

  popSection(): void {
    const saved = this.stack.pop();
    if (!saved) throw new AssemblyError('.popsection without .pushsection');
    this.current = saved.current;
    this.previous = saved.previous;
  }

  previousSection(): void {
    [this.current, this.previous] = [this.previous, this.current];
  }

  code(): CodeBuffer {
    return this.current.code(this.line);
  }

  constant(expression: Expression): bigint {
    return constantOf(expression, this.symbols);
  }

  /** A field of `size` bytes with the value of an expression, now or when it is known. */
  field(expression: Expression, size: number, kind: FixupKind): void {
    const value = evaluate(expression, this.symbols);
    const code = this.code();
    const known = value.add === undefined && value.subtract === undefined;
    if (!known) code.fixup(kind, this.remember(expression), 0);
    const number = known ? value.constant : 0n;
    if (size < 8 && (number >= 1n << BigInt(size * 8) || number < -(1n << BigInt(size * 8 - 1)))) {
      throw new AssemblyError(`value ${number} does not fit in ${size} byte${size > 1 ? 's' : ''}`);
    }
    if (size === 8) code.u64(number);
    else if (size === 4) code.u32(Number(BigInt.asUintN(32, number)));
    else if (size === 2) code.u16(Number(BigInt.asUintN(16, number)));
    else code.u8(Number(BigInt.asUintN(8, number)));
  }

  private remember(expression: Expression, here?: Label): number {
    const index = this.expressions.push(this.symbols.bind(expression, here)) - 1;
    this.expressionLines[index] = this.line;
    return index;
  }

  private fragment(): { start: number; size: number; line: number } {
    return { start: 0, size: 0, line: this.line };
  }

  alignTo(to: number, fill: number | undefined, most: number): void {
    if (to <= 1) return;
    this.current.align = Math.max(this.current.align, to);
    this.current.fragments.push({ ...this.fragment(), kind: 'align', to, fill, most });
  }

  /** Skips bytes, or with `origin` up to an offset of the section. */
  skip(expression: Expression, fill: number, origin: boolean): void {
    const bound = this.remember(expression);
    this.current.fragments.push({ ...this.fragment(), kind: 'skip', expression: bound, fill, origin });
  }

  nops(count: number): void {
    const bytes = new Uint8Array(Math.max(0, count));
    fillWithNops(bytes);
    this.code().append(bytes);
  }

  localCommon(name: string, size: number, align: number): void {
    this.pushSection();
    this.switchTo('.bss');
    this.alignTo(align, undefined, Number.MAX_SAFE_INTEGER);
    this.symbols.define(name);
    this.symbols.get(name).type = 'object';
    this.skip({ kind: 'number', value: BigInt(size) }, 0, false);
    this.popSection();
  }

  /** One instruction. If it fails, nothing of it stays. */
  instruction(text: string): void {
    const code = this.code();
    const here = this.current.here();
    const { length } = code;
    const fixups = code.fixups.length;
    const known = this.expressions.length;
    try {
      const jump = assembleInstruction(code, text, this.context);
      for (let at = known; at < this.expressions.length; at++) {
        const expression = this.expressions[at];
        if (expression) this.expressions[at] = this.symbols.bind(expression, here);
        this.expressionLines[at] = this.line;
      }
      if (!jump) return;
      const expression = this.remember(jump.target, here);
      this.current.fragments.push({ ...this.fragment(), kind: 'jump', jump, long: false, expression });
    } catch (error) {
      code.length = length;
      code.fixups.length = fixups;
      throw error;
    }
  }

  /** Settles all sizes. `report` is told of skips whose size cannot be computed. */
  layOut(report: (line: number, message: string) => void): void {
    this.symbols.laidOut = true;
    const reported = new Set<number>();
    const current = (expression: number, line: number) => {
      const tree = this.expressions[expression];
      try {
        return tree && evaluate(tree, this.symbols);
      } catch (error) {
        if (!(error instanceof AssemblyError)) throw error;
        if (!reported.has(expression)) report(line, error.message);
        reported.add(expression);
        return undefined;
      }
    };
    layOut(this.sections, {
      target: (section, expression, line) => {
        const value = current(expression, line);
        return value && this.symbols.localTarget(value, section, true);
      },
      amount: (section, expression, line) => {
        const value = current(expression, line);
        if (!value) return 0;
        const inSection = this.symbols.localTarget(value, section, true);
        if (value.add !== undefined && inSection === undefined && !reported.has(expression)) {
          reported.add(expression);
          report(line, 'the number of bytes to skip depends on a symbol of another section');
        }
        return Math.min(inSection ?? Number(value.constant), 2 ** 28);
      },
    });
  }
}
