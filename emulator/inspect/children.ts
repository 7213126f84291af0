/**
 * What is inside a value: members, elements, the target of a pointer. The variables view expands lazily through this.
 */
import { type LinkedContext, linkedOf } from './linked';
import { isText } from './text';
import { typeName } from './type-name';
import { plain, type RecordType } from './types';
import {
  addressOf,
  dereference,
  elementOf,
  type GuestMemory,
  hex,
  isFault,
  memberOf,
  readScalar,
  type Value,
} from './value';

/** A child and the expression that reaches it, when one does. */
export interface Child {
  name: string;
  value: Value;
  evaluateName: string | undefined;
  /** Name of the struct that holds it. */
  holder: string | undefined;
  /** The name that says what it means, when that is not its own: an element goes by its array's. */
  known?: string;
}

/** How many children there are: `indexed` elements come first, then `named` members. Both 0: nothing to expand. */
export interface ChildCount {
  named: number;
  indexed: number;
}

export interface ChildContext extends LinkedContext {
  memory: GuestMemory;
  complete?(type: RecordType): RecordType | undefined;
}

/** The name a value goes by and the struct that holds it: they say what a list is a list of. */
export interface About {
  name: string;
  holder: string | undefined;
}

/** Which children are wanted: of one kind or all, from `start` on (in the kind that is asked for). */
export interface Page {
  filter?: 'indexed' | 'named';
  start: number;
  count: number;
}

export const ALL: Page = { start: 0, count: Number.POSITIVE_INFINITY };

/** Name of the row that shows a container as the structure it is. */
const RAW = 'raw';

const NONE: ChildCount = { named: 0, indexed: 0 };

export function countChildren(value: Value, about: About, context: ChildContext): ChildCount {
  if (value.place.kind === 'unavailable') return NONE;
  const linked = linkedOf(value, about, context);
  if (linked) return { named: 1, indexed: linked.elements.length };
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

/** Children of a value. `path` is the expression of the value itself. */
export function childrenOf(
  value: Value,
  path: string | undefined,
  about: About,
  context: ChildContext,
  page: Page = ALL,
): Child[] {
  const { start, count, filter } = page;
  const linked = linkedOf(value, about, context);
  if (linked) return linkedChildren(linked.elements, value, path, page);
  const type = plain(value.type);
  if (type.kind === 'array')
    return filter === 'named' ? [] : elements(value, type.count ?? 0, path, about, context, page);
  if (filter === 'indexed') return [];
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

/** The elements of a list, and the head as it is. */
function linkedChildren(
  elements: readonly Value[],
  head: Value,
  path: string | undefined,
  { filter, start, count }: Page,
): Child[] {
  const all = elements.map((value, index): Child => {
    const address = addressOf(value) ?? 0n;
    const evaluateName = `*(${typeName(value.type)} *)${hex(address)}`;
    return { name: `[${index}]`, value, evaluateName, holder: undefined };
  });
  const raw: Child = { name: RAW, value: head, evaluateName: path, holder: undefined };
  const wanted = filter === 'indexed' ? all : filter === 'named' ? [raw] : [...all, raw];
  return wanted.slice(start, start + count);
}

function elements(
  value: Value,
  total: number,
  path: string | undefined,
  about: About,
  context: ChildContext,
  { start, count }: Page,
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
      holder: about.holder,
      known: about.name,
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
