/** The symbol index: outline, hover texts, definitions and references of a small module-like file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexSymbols } from '../../../emulator/cc/index-symbols';
import { front } from './support';

const HEADER = 'struct probe { const char *name; unsigned flags : 3; };\nint attach(struct probe *p);\n';
const TEXT = `#include "probe.h"
#define LIMIT 10
struct counter { int hits; long last; };
enum state { IDLE, BUSY = 4 };
typedef struct counter counter_t;
static counter_t total;
static int hit(struct probe *p, int by) {
  total.hits += by;
  if (total.hits > LIMIT) return BUSY;
  return attach(p) + p->flags;
}
`;

const index = () => indexSymbols(front(TEXT, { recordUses: true }, { 'probe.h': HEADER }), 'main.c');

/** Line and column of the n-th occurrence of a word. */
function place(word: string, nth = 1): [number, number] {
  let at = -1;
  for (let i = 0; i < nth; i++) at = TEXT.indexOf(word, at + 1);
  const before = TEXT.slice(0, at).split('\n');
  return [before.length, before[before.length - 1].length + 1];
}

test('the outline lists what the file defines, with children and ranges', () => {
  const outline = index().outline();
  assert.deepEqual(
    outline.map((item) => [item.kind, item.name, item.selection.line]),
    [
      ['macro', 'LIMIT', 2],
      ['struct', 'counter', 3],
      ['enum', 'state', 4],
      ['typedef', 'counter_t', 5],
      ['variable', 'total', 6],
      ['function', 'hit', 7],
    ],
  );
  assert.deepEqual(
    outline[1].children.map((child) => child.name),
    ['hits', 'last'],
  );
  assert.equal(outline[5].range.endLine, 11);
});

test('a name says what it is and where it is defined', () => {
  const symbols = index();
  assert.equal(symbols.at(...place('total', 2))?.text, 'counter_t total');
  assert.equal(symbols.at(...place('total', 2))?.definition?.line, 6);
  assert.equal(symbols.at(...place('hits', 2))?.text, 'int hits; /* offset 0 of struct counter */');
  assert.equal(symbols.at(...place('LIMIT', 2))?.text, '#define LIMIT 10');
  assert.equal(symbols.at(...place('BUSY', 2))?.text, 'BUSY = 4');
  assert.equal(symbols.at(...place('attach'))?.text, 'int attach(struct probe *p)');
  assert.deepEqual(symbols.at(...place('attach'))?.definition, {
    file: 'probe.h',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 11,
  });
  assert.equal(
    symbols.at(...place('flags'))?.text,
    'unsigned int flags : 3; /* bits 64…66 of struct probe */',
  );
  assert.equal(symbols.at(1, 1), undefined);
});

test('references are the same entity, not the same spelling', () => {
  const symbols = index();
  assert.deepEqual(
    symbols.references(...place('hits')).map((range) => range.line),
    [3, 8, 9],
  );
  assert.deepEqual(
    symbols.references(...place('p->')).map((range) => range.line),
    [7, 10, 10],
  );
});
