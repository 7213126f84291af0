/** How values look, and what is inside them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenOf, countChildren } from '../../emulator/inspect/children';
import { evaluate } from '../../emulator/inspect/expression/evaluate';
import { FILE_MODE, flagNames, GFP_FLAGS, OPEN_FLAGS, RFLAGS } from '../../emulator/inspect/flags';
import { formatValue } from '../../emulator/inspect/format';
import { quote } from '../../emulator/inspect/text';
import { typeName } from '../../emulator/inspect/type-name';
import {
  arrayOf,
  CHAR,
  INT,
  pointerTo,
  type Type,
  TypeGraph,
  UNSIGNED_INT,
  VOID,
} from '../../emulator/inspect/types';
import { constant, type Value } from '../../emulator/inspect/value';
import { BASE, TASK, world } from './world';

function value(text: string, place = world()): Value {
  const result = evaluate(text, place.scope, { sideEffects: true });
  assert.ok('value' in result, text);
  return result.value;
}

test('flag sets by name', () => {
  assert.equal(flagNames(0n, OPEN_FLAGS), 'O_RDONLY');
  assert.equal(flagNames(0o1101n, OPEN_FLAGS), 'O_WRONLY|O_CREAT|O_TRUNC');
  assert.equal(flagNames(0o100000n, OPEN_FLAGS), 'O_RDONLY|O_LARGEFILE');
  assert.equal(flagNames(0xcc0n, GFP_FLAGS), 'GFP_KERNEL');
  assert.equal(flagNames(0xdc0n, GFP_FLAGS), 'GFP_KERNEL|__GFP_ZERO');
  assert.equal(flagNames(0x246n, RFLAGS), 'PF|ZF|IF|0x2');
  assert.equal(flagNames(0o100644n, FILE_MODE), 'S_IFREG|0644');
  assert.equal(flagNames(0n, RFLAGS), '0');
});

test('flags are chosen by typedef, name and holder', () => {
  const { describer } = world();
  const flags = constant(INT, 0o101n);
  assert.equal(
    formatValue(flags, describer, { name: 'flags', holder: 'do_sys_open' }),
    '0x41 (O_WRONLY|O_CREAT)',
  );
  assert.equal(formatValue(flags, describer, { name: 'flags', holder: 'kmalloc' }), '65');
  const mode: Type = { kind: 'typedef', name: 'umode_t', to: UNSIGNED_INT };
  assert.equal(formatValue(constant(mode, 0o666n), describer), '0666');
  assert.equal(formatValue(constant(mode, 0o100644n), describer), '0100644 (S_IFREG|0644)');
  const gfp: Type = { kind: 'typedef', name: 'gfp_t', to: INT };
  assert.equal(formatValue(constant(gfp, 0xcc0n), describer), '0xcc0 (GFP_KERNEL)');
});

test('a structure previews its members, a pointer its target', () => {
  const place = world();
  const preview = '{pid = 7, ready = 1, level = 5, delta = -3, comm = "cat", …}';
  assert.equal(formatValue(value('task', place), place.describer), preview);
  assert.equal(formatValue(value('current', place), place.describer), `0x${BASE.toString(16)} ${preview}`);
  assert.equal(formatValue(value('squares', place), place.describer), '[10] {0, 1, 4, 9, 16, 25, 36, 49, …}');
  assert.equal(
    formatValue(value('squares', place), place.describer, { hex: true }),
    '[10] {0x0, 0x1, 0x4, 0x9, 0x10, 0x19, 0x24, 0x31, …}',
  );
  assert.equal(formatValue(value('(char *)16', place), place.describer), '0x10 <cannot read memory at 0x10>');
  assert.equal(formatValue(value('lost', place), place.describer), '<optimized out>');
});

const NOBODY = { name: '', holder: undefined };

test('children carry expressions that reach them', () => {
  const place = world();
  const context = { memory: place.page };
  for (const path of [
    'task',
    'current',
    'squares',
    '&squares[2]',
    'current->parent',
    '(struct task *)current',
  ]) {
    for (const child of childrenOf(value(path, place), path, { name: path, holder: undefined }, context)) {
      assert.ok(child.evaluateName, `${path} ${child.name}`);
      const reached = value(child.evaluateName, place);
      if (child.name.startsWith('<anonymous')) continue;
      assert.equal(
        formatValue(reached, place.describer),
        formatValue(child.value, place.describer),
        child.evaluateName,
      );
    }
  }
});

test('arrays are paged, and what cannot be expanded says so', () => {
  const place = world();
  const context = { memory: place.page };
  assert.deepEqual(countChildren(value('squares', place), NOBODY, context), { named: 0, indexed: 10 });
  assert.deepEqual(
    childrenOf(value('squares', place), 'squares', NOBODY, context, { start: 4, count: 2 }).map(
      (child) => child.evaluateName,
    ),
    ['squares[4]', 'squares[5]'],
  );
  assert.deepEqual(countChildren(value('current', place), NOBODY, context), { named: 8, indexed: 0 });
  for (const leaf of ['task.pid', 'filename', '(void *)1', '(struct task *)0', '$ax']) {
    assert.deepEqual(countChildren(value(leaf, place), NOBODY, context), { named: 0, indexed: 0 }, leaf);
  }
});

test('type names are spelled as C spells them', () => {
  const handler: Type = {
    kind: 'function',
    returns: INT,
    parameters: [pointerTo(TASK), pointerTo(VOID)],
    variadic: false,
  };
  const constant: Type = { kind: 'qualified', qualifier: 'const', of: CHAR };
  assert.equal(typeName(pointerTo(handler)), 'int (*)(struct task *, void *)');
  assert.equal(typeName(arrayOf(pointerTo(constant), 4), 'names'), 'const char *names[4]');
  assert.equal(typeName(pointerTo(arrayOf(INT, 3)), 'p'), 'int (*p)[3]');
  assert.equal(
    typeName({ kind: 'qualified', qualifier: 'const', of: pointerTo(CHAR) }, 'p'),
    'char *const p',
  );
});

test('numbered types become a graph, cycles included', () => {
  const graph = new TypeGraph([
    { kind: 'void' },
    {
      kind: 'struct',
      name: 'node',
      size: 8,
      complete: true,
      members: [{ name: 'next', type: 2, offset: 0 }],
    },
    { kind: 'pointer', to: 1 },
    { kind: 'typedef', name: 'node_t', to: 1 },
  ]);
  const node = graph.get(1);
  assert.ok(node.kind === 'struct');
  const next = node.members[0]?.type;
  assert.ok(next?.kind === 'pointer' && next.to === node);
  assert.equal(typeName(graph.get(3)), 'node_t');
  assert.equal(graph.get(99), VOID);
});

test('text is quoted as C quotes it', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.equal(quote(bytes('a"b\\c\n\t\x01é')), '"a\\"b\\\\c\\n\\t\\x01é"');
  assert.equal(quote(Uint8Array.of(65, 255)), '"A\\xff"');
});
