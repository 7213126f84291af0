/**
 * Can control reach the end of a function? A structural answer, on the safe side: labels count as reachable.
 */
import type { Expression, FunctionBody, FunctionSymbol, Statement } from '../ast';
import type { Parser } from '../parse/parser';
import { bare } from '../types';

interface Flow {
  /** Control may fall out of the end. */
  falls: boolean;
  /** A break for the enclosing loop or switch may be executed. */
  breaks: boolean;
}

const FALLS: Flow = { falls: true, breaks: false };
const STOPS: Flow = { falls: false, breaks: false };

function neverReturns(value: Expression): boolean {
  switch (value.kind) {
    case 'call':
      return value.function?.attributes.noreturn === true;
    case 'builtin':
      return value.name === 'unreachable' || value.name === 'trap';
    case 'comma':
      return neverReturns(value.left) || neverReturns(value.right);
    case 'cast':
      return neverReturns(value.operand);
    case 'statementExpression':
      return (
        !sequenceFlow(value.block.statements).falls ||
        (value.result !== undefined && neverReturns(value.result))
      );
    case 'conditional':
      return neverReturns(value.condition) || (neverReturns(value.then) && neverReturns(value.otherwise));
    default:
      return false;
  }
}

function sequenceFlow(statements: readonly Statement[]): Flow {
  let falls = true;
  let breaks = false;
  for (const statement of statements) {
    if (!falls && !holdsLabel(statement)) continue;
    const flow = statementFlow(statement);
    falls = flow.falls;
    breaks ||= flow.breaks;
  }
  return { falls, breaks };
}

function holdsLabel(statement: Statement): boolean {
  switch (statement.kind) {
    case 'label':
    case 'case':
      return true;
    case 'block':
      return statement.statements.some(holdsLabel);
    case 'if':
      return (
        holdsLabel(statement.then) || (statement.otherwise !== undefined && holdsLabel(statement.otherwise))
      );
    case 'while':
    case 'do':
    case 'for':
    case 'switch':
      return holdsLabel(statement.body);
    default:
      return false;
  }
}

function isTrue(value: Expression | undefined): boolean {
  return value === undefined || (value.kind === 'integer' && value.value !== 0n);
}

function statementFlow(statement: Statement): Flow {
  switch (statement.kind) {
    case 'return':
    case 'goto':
    case 'computedGoto':
    case 'continue':
      return STOPS;
    case 'break':
      return { falls: false, breaks: true };
    case 'expression':
      return neverReturns(statement.expression) ? STOPS : FALLS;
    case 'block':
      return sequenceFlow(statement.statements);
    case 'if': {
      const then = statementFlow(statement.then);
      const otherwise = statement.otherwise ? statementFlow(statement.otherwise) : FALLS;
      if (statement.condition.kind === 'integer') {
        const taken = statement.condition.value !== 0n ? then : otherwise;
        return { falls: taken.falls, breaks: then.breaks || otherwise.breaks };
      }
      return { falls: then.falls || otherwise.falls, breaks: then.breaks || otherwise.breaks };
    }
    case 'while':
    case 'for': {
      const body = statementFlow(statement.body);
      return { falls: !isTrue(statement.condition) || body.breaks, breaks: false };
    }
    case 'do': {
      const body = statementFlow(statement.body);
      return { falls: !isTrue(statement.condition) || body.breaks, breaks: false };
    }
    case 'switch': {
      const body = statementFlow(statement.body);
      return { falls: body.falls || body.breaks || statement.default === undefined, breaks: false };
    }
    case 'case':
    case 'label':
      return statementFlow(statement.statement);
    case 'asm':
    case 'declaration':
    case 'vla':
    case 'empty':
      return FALLS;
  }
}

/** Warns if a function that returns a value can end without one. */
export function checkMissingReturn(p: Parser, symbol: FunctionSymbol, body: FunctionBody): void {
  const returns = bare(symbol.functionType.returns);
  if (symbol.attributes.naked || returns.kind === 'error') return;
  if (returns.kind === 'void') return;
  if (symbol.name === 'main' || symbol.attributes.noreturn) return;
  if (sequenceFlow(body.block.statements).falls)
    p.warning(body.end, 'return-type', `control reaches end of non-void function '${symbol.name}'`);
}
