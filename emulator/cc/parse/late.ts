/**
 * Parsing a header's declaration at its first use: the parser steps aside, parses it at file scope, and comes back.
 */
import { NO_ATTRIBUTES } from '../attributes';
import { Keyword } from '../lex/keywords';
import type { RecordType } from '../types';
import { parseExternalDeclaration } from './declaration';
import { type Chunk, LazyDeclarations } from './lazy';
import type { Parser } from './parser';
import type { Tagged } from './scope';

/** Makes a parser's scopes ask for waiting declarations. Returns the table that parseAll() fills. */
export function waitForUses(p: Parser): LazyDeclarations {
  const lazy = new LazyDeclarations(p.kinds, p.values, (id) => p.interner.text(id), p.interner.size);
  p.lazy = lazy;
  const limit = () => Math.min(p.at, p.scopes.limit);
  p.scopes.onName = (id) => {
    const chunks = lazy.waiting(id, limit());
    if (!chunks) return false;
    for (const chunk of chunks) parseChunk(p, chunk);
    return true;
  };
  p.scopes.onTag = (id, known) => known === undefined && declareTag(p, lazy, id, limit());
  p.completeRecord = (record) => {
    if (record.tag === undefined) return;
    const mentions = lazy.waitingTag(p.interner.intern(record.tag), limit());
    for (const mention of mentions ?? []) {
      if (mention.defines && !mention.chunk.parsed) parseChunk(p, mention.chunk);
      if (record.complete) break;
    }
  };
  return lazy;
}

/** A tag that waits: a struct or union is only declared, an enum is parsed for its values. */
function declareTag(p: Parser, lazy: LazyDeclarations, id: number, limit: number): boolean {
  const mentions = lazy.waitingTag(id, limit);
  const first = mentions?.[0];
  if (!mentions || !first) return false;
  if (first.keyword === Keyword.Enum) {
    for (const mention of mentions)
      if (mention.defines && !mention.chunk.parsed) parseChunk(p, mention.chunk);
    return true;
  }
  const record: RecordType & Tagged = {
    kind: 'record',
    union: first.keyword === Keyword.Union,
    tag: p.interner.text(id),
    complete: false,
    members: [],
    size: 0,
    align: 1,
    attributes: NO_ATTRIBUTES,
    loc: first.chunk.start,
  };
  p.records.push(record);
  p.scopes.bindFileTag(id, record, first.chunk.start);
  return true;
}

/** Parses a waiting declaration as if the parser had just come to it. */
function parseChunk(p: Parser, chunk: Chunk): void {
  if (chunk.parsed) return;
  chunk.parsed = true;
  const { scopes } = p;
  const saved = {
    at: p.at,
    function: p.function,
    panicking: p.panicking,
    pendingSizes: p.pendingSizes,
    prototypeDepth: p.prototypeDepth,
    unevaluated: p.unevaluated,
    staticInitializer: p.staticInitializer,
  };
  const { depth, limit, epoch } = scopes;
  Object.assign(p, {
    at: chunk.start,
    function: undefined,
    panicking: false,
    pendingSizes: [],
    prototypeDepth: 0,
    unevaluated: 0,
    staticInitializer: 0,
  });
  scopes.depth = 0;
  scopes.limit = chunk.end;
  scopes.epoch = p.nextEpoch++;
  if (p.deeper()) {
    while (p.at < chunk.end) {
      const before = p.at;
      parseExternalDeclaration(p);
      if (p.panicking) p.sync();
      if (p.at === before) p.next();
    }
    p.shallower();
    Object.assign(p, saved);
  }
  scopes.depth = depth;
  scopes.limit = limit;
  scopes.epoch = epoch;
}
