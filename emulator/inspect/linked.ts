/**
 * Lists and trees of the kernel as what they hold: list_head, hlist_head, llist_head, rb_root and rb_root_cached,
 * walked in guest memory to typed elements. What the elements are, anchors.ts says.
 *
 * The memory may be half-changed or wild: a walk that leaves mapped memory, meets poison or does not come back ends
 * with a sentence, and what was found so far stays.
 */
import type { Anchor } from './anchors';
import { findMember, type Member, plain, type RecordType, type Type } from './types';
import { addressOf, type GuestMemory, hex, inMemory, littleEndian, type Value } from './value';

/** Which heads there are, and the node that their elements have. */
const NODES: ReadonlyMap<string, string> = new Map([
  ['list_head', 'list_head'],
  ['hlist_head', 'hlist_node'],
  ['llist_head', 'llist_node'],
  ['rb_root', 'rb_node'],
  ['rb_root_cached', 'rb_node'],
]);

/** Elements that are walked at most. */
export const MOST_LINKED = 10_000;
/** A red-black tree of 2^64 nodes is no deeper than this. */
const DEEPEST = 128;
/** Offsets in struct rb_node (include/linux/rbtree.h): __rb_parent_color, rb_right, rb_left. */
const RIGHT = 8n;
const LEFT = 16n;

export interface LinkedContext {
  memory: GuestMemory;
  /** Anchors for a head by the name it goes by. */
  anchors?(holder: string | undefined, name: string): readonly Anchor[];
  record?(kind: 'struct', name: string): Type | undefined;
}

/** A list or tree with its elements. */
export interface Linked {
  element: RecordType;
  elements: Value[];
  /** Why the walk ended early. */
  broken: string | undefined;
}

/** The elements of a list head; undefined when the value is none, or nobody knows what is in it. */
export function linkedOf(
  value: Value,
  about: { name: string; holder: string | undefined },
  context: LinkedContext,
  limit = MOST_LINKED,
): Linked | undefined {
  const type = plain(value.type);
  const node = type.kind === 'struct' && type.name !== undefined ? NODES.get(type.name) : undefined;
  const head = addressOf(value);
  if (node === undefined || head === undefined || type.kind !== 'struct') return undefined;
  const fitting = (context.anchors?.(about.holder, about.name) ?? []).flatMap((anchor) => {
    const element = context.record?.('struct', anchor.struct);
    if (element?.kind !== 'struct') return [];
    const member = memberByPath(element, anchor.member);
    const shape = member && plain(member.type);
    const fits = shape?.kind === 'struct' && shape.name === node;
    return member && fits ? [{ element, offset: BigInt(member.offset) }] : [];
  });
  const [only] = fitting;
  if (!only || fitting.length > 1) return undefined;
  const walked =
    node === 'rb_node' ? tree(head, context.memory, limit) : chain(head, node, context.memory, limit);
  const elements = walked.nodes.map((address) => inMemory(only.element, address - only.offset));
  return { element: only.element, elements, broken: walked.broken };
}

/** A member of a member: `inet_conn.icsk_accept_node`. */
function memberByPath(record: RecordType, path: string): Member | undefined {
  let holder: RecordType = record;
  let found: Member | undefined;
  for (const name of path.split('.')) {
    const member = findMember(holder, name);
    if (!member) return undefined;
    found = { name, type: member.type, offset: (found?.offset ?? 0) + member.offset };
    const inner = plain(member.type);
    if (inner.kind === 'struct' || inner.kind === 'union') holder = inner;
  }
  return found;
}

interface Walk {
  nodes: bigint[];
  broken: string | undefined;
}

function pointer(memory: GuestMemory, address: bigint): bigint | undefined {
  const bytes = memory.read(address, 8);
  return bytes && littleEndian(bytes);
}

function chain(head: bigint, node: string, memory: GuestMemory, limit: number): Walk {
  const circular = node === 'list_head';
  const nodes: bigint[] = [];
  const seen = new Set<bigint>();
  for (let at = pointer(memory, head); ; at = pointer(memory, at)) {
    const from = nodes.at(-1) ?? head;
    if (at === undefined) return { nodes, broken: `the link at ${hex(from)} leads to unmapped memory` };
    if (at === (circular ? head : 0n)) return { nodes, broken: undefined };
    if (circular && at === 0n) {
      const broken = nodes.length === 0 ? 'the list is not initialised' : `the link at ${hex(from)} is NULL`;
      return { nodes, broken };
    }
    if (!memory.read(at, 8)) return { nodes, broken: `the link at ${hex(from)} is wild: ${hex(at)}` };
    if (seen.has(at)) return { nodes, broken: `the list goes round at ${hex(at)}` };
    if (nodes.length >= limit) return { nodes, broken: `only the first ${limit} are shown` };
    seen.add(at);
    nodes.push(at);
  }
}

/** The nodes of a tree, in order. */
function tree(root: bigint, memory: GuestMemory, limit: number): Walk {
  const nodes: bigint[] = [];
  const path: bigint[] = [];
  let at = pointer(memory, root);
  for (;;) {
    while (at !== undefined && at !== 0n && path.length < DEEPEST) {
      path.push(at);
      at = pointer(memory, at + LEFT);
    }
    if (at === undefined)
      return { nodes, broken: `a link of the node at ${hex(path.at(-1) ?? root)} is wild` };
    if (path.length >= DEEPEST) return { nodes, broken: 'the tree is deeper than a red-black tree can be' };
    const node = path.pop();
    if (node === undefined) return { nodes, broken: undefined };
    if (nodes.length >= limit) return { nodes, broken: `only the first ${limit} are shown` };
    nodes.push(node);
    at = pointer(memory, node + RIGHT);
  }
}

/** `list of 3 struct task_struct`, `empty list of struct task_struct`. */
export function linkedText(linked: Linked, holder: Type): string {
  const shape = plain(holder);
  const kind = shape.kind === 'struct' && shape.name?.startsWith('rb_') ? 'tree' : 'list';
  const { elements, broken, element } = linked;
  const what = `struct ${element.name}`;
  const text = elements.length === 0 ? `empty ${kind} of ${what}` : `${kind} of ${elements.length} ${what}`;
  return broken === undefined ? text : `${elements.length === 0 ? `${kind} of ${what}` : text} <${broken}>`;
}
