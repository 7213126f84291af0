/**
 * Inlining: copies a callee's blocks into the caller, with its scopes, stack objects and inlined calls.
 *
 * always_inline functions are always inlined; `inline` ones and small static ones when optimising; noinline ones never.
 * Each copy is an inline site: debug information finds every instance of a source line by it.
 */
import type { FunctionSymbol } from '../ast';
import { slotAddress } from '../ir/builder';
import {
  type Address,
  type Block,
  type BlockId,
  type Call,
  INCOMING,
  type Instruction,
  type IrFunction,
  NONE,
  type VReg,
} from '../ir/ir';
import { type Rewriter, rewriteInstruction, rewriteTerminator } from '../ir/walk';
import type { OptimizeContext } from './optimize';

/** Largest body, in instructions, of a function declared inline, and of a static one that is not. */
const INLINE_LIMIT = 40;
const STATIC_LIMIT = 8;
/** A caller stops growing by optional inlining at this many instructions. */
const CALLER_LIMIT = 4000;

function sizeOf(fn: IrFunction): number {
  let size = 0;
  for (const id of fn.order) {
    for (const { op } of fn.blocks[id].instructions) if (op !== 'keep' && op !== 'parameters') size++;
    size++;
  }
  return size;
}

function wantsInlining(
  symbol: FunctionSymbol,
  ir: IrFunction,
  context: OptimizeContext,
  grown: number,
): boolean {
  const { attributes } = symbol;
  if (ir.notInlinable || attributes.naked || attributes.returnsTwice) return false;
  if (attributes.alwaysInline) return true;
  if (!context.enabled || attributes.noinline || attributes.weak || ir.usesAlloca) return false;
  if (attributes.cold || attributes.used) return false;
  const size = sizeOf(ir);
  if (symbol.emission === 'inlineOnly' || symbol.inline) return size <= INLINE_LIMIT && grown < CALLER_LIMIT;
  return symbol.emission === 'internal' && size <= STATIC_LIMIT && grown < CALLER_LIMIT;
}

/** Inlines the calls of `fn` that want it; true if there were any. Copied bodies are not searched again: they were optimised themselves. */
export function inlineCalls(fn: IrFunction, context: OptimizeContext): boolean {
  let grown = sizeOf(fn);
  let inlined = false;
  const order = [...fn.order];
  for (const id of order) {
    let block = fn.blocks[id];
    for (let at = 0; at < block.instructions.length; at++) {
      const instruction = block.instructions[at];
      if (instruction.op !== 'call' || typeof instruction.target !== 'string') continue;
      const callee = context.callee(instruction.target);
      if (!callee || !wantsInlining(callee.symbol, callee.ir, context, grown)) continue;
      grown += sizeOf(callee.ir);
      block = inlineAt(fn, block, at, instruction, callee.ir);
      at = -1;
      inlined = true;
    }
  }
  return inlined;
}

/** Replaces one call; returns the block that continues after it. */
function inlineAt(fn: IrFunction, block: Block, at: number, call: Call, callee: IrFunction): Block {
  const origin = { loc: call.loc, scope: call.scope, statement: call.statement };
  const site = fn.sites.push({ callee, callLoc: call.loc, parent: siteOf(fn, call.scope) }) - 1;
  const registerBase = fn.registers.length;
  for (const register of callee.registers) fn.registers.push({ ...register });
  const scopeBase = fn.scopes.length;
  const siteBase = fn.sites.length;
  for (const inner of callee.sites) {
    fn.sites.push({ ...inner, parent: inner.parent === NONE ? site : inner.parent + siteBase });
  }
  callee.scopes.forEach((scope, index) => {
    fn.scopes.push({
      parent: index === 0 ? call.scope : scope.parent + scopeBase,
      site: index === 0 ? site : scope.site === NONE ? NONE : scope.site + siteBase,
      variables: scope.variables.map((variable) => {
        const { home } = variable;
        const moved =
          home.kind === 'register' || home.kind === 'pointer'
            ? { ...home, register: home.register + registerBase }
            : home;
        return { ...variable, arrival: undefined, home: moved };
      }),
    });
  });
  const slotBase = fn.slots.length;
  for (const slot of callee.slots) fn.slots.push({ ...slot, scope: slot.scope + scopeBase });
  const incoming = copyStackArguments(fn, block, at, call, scopeBase);
  for (let scope = scopeBase; scope < fn.scopes.length; scope++) {
    for (const variable of fn.scopes[scope].variables) {
      const { home } = variable;
      if (home.kind !== 'slot') continue;
      variable.home = { ...home, slot: home.slot === INCOMING ? incoming.slot : home.slot + slotBase };
    }
  }
  const at2 = at + incoming.added;

  const blockMap = new Map<BlockId, BlockId>();
  const copies: Block[] = callee.order.map((id) => {
    const source = callee.blocks[id];
    const copy: Block = {
      id: fn.blocks.length,
      instructions: [],
      end: source.end,
      pinned: source.pinned,
      loopDepth: source.loopDepth + block.loopDepth,
    };
    fn.blocks.push(copy);
    blockMap.set(id, copy.id);
    return copy;
  });
  const after: Block = {
    id: fn.blocks.length,
    instructions: block.instructions.slice(at2 + 1),
    end: block.end,
    pinned: false,
    loopDepth: block.loopDepth,
  };
  fn.blocks.push(after);
  block.instructions = block.instructions.slice(0, at2);
  block.end = { op: 'jump', target: copies[0].id, ...origin };

  const register = (inner: VReg): VReg => inner + registerBase;
  const rewriter: Rewriter = {
    use: (operand) => (typeof operand === 'bigint' ? operand : register(operand)),
    register,
    define: register,
    slot: (slot) => slot + slotBase,
    block: (id) => blockMap.get(id) ?? after.id,
  };
  callee.order.forEach((id, index) => {
    const source = callee.blocks[id];
    const copy = copies[index];
    for (const instruction of source.instructions) {
      if (instruction.op === 'parameters') {
        instruction.registers.forEach((parameter, number) => {
          const src = call.arguments[number] ?? 0n;
          copy.instructions.push({ op: 'move', dst: register(parameter), src, size: 8, ...origin });
        });
        continue;
      }
      const made = redirectIncoming(rewriteInstruction(instruction, rewriter), incoming.slot);
      if (instruction.statement === 0) Object.assign(made, origin);
      else made.scope += scopeBase;
      copy.instructions.push(made);
    }
    if (source.end.op === 'return') {
      const place = {
        loc: source.end.loc,
        scope: source.end.scope + scopeBase,
        statement: source.end.statement,
      };
      source.end.values.forEach((value, number) => {
        const dst = call.results[number];
        if (dst === undefined) return;
        copy.instructions.push({ op: 'move', dst, src: rewriter.use(value), size: 8, ...place });
      });
      copy.end = { op: 'jump', target: after.id, ...place };
    } else {
      copy.end = rewriteTerminator(source.end, rewriter);
      copy.end.scope += scopeBase;
    }
  });
  const position = fn.order.indexOf(block.id);
  fn.order.splice(position + 1, 0, ...copies.map((copy) => copy.id), after.id);
  fn.usesAlloca ||= callee.usesAlloca;
  return after;
}

function siteOf(fn: IrFunction, scope: number): number {
  for (let at = scope; at >= 0; at = fn.scopes[at].parent) {
    if (fn.scopes[at].site !== NONE) return fn.scopes[at].site;
  }
  return NONE;
}

/** Arguments that would go on the stack are stored in a stack object of the caller instead. */
function copyStackArguments(
  fn: IrFunction,
  block: Block,
  at: number,
  call: Call,
  scope: number,
): { slot: number; added: number } {
  if (call.stack.length === 0) return { slot: NONE, added: 0 };
  const origin = { loc: call.loc, scope: call.scope, statement: call.statement };
  let size = 0;
  const stores: ((slot: number) => Instruction)[] = call.stack.map((argument) => {
    const align = argument.kind === 'block' ? argument.align : 8;
    size = Math.ceil(size / align) * align;
    const offset = size;
    size += argument.kind === 'block' ? Math.ceil(argument.bytes / 8) * 8 : 8;
    return (slot) => {
      const address = slotAddress(slot, offset);
      if (argument.kind === 'word') {
        return { op: 'store', address, src: argument.value, size: 8, volatile: false, ...origin };
      }
      return { op: 'copyBlock', to: address, from: argument.from, bytes: argument.bytes, ...origin };
    };
  });
  const slot = fn.slots.push({ size, align: 16, scope }) - 1;
  block.instructions.splice(at, 0, ...stores.map((store) => store(slot)));
  return { slot, added: stores.length };
}

/** References to the callee's incoming stack area become references to that object. */
function redirectIncoming(instruction: Instruction, slot: number): Instruction {
  const moved = (address: Address): Address => (address.slot === INCOMING ? { ...address, slot } : address);
  switch (instruction.op) {
    case 'load':
    case 'store':
    case 'lea':
    case 'update':
    case 'atomic':
      instruction.address = moved(instruction.address);
      return instruction;
    case 'copyBlock':
      instruction.to = moved(instruction.to);
      instruction.from = moved(instruction.from);
      return instruction;
    case 'fillBlock':
      instruction.to = moved(instruction.to);
      return instruction;
    case 'call':
      for (const argument of instruction.stack) {
        if (argument.kind === 'block') argument.from = moved(argument.from);
      }
      return instruction;
    case 'asm':
      for (const operand of instruction.operands)
        if (operand.address) operand.address = moved(operand.address);
      return instruction;
    default:
      return instruction;
  }
}
