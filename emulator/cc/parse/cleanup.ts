/**
 * attribute cleanup: which calls run when control leaves scopes.
 */
import type { Expression } from '../ast';
import { address, retype, variablePlace } from '../sema/build';
import { bare, pointerTo } from '../types';
import type { CleanupScope, FunctionContext, Parser } from './parser';

/** Calls for leaving one scope: its variables in reverse order. */
export function scopeCleanups(scope: CleanupScope): Expression[] {
  const calls: Expression[] = [];
  for (let i = scope.variables.length - 1; i >= 0; i--) {
    const variable = scope.variables[i];
    const { cleanup } = variable.attributes;
    if (!cleanup) continue;
    const { loc } = variable;
    const parameter = cleanup.functionType.parameters[0];
    const pointer = address(variablePlace(variable, loc), pointerTo(variable.type));
    cleanup.referenced = true;
    calls.push({
      kind: 'call',
      callee: {
        kind: 'address',
        place: { kind: 'function', function: cleanup, type: cleanup.type, loc },
        type: pointerTo(cleanup.type),
        loc,
      },
      function: cleanup,
      functionType: cleanup.functionType,
      arguments: [parameter ? retype(pointer, parameter.type, loc) : pointer],
      type: bare(cleanup.functionType.returns),
      loc,
    });
  }
  return calls;
}

/** Calls for leaving all scopes from `scope` up to, not including, `outer`. */
export function cleanupsUpTo(scope: CleanupScope, outer: CleanupScope | undefined): Expression[] {
  const calls: Expression[] = [];
  for (let at: CleanupScope | undefined = scope; at && at !== outer; at = at.parent) {
    if (at.variables.length > 0) calls.push(...scopeCleanups(at));
  }
  return calls;
}

/** When all labels are known: the cleanups of each goto. */
export function resolveGotos(p: Parser, context: FunctionContext): void {
  for (const jump of context.gotos) {
    let outer = context.labelScopes.get(jump.label);
    if (!outer) continue;
    let scope: CleanupScope | undefined = jump.scope;
    // The innermost scope that holds both.
    while (outer && scope && outer !== scope) {
      if (outer.depth > scope.depth) outer = outer.parent;
      else if (scope.depth > outer.depth) scope = scope.parent;
      else {
        outer = outer.parent;
        scope = scope.parent;
      }
    }
    jump.cleanups.push(...cleanupsUpTo(jump.scope, outer));
  }
  context.gotos.length = 0;
  for (const variable of context.cleanup.variables) p.want(variable.attributes.cleanup ?? context.symbol);
}
