/**
 * The symbols of one assembly: labels, numeric labels, equates, and what directives say about them. Also the resolver that
 * gives expressions their values, before layout (only what is certain) and after it.
 */
import { AssemblyError, type Expression } from '../../isa/assemble';
import { evaluate, type Resolver, type Value } from '../../isa/att/expression';
import { fixedDistance, type Label, type OpenSection } from './layout';

/** A symbol as far as it is known. `equals` is an expression bound to the place of its definition. */
export interface AsmSymbol {
  name: string;
  label?: Label;
  equals?: Expression;
  common?: { size: number; align: number };
  binding: 'local' | 'global' | 'weak';
  type: 'none' | 'function' | 'object';
  size?: Expression;
  used: boolean;
}

/** Keys of labels that have no name in the object file. */
const hidden = /^(\.L|\d|@)/;

/** True for labels that are replaced by their section plus offset: `.L…`, numeric ones and `.`. */
export function isHidden(name: string): boolean {
  return hidden.test(name);
}

/** Symbols by name, and the place where the assembler is. */
export class SymbolTable implements Resolver {
  readonly symbols = new Map<string, AsmSymbol>();
  private readonly numeric = new Map<string, number>();
  private anonymous = 0;
  private readonly evaluating = new Set<string>();
  /** Offsets are final (or, during relaxation, the best known): distances across variable fragments are known. */
  laidOut = false;
  place: () => Label;

  constructor(place: () => Label) {
    this.place = place;
  }

  get(name: string): AsmSymbol {
    let symbol = this.symbols.get(name);
    if (!symbol) {
      symbol = { name, binding: 'local', type: 'none', used: false };
      this.symbols.set(name, symbol);
    }
    return symbol;
  }

  /** Defines a label here. Numeric labels may be defined again and again. */
  define(name: string): void {
    if (/^\d+$/.test(name)) {
      const count = (this.numeric.get(name) ?? 0) + 1;
      this.numeric.set(name, count);
      this.get(`${name}@${count}`).label = this.place();
      return;
    }
    const symbol = this.get(name);
    if (symbol.label || symbol.equals) throw new AssemblyError(`symbol '${name}' is already defined`);
    symbol.label = this.place();
  }

  /** `name = expression`. */
  equate(name: string, expression: Expression): void {
    const symbol = this.get(name);
    if (symbol.label) throw new AssemblyError(`symbol '${name}' is already defined`);
    const bound = this.bind(expression);
    const value = this.tryEvaluate(bound);
    symbol.equals =
      value && value.add === undefined && value.subtract === undefined
        ? { kind: 'number', value: value.constant }
        : bound;
  }

  isDefined(name: string): boolean {
    const symbol = this.symbols.get(name);
    return symbol?.label !== undefined || symbol?.equals !== undefined || symbol?.common !== undefined;
  }

  private tryEvaluate(expression: Expression): Value | undefined {
    try {
      return evaluate(expression, this);
    } catch (error) {
      if (error instanceof AssemblyError) return undefined;
      throw error;
    }
  }

  /** The name that `1b` or `1f` means at this moment; other names are themselves. */
  private nameOf(name: string): string {
    const match = /^(\d+)([bf])$/.exec(name);
    if (!match) return name;
    const count = this.numeric.get(match[1] ?? '') ?? 0;
    if (match[2] === 'b' && count === 0) throw new AssemblyError(`no label ${match[1]}: before '${name}'`);
    return `${match[1]}@${match[2] === 'b' ? count : count + 1}`;
  }

  /** A copy of `expression` in which `.`, `1b` and `1f` are the labels they mean here, for evaluation elsewhere. */
  bind(expression: Expression, here?: Label): Expression {
    switch (expression.kind) {
      case 'number':
        return expression;
      case 'symbol':
        return { kind: 'symbol', name: this.nameOf(expression.name) };
      case 'here':
        return { kind: 'symbol', name: this.mark(here ?? this.place()) };
      case 'unary':
        return { ...expression, operand: this.bind(expression.operand, here) };
      case 'binary':
        return {
          ...expression,
          left: this.bind(expression.left, here),
          right: this.bind(expression.right, here),
        };
    }
  }

  private mark(label: Label): string {
    const name = `@${this.anonymous++}`;
    this.get(name).label = label;
    return name;
  }

  symbol(given: string): Value {
    const name = this.nameOf(given);
    const symbol = this.get(name);
    symbol.used = true;
    if (!symbol.equals) return { constant: 0n, add: name };
    if (this.evaluating.has(name)) throw new AssemblyError(`symbol '${name}' is defined by itself`);
    this.evaluating.add(name);
    try {
      return evaluate(symbol.equals, this);
    } finally {
      this.evaluating.delete(name);
    }
  }

  here(): Value {
    return { constant: 0n, add: this.mark(this.place()) };
  }

  distance(a: string, b: string): bigint | undefined {
    const from = this.symbols.get(b)?.label;
    const to = this.symbols.get(a)?.label;
    if (!from || !to) return undefined;
    if (!this.laidOut) return fixedDistance(from, to);
    return from.section === to.section
      ? BigInt(to.section.offsetOf(to) - from.section.offsetOf(from))
      : undefined;
  }

  /**
   * Offset of a value that is a label of `section` plus a constant, if it may be resolved without the linker: local labels,
   * for branches global ones too, never weak ones.
   */
  localTarget(value: Value, section: OpenSection, branch: boolean): number | undefined {
    if (value.add === undefined || value.subtract !== undefined) return undefined;
    const symbol = this.symbols.get(value.add);
    if (symbol?.label?.section !== section || symbol.binding === 'weak') return undefined;
    if (symbol.binding === 'global' && !branch) return undefined;
    return section.offsetOf(symbol.label) + Number(value.constant);
  }
}
