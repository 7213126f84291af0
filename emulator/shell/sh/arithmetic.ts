/** $(( )): evaluates unbash's arithmetic trees over the shell's variables, in 64-bit signed numbers. */
import type { ArithmeticCommandExpansion, ArithmeticExpression } from 'unbash';

/** Reads and sets variables; the value of an unset one is 0. */
export interface ArithmeticVariables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Value of $name and other expansions inside the expression. */
  expand(text: string): string;
}

/** Thrown for division by zero and what is no number; the message is what the shell prints. */
export class ArithmeticError extends Error {}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

/** The expression's value. Throws ArithmeticError. */
export function evaluate(expression: ArithmeticExpression, variables: ArithmeticVariables): bigint {
  switch (expression.type) {
    case 'ArithmeticWord':
      return number(variables.expand(expression.value), variables);
    case 'ArithmeticGroup':
      return evaluate(expression.expression, variables);
    case 'ArithmeticTernary':
      return evaluate(expression.test, variables) !== 0n
        ? evaluate(expression.consequent, variables)
        : evaluate(expression.alternate, variables);
    case 'ArithmeticUnary':
      return unary(expression.operator, expression.operand, expression.prefix, variables);
    case 'ArithmeticBinary':
      return binary(expression.operator, expression.left, expression.right, variables);
    case 'ArithmeticCommandExpansion':
      return number(variables.expand(expression.text), variables);
  }
}

/** The command substitutions of an expression, which run before it is evaluated. */
export function commandsIn(expression: ArithmeticExpression): ArithmeticCommandExpansion[] {
  switch (expression.type) {
    case 'ArithmeticWord':
      return [];
    case 'ArithmeticCommandExpansion':
      return [expression];
    case 'ArithmeticGroup':
      return commandsIn(expression.expression);
    case 'ArithmeticUnary':
      return commandsIn(expression.operand);
    case 'ArithmeticBinary':
      return [...commandsIn(expression.left), ...commandsIn(expression.right)];
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].flatMap(commandsIn);
  }
}

function number(text: string, variables: ArithmeticVariables): bigint {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  if (/^[A-Za-z_]\w*$/.test(trimmed)) {
    const value = variables.get(trimmed);
    return value === undefined || value === trimmed ? 0n : number(value, variables);
  }
  if (/^-?(0[xX][0-9a-fA-F]+|\d+)$/.test(trimmed)) {
    const negative = trimmed.startsWith('-');
    const digits = negative ? trimmed.slice(1) : trimmed;
    const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
    return wrap(negative ? -value : value);
  }
  throw new ArithmeticError(`${trimmed}: not a number`);
}

function assign(target: ArithmeticExpression, value: bigint, variables: ArithmeticVariables): bigint {
  if (target.type !== 'ArithmeticWord' || !/^[A-Za-z_]\w*$/.test(target.value)) {
    throw new ArithmeticError('assignment to something that is no variable');
  }
  variables.set(target.value, value.toString());
  return value;
}

function unary(
  operator: string,
  operand: ArithmeticExpression,
  prefix: boolean,
  variables: ArithmeticVariables,
): bigint {
  const value = evaluate(operand, variables);
  switch (operator) {
    case '-':
      return wrap(-value);
    case '+':
      return value;
    case '!':
      return truth(value === 0n);
    case '~':
      return ~value;
    case '++':
    case '--': {
      const changed = assign(operand, wrap(operator === '++' ? value + 1n : value - 1n), variables);
      return prefix ? changed : value;
    }
    default:
      throw new ArithmeticError(`unknown operator ${operator}`);
  }
}

function binary(
  operator: string,
  left: ArithmeticExpression,
  right: ArithmeticExpression,
  variables: ArithmeticVariables,
): bigint {
  if (operator === '&&') return truth(evaluate(left, variables) !== 0n && evaluate(right, variables) !== 0n);
  if (operator === '||') return truth(evaluate(left, variables) !== 0n || evaluate(right, variables) !== 0n);
  if (operator === '=') return assign(left, evaluate(right, variables), variables);
  if (/^(\*\*|<<|>>|[-+*/%&|^])=$/.test(operator)) {
    const value = compute(operator.slice(0, -1), evaluate(left, variables), evaluate(right, variables));
    return assign(left, value, variables);
  }
  return compute(operator, evaluate(left, variables), evaluate(right, variables));
}

function compute(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return wrap(a + b);
    case '-':
      return wrap(a - b);
    case '*':
      return wrap(a * b);
    case '/':
    case '%':
      if (b === 0n) throw new ArithmeticError('division by 0');
      return wrap(operator === '/' ? a / b : a % b);
    case '**':
      return b < 0n ? 0n : wrap(a ** (b & 63n));
    case '<<':
      return wrap(a << (b & 63n));
    case '>>':
      return a >> (b & 63n);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case ',':
      return b;
    default:
      throw new ArithmeticError(`unknown operator ${operator}`);
  }
}
