/**
 * Debug information of one function, from the marks that code generation left: line rows, inlined calls, scopes, and
 * where each variable is at every instruction.
 *
 * A location covers an instruction only if the value is there when the instruction has not begun yet; where a register is
 * about to be reused by a multi-instruction sequence the location ends after the sequence's first byte.
 */
import type { Position, SourceMap } from '../ast';
import type { CodeRange, FunctionDebug, InlineSite, LineRow, Location, VariableDebug } from '../debug';
import { INCOMING, type IrFunction, NONE, type ScopeVariable, type VReg } from '../ir/ir';
import type { DebugTypes } from './debug-types';
import type { FunctionCode } from './function';
import { EARLY_READ, LATE_READ } from './timing';

/** More than any function has statements: keeps (site, statement) pairs apart in one number. */
const STATEMENTS = 0x1000000;

/** Distance of rbp below the CFA. */
const CFA_TO_RBP = 16;

class FunctionDescriber {
  private readonly positions = new Map<number, Position>();
  private readonly ancestors: number[][];
  private readonly scopeRanges: CodeRange[][];
  private readonly siteOfScope: number[];

  constructor(
    private readonly fn: IrFunction,
    private readonly code: FunctionCode,
    private readonly source: SourceMap,
    private readonly types: DebugTypes,
  ) {
    this.ancestors = fn.scopes.map((_, scope) => {
      const chain: number[] = [];
      for (let at = scope; at >= 0; at = fn.scopes[at].parent) chain.push(at);
      return chain;
    });
    this.siteOfScope = fn.scopes.map((_, scope) => {
      const owner = this.ancestors[scope].find((at) => fn.scopes[at].site !== NONE);
      return owner === undefined ? NONE : fn.scopes[owner].site;
    });
    this.scopeRanges = this.rangesOfScopes();
  }

  position(loc: number): Position {
    let position = this.positions.get(loc);
    if (!position) {
      position = this.source.position(loc);
      this.positions.set(loc, position);
    }
    return position;
  }

  private rangesOfScopes(): CodeRange[][] {
    const { instructionOffsets, instructionScopes } = this.code;
    const ranges: CodeRange[][] = this.fn.scopes.map(() => []);
    instructionScopes.forEach((scope, index) => {
      const [start, end] = [instructionOffsets[index], instructionOffsets[index + 1]];
      if (start === end) return;
      for (const at of this.ancestors[scope]) {
        const list = ranges[at];
        const last = list[list.length - 1];
        if (last && last[1] === start) last[1] = end;
        else list.push([start, end]);
      }
    });
    const size = instructionOffsets[instructionOffsets.length - 1];
    ranges[0] = [[0, size]];
    return ranges;
  }

  lines(): LineRow[] {
    const rows: LineRow[] = [];
    const seen = new Set<number>();
    let bodySeen = false;
    for (const row of this.code.rows) {
      const { file, line, column } = this.position(row.loc);
      const inlineSite = this.siteOfScope[row.scope];
      const last = rows[rows.length - 1];
      const same = last && last.file === file && last.line === line && last.inlineSite === inlineSite;
      const key = (inlineSite + 1) * STATEMENTS + row.statement;
      const starts = !seen.has(key);
      if (same && !starts) continue;
      if (last && last.offset === row.offset) {
        if (last.prologueEnd) bodySeen = false;
        rows.pop();
      }
      seen.add(key);
      const prologueEnd = !bodySeen && row.offset >= this.code.bodyStart && row.statement !== 0;
      if (prologueEnd) bodySeen = true;
      rows.push({ offset: row.offset, file, line, column, isStatement: starts, prologueEnd, inlineSite });
    }
    return rows;
  }

  inlines(): InlineSite[] {
    return this.fn.sites.map((site, index) => {
      const callee = this.position(site.callee.loc);
      const call = this.position(site.callLoc);
      const scope = this.fn.scopes.findIndex((candidate) => candidate.site === index);
      return {
        callee: site.callee.name,
        calleeFile: callee.file,
        calleeLine: callee.line,
        callFile: call.file,
        callLine: call.line,
        callColumn: call.column,
        parent: site.parent,
        ranges: scope < 0 ? [] : this.scopeRanges[scope],
      };
    });
  }

  variables(): VariableDebug[] {
    return this.fn.scopes.flatMap((scope, index) =>
      scope.variables.map((variable): VariableDebug => {
        const position = this.position(variable.loc);
        return {
          name: variable.name,
          type: this.types.id(variable.type),
          parameter: variable.parameter,
          file: position.file,
          line: position.line,
          inlineSite: this.siteOfScope[index],
          scope: this.scopeRanges[index],
          locations: this.locations(variable, this.scopeRanges[index]),
        };
      }),
    );
  }

  private locations(variable: ScopeVariable, scope: readonly CodeRange[]): VariableDebug['locations'] {
    const size = this.code.closed.bytes.length;
    const list: VariableDebug['locations'] = [];
    const { home, arrival } = variable;
    const entryEnd = this.parametersEnd();
    if (arrival && 'stackOffset' in arrival) {
      list.push({ range: [0, entryEnd], location: { kind: 'frame', offset: arrival.stackOffset } });
    } else if (arrival && arrival.registers.length === 1) {
      list.push({ range: [0, entryEnd], location: { kind: 'register', register: arrival.registers[0] } });
      if (home.kind !== 'register' || home.register !== arrival.raw[0])
        if (arrival.raw[0] >= 0) list.push(...this.live(arrival.raw[0]));
    }
    const everywhere = (location: Location): void => {
      for (const range of scope) list.push({ range: [...range], location });
    };
    switch (home.kind) {
      case 'register':
        list.push(...this.live(home.register));
        break;
      case 'slot': {
        const incoming = home.slot === INCOMING;
        const offset = incoming ? home.offset : this.code.frame.slots[home.slot] + home.offset - CFA_TO_RBP;
        const from = arrival && !incoming ? this.code.bodyStart : 0;
        for (const [start, end] of scope) {
          if (end > from)
            list.push({ range: [Math.max(start, from), end], location: { kind: 'frame', offset } });
        }
        break;
      }
      case 'pointer': {
        for (const { range, location } of this.live(home.register)) {
          const inRegister: Location =
            location.kind === 'register'
              ? { kind: 'memory', register: location.register, offset: 0 }
              : { kind: 'optimizedOut', reason: 'its address is in the frame' };
          list.push({ range, location: inRegister });
        }
        break;
      }
      case 'constant':
        everywhere({ kind: 'constant', value: home.value });
        break;
      case 'symbol':
        everywhere({ kind: 'symbol', symbol: home.symbol, offset: 0 });
        break;
      case 'none':
        everywhere({ kind: 'optimizedOut', reason: home.reason });
        break;
    }
    const entry: Location | undefined =
      arrival &&
      'registers' in arrival &&
      arrival.registers.length === 1 &&
      home.kind === 'register' &&
      this.isWrittenOnce(home.register)
        ? { kind: 'entryValue', register: arrival.registers[0] }
        : undefined;
    return fillGaps(list, scope, size, entry);
  }

  /** Offset up to which parameters are surely still where they arrived. */
  private parametersEnd(): number {
    const { liveness, instructionOffsets } = this.code;
    const first = liveness.blockStart[this.fn.order[0]];
    return instructionOffsets[first] + 1;
  }

  private isWrittenOnce(register: VReg): boolean {
    const interval = this.code.liveness.intervals[register];
    return interval !== undefined && (this.fn.writeCounts?.[register] ?? 0) <= 1;
  }

  /** Where a virtual register is, over its live ranges. */
  private live(register: VReg): VariableDebug['locations'] {
    const { allocation, liveness, instructionOffsets, frame } = this.code;
    const interval = liveness.intervals[register];
    if (!interval) return [];
    const machine = allocation.machine[register];
    const spill = allocation.spill[register];
    if (machine === NONE && spill === NONE) return [];
    const location: Location =
      machine === NONE
        ? { kind: 'frame', offset: frame.spills[spill] - CFA_TO_RBP }
        : { kind: 'register', register: machine };
    const list: VariableDebug['locations'] = [];
    for (let i = 0; i < interval.ranges.length; i += 2) {
      const start = offsetOfStart(interval.ranges[i], instructionOffsets);
      const end = offsetOfEnd(interval.ranges[i + 1], instructionOffsets);
      if (start < end) list.push({ range: [start, end], location });
    }
    return list;
  }
}

/** A value read at the start of instruction i was there before it; one written by i is there after it. */
function offsetOfStart(position: number, offsets: readonly number[]): number {
  const index = position >> 2;
  const phase = position & 3;
  return offsets[phase === EARLY_READ || phase === LATE_READ ? index : index + 1];
}

function offsetOfEnd(position: number, offsets: readonly number[]): number {
  const index = position >> 2;
  const phase = position & 3;
  if (phase !== EARLY_READ && phase !== LATE_READ) return offsets[index + 1];
  const [start, end] = [offsets[index], offsets[index + 1]];
  return start === end ? end : start + 1;
}

/** Sorts locations, removes overlaps (the later listed wins) and says of the gaps why there is no value. */
function fillGaps(
  list: VariableDebug['locations'],
  scope: readonly CodeRange[],
  size: number,
  entry: Location | undefined,
): VariableDebug['locations'] {
  const sorted = list
    .map((item, order) => ({ ...item, order }))
    .sort((a, b) => a.range[0] - b.range[0] || a.order - b.order);
  const result: VariableDebug['locations'] = [];
  for (const { range, location } of sorted) {
    const last = result[result.length - 1];
    const start = last ? Math.max(range[0], last.range[1]) : range[0];
    const end = Math.min(range[1], size);
    if (start < end) result.push({ range: [start, end], location });
  }
  const gaps: VariableDebug['locations'] = [];
  const first = result[0]?.range[0] ?? size;
  const last = result[result.length - 1]?.range[1] ?? 0;
  const note = (start: number, end: number): void => {
    for (const [low, high] of scope) {
      const [from, to] = [Math.max(start, low), Math.min(end, high)];
      if (from >= to) continue;
      const reason =
        result.length === 0
          ? 'it is never used'
          : to <= first
            ? 'it has no value yet'
            : 'its value is no longer needed here';
      gaps.push({ range: [from, to], location: entry ?? { kind: 'optimizedOut', reason } });
    }
  };
  let at = 0;
  for (const { range } of result) {
    if (range[0] > at) note(at, range[0]);
    at = range[1];
  }
  if (last < size) note(Math.max(at, last), size);
  return [...result, ...gaps].sort((a, b) => a.range[0] - b.range[0]);
}

/** Identity of a function that the tables carry beside its code. */
export type FunctionIdentity = Pick<
  FunctionDebug,
  'name' | 'section' | 'start' | 'type' | 'external' | 'attributes'
>;

/** All debug tables of a generated function. */
export function describeFunction(
  fn: IrFunction,
  code: FunctionCode,
  source: SourceMap,
  types: DebugTypes,
  identity: FunctionIdentity,
): FunctionDebug {
  const describer = new FunctionDescriber(fn, code, source, types);
  const { file, line, column } = describer.position(fn.loc);
  return {
    ...identity,
    size: code.closed.bytes.length,
    file,
    line,
    column,
    endLine: describer.position(fn.end).line,
    lines: describer.lines(),
    inlines: describer.inlines(),
    variables: describer.variables(),
    frame: code.frameRows.filter(
      (row, index, all) => row.offset < code.closed.bytes.length && all[index + 1]?.offset !== row.offset,
    ),
  };
}
