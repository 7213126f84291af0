/**
 * asm: at file scope, and inline with operands, constraints, clobbers and goto labels (GNU C).
 */
import type { AsmInput, AsmOutput, AsmPiece, AsmStatement, Label, Statement } from '../ast';
import { Keyword } from '../lex/keywords';
import { Kind } from '../lex/kinds';
import { parseConstraint } from '../sema/asm-constraint';
import { isError, isPlace, type Operand, rootVariable, rvalue } from '../sema/build';
import { addressOf, modifiable } from '../sema/operators';
import { bare } from '../types';
import { parseExpression } from './expression';
import { referLabel } from './labels';
import type { Parser } from './parser';
import { parseStringBytes } from './strings';

function parseText(p: Parser): string {
  if (p.kind !== Kind.String) {
    p.syntaxError(`expected a string before ${p.found}`);
    return '';
  }
  return new TextDecoder().decode(parseStringBytes(p).bytes.subarray(0, -1));
}

/** asm ( "text" ) ; at file scope. */
export function parseFileAsm(p: Parser): void {
  const loc = p.next();
  while (p.keyword === Keyword.Volatile || p.keyword === Keyword.Inline) p.next();
  p.expect(Kind.LeftParen);
  const text = parseText(p);
  p.expect(Kind.RightParen);
  p.expect(Kind.Semicolon);
  if (p.panicking) {
    p.sync();
    return;
  }
  p.fileAsm.push({ text, loc });
}

/** asm qualifiers ( template : outputs : inputs : clobbers : labels ) ; */
export function parseAsmStatement(p: Parser): Statement {
  const loc = p.next();
  const statement: AsmStatement = {
    kind: 'asm',
    volatile: false,
    basic: true,
    template: [],
    outputs: [],
    inputs: [],
    clobbers: [],
    labels: [],
    loc,
  };
  for (;;) {
    const keyword = p.keyword;
    if (keyword === Keyword.Volatile) statement.volatile = true;
    else if (keyword === Keyword.Goto) statement.volatile = true;
    else if (keyword !== Keyword.Inline) break;
    p.next();
  }
  p.expect(Kind.LeftParen);
  const templateToken = p.at;
  const text = parseText(p);
  let part = 0;
  while (p.accept(Kind.Colon)) {
    statement.basic = false;
    part++;
    if (p.kind === Kind.Colon || p.kind === Kind.RightParen) continue;
    do {
      if (part === 1) parseOutput(p, statement.outputs);
      else if (part === 2) parseInput(p, statement.inputs, statement.outputs.length);
      else if (part === 3) statement.clobbers.push(parseText(p).replace(/^%/, ''));
      else parseLabel(p, statement.labels);
      if (p.panicking) break;
    } while (p.accept(Kind.Comma));
    if (p.panicking) break;
  }
  p.expect(Kind.RightParen);
  p.expect(Kind.Semicolon);
  if (p.panicking) p.sync();
  if (statement.basic) {
    statement.volatile = true;
    statement.template = [{ kind: 'text', text }];
  } else statement.template = parseTemplate(p, text, statement, templateToken);
  if (statement.outputs.length === 0) statement.volatile = true;
  return statement;
}

/** [name]? "constraint" ( expression ) */
function parseOperand(p: Parser): {
  name: string | undefined;
  text: string;
  operand: Operand;
  token: number;
} {
  let name: string | undefined;
  if (p.accept(Kind.LeftBracket)) {
    name = p.text(p.next());
    p.expect(Kind.RightBracket);
  }
  const token = p.at;
  const text = parseText(p);
  p.expect(Kind.LeftParen);
  const operand = parseExpression(p);
  p.expect(Kind.RightParen);
  return { name, text, operand, token };
}

/** A register variable's operand is in that register. */
function fixedRegister(operand: Operand): string | undefined {
  return operand.kind === 'variable' ? operand.variable.asmRegister : undefined;
}

function parseOutput(p: Parser, outputs: AsmOutput[]): void {
  const { name, text, operand, token } = parseOperand(p);
  if (p.panicking) return;
  const parsed = parseConstraint(text, 0);
  if (typeof parsed === 'string') {
    p.error(token, parsed);
    return;
  }
  if (!/[=+]/.test(text)) p.error(token, "output operand constraint lacks '='");
  if (isError(operand)) return;
  const place = modifiable(p, operand, 'asm output', operand.loc);
  if (!place) return;
  const register = fixedRegister(operand);
  if (register !== undefined && (parsed.registers === 'any' || parsed.registers.length > 0))
    parsed.registers = [register];
  // What only memory can hold, or is no scalar, needs its address.
  if (onlyMemory(parsed.registers) && !parsed.flag) addressOf(p, place, place.loc);
  outputs.push({ name, constraint: parsed, place });
}

function onlyMemory(registers: 'any' | string[]): boolean {
  return registers !== 'any' && registers.length === 0;
}

function parseInput(p: Parser, inputs: AsmInput[], outputs: number): void {
  const { name, text, operand, token } = parseOperand(p);
  if (p.panicking) return;
  const parsed = parseConstraint(text, outputs);
  if (typeof parsed === 'string') {
    p.error(token, parsed);
    return;
  }
  if (isError(operand)) return;
  const register = fixedRegister(operand);
  if (register !== undefined && (parsed.registers === 'any' || parsed.registers.length > 0))
    parsed.registers = [register];
  const needsMemory = onlyMemory(parsed.registers) && parsed.immediate === '' && parsed.matches === undefined;
  const record = bare(operand.type).kind === 'record';
  let place = isPlace(operand) && parsed.memory ? operand : undefined;
  if (needsMemory && !place && !isPlace(operand)) {
    if (operand.kind === 'load') place = operand.place;
    else {
      p.error(token, 'memory input is not directly addressable');
      return;
    }
  }
  if (place && needsMemory) {
    const root = rootVariable(place);
    if (root) root.addressTaken = true;
  }
  if (record && !place) {
    p.error(token, 'a structure is possible only as a memory operand');
    return;
  }
  inputs.push({ name, constraint: parsed, value: rvalue(operand), place });
}

function parseLabel(p: Parser, labels: Label[]): void {
  if (!p.isName) {
    p.syntaxError(`expected a label name before ${p.found}`);
    return;
  }
  const label = referLabel(p, p.next());
  if (!label) return;
  label.addressTaken = true;
  labels.push(label);
}

/** %-references of a template; `{a|b}` alternatives take the AT&T side. */
function parseTemplate(p: Parser, text: string, asm: AsmStatement, token: number): AsmPiece[] {
  const pieces: AsmPiece[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain });
    plain = '';
  };
  const names = [...asm.outputs, ...asm.inputs].map((operand) => operand.name);
  const count = names.length + asm.outputs.filter((o) => o.constraint.readWrite).length;
  const pattern = /%(?:([a-zA-Z])?(\d+)|([a-zA-Z])?\[(\w+)\]|([%={|}]))|([{|}])|[^%{|}]+|%/g;
  let alternative = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, modifier, digits, namedModifier, name, special, brace] = match;
    if (brace !== undefined) {
      alternative = brace === '{' ? 1 : brace === '}' ? 0 : alternative === 1 ? 2 : alternative;
      if (brace === '|' && alternative === 0) plain += '|';
      continue;
    }
    if (alternative === 2) continue;
    if (special !== undefined) {
      if (special === '=') {
        flush();
        pieces.push({ kind: 'unique' });
      } else plain += special;
      continue;
    }
    if (digits === undefined && name === undefined) {
      if (whole === '%') p.error(token, "invalid '%' in asm template");
      plain += whole;
      continue;
    }
    flush();
    reference(p, pieces, asm, names, count, token, modifier ?? namedModifier ?? '', digits, name);
  }
  flush();
  return pieces;
}

function reference(
  p: Parser,
  pieces: AsmPiece[],
  asm: AsmStatement,
  names: readonly (string | undefined)[],
  count: number,
  token: number,
  modifier: string,
  digits: string | undefined,
  name: string | undefined,
): void {
  if (name !== undefined) {
    const label = modifier === 'l' ? asm.labels.find((l) => l.name === name) : undefined;
    const index = names.indexOf(name);
    if (label) pieces.push({ kind: 'label', label });
    else if (index >= 0) pieces.push({ kind: 'operand', index, modifier });
    else p.error(token, `undefined named operand '${name}'`);
    return;
  }
  const index = Number.parseInt(digits ?? '0', 10);
  // Labels are numbered behind the operands, a read-write output counting twice.
  const label = asm.labels[index - count];
  if (modifier === 'l' && label) pieces.push({ kind: 'label', label });
  else if (index < names.length) pieces.push({ kind: 'operand', index, modifier });
  else p.error(token, 'operand number out of range in asm template');
}
