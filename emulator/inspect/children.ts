/**
 * What is inside a value: members, elements, the target of a pointer. The variables view expands lazily through this.
 */
import { isText } from './text';
import { plain, type RecordType } from './types';
import { dereference, elementOf, type GuestMemory, isFault, memberOf, readScalar, type Value } from './value';

/** A child and the expression that reaches it, when one does. */
export interface Child {
  name: string;
  value: Value;
  evaluateName: string | undefined;
  /** Name of the struct that holds it. */
  holder: string | undefined;
}

/** How many children there are: `named` members or `indexed` elements. Both 0: nothing to expand. */
export interface ChildCount {
  named: number;
  indexed: number;
}

export interface ChildContext {
  memory: GuestMemory;
  complete?(type: RecordType): RecordType | undefined;
}

const NONE: ChildCount = { named: 0, indexed: 0 };

export function countChildren(value: Value, context: ChildContext): ChildCount {
  if (value.place.kind === 'unavailable') return NONE;
  const type = plain(value.type);
  switch (type.kind) {
    case 'struct':
    case 'union':
      return { named: (context.complete?.(type) ?? type).members.length, indexed: 0 };
    case 'array':
      return { named: 0, indexed: type.count ?? 0 };
    case 'pointer': {
      const target = plain(type.to);
      if (target.kind === 'void' || target.kind === 'function' || isText(type)) return NONE;
      const address = readScalar(value, context.memory);
      if (isFault(address) || address === 0n) return NONE;
      if (target.kind !== 'struct' && target.kind !== 'union') return { named: 1, indexed: 0 };
      const whole = context.complete?.(target) ?? target;
      return { named: whole.members.length, indexed: 0 };
    }
    case 'void':
    case 'base':
    case 'enum':
    case 'function':
      return NONE;
  }
}

/** Children `start` … `start + count - 1`. `path` is the expression of the value itself. */
export function childrenOf(
  value: Value,
  path: string | undefined,
  context: ChildContext,
  start = 0,
  count = Number.POSITIVE_INFINITY,
): Child[] {
  const type = plain(value.type);
  if (type.kind === 'array') return elements(value, type.count ?? 0, path, context, start, count);
  if (type.kind === 'struct' || type.kind === 'union') {
    return members(value, context.complete?.(type) ?? type, path, '.').slice(start, start + count);
  }
  if (type.kind !== 'pointer') return [];
  const target = dereference(value, context.memory);
  if (isFault(target)) return [];
  const shape = plain(target.type);
  if (shape.kind === 'struct' || shape.kind === 'union') {
    return members(target, context.complete?.(shape) ?? shape, path, '->').slice(start, start + count);
  }
  const evaluateName = path === undefined ? undefined : `*${grouped(path)}`;
  const name = evaluateName ?? '*';
  return start > 0 ? [] : [{ name, value: target, evaluateName, holder: undefined }];
}

function elements(
  value: Value,
  total: number,
  path: string | undefined,
  context: ChildContext,
  start: number,
  count: number,
): Child[] {
  const end = Math.min(total, start + count);
  const found: Child[] = [];
  for (let i = start; i < end; i++) {
    const element = elementOf(value, BigInt(i), context.memory);
    found.push({
      name: `[${i}]`,
      value: isFault(element)
        ? { type: value.type, place: { kind: 'unavailable', reason: element.fault } }
        : element,
      evaluateName: path === undefined ? undefined : `${grouped(path)}[${i}]`,
      holder: undefined,
    });
  }
  return found;
}

function members(value: Value, type: RecordType, path: string | undefined, operator: '.' | '->'): Child[] {
  return type.members.map((member) => {
    const inner = plain(member.type);
    const anonymous = member.name === undefined;
    return {
      name: member.name ?? `<anonymous ${inner.kind}>`,
      value: memberOf(value, member),
      // C reaches into an anonymous member as if its members were the holder's own.
      evaluateName:
        path === undefined ? undefined : anonymous ? path : `${grouped(path)}${operator}${member.name}`,
      holder: type.name,
    };
  });
}

/** Parentheses around an expression that a postfix operator would otherwise bind into. */
function grouped(path: string): string {
  return /^[\w$.[\]>-]+$/.test(path) && !path.startsWith('-') ? path : `(${path})`;
}
