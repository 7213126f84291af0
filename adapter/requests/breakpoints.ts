/** Breakpoints of every kind: each set request replaces its group and answers with what became of each. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { linesOf } from '../../emulator/inspect/lines';
import { sizeOf } from '../../emulator/inspect/types';
import { addressOf } from '../../emulator/inspect/value';
import type { Extras } from '../breakpoints/breakpoint';
import type { Mode } from '../breakpoints/place';
import type { Context } from '../context';
import { parseMemoryReference } from '../memory-reference';
import type { Handlers } from '../protocol/requests';
import { dataId } from '../target/data-breakpoints';
import { valueInContainer, valueOfExpression } from '../variables/find';

type Names =
  | 'setBreakpoints'
  | 'setFunctionBreakpoints'
  | 'setInstructionBreakpoints'
  | 'setExceptionBreakpoints'
  | 'dataBreakpointInfo'
  | 'setDataBreakpoints'
  | 'breakpointLocations';

const MODES: ReadonlySet<string> = new Set<Mode>(['kprobe', 'kprobePost', 'kretprobe', 'hardware']);

function isMode(text: string): text is Mode {
  return MODES.has(text);
}

/** Conditions and mode; empty texts are absent, because editors send them for cleared fields. */
function extras(given: {
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
  mode?: string;
}): Extras {
  const present = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text);
  return {
    condition: present(given.condition),
    hitCondition: present(given.hitCondition),
    logMessage: present(given.logMessage),
    mode: given.mode !== undefined && isMode(given.mode) ? given.mode : 'kprobe',
  };
}

export const breakpoints: Handlers<Context, Names> = {
  setBreakpoints: (context, args) => {
    const file = context.sources.fromClient(args.source);
    const asked = args.breakpoints ?? [];
    if (file === undefined) {
      const path = args.source.path ?? args.source.name ?? 'this file';
      const message = `${path} is neither kernel source nor a file of a loaded module.`;
      return { breakpoints: asked.map(({ line }) => ({ verified: false, reason: 'failed', line, message })) };
    }
    const wanted = asked.map((one) => ({
      wanted: { kind: 'line', file, line: context.client.fromClientLine(one.line) } as const,
      extras: extras(one),
    }));
    return { breakpoints: context.table.set(`source ${file}`, wanted).map((one) => context.describe(one)) };
  },

  setFunctionBreakpoints: (context, args) => {
    const wanted = args.breakpoints.map((one) => ({
      wanted: { kind: 'function', name: one.name } as const,
      extras: extras(one),
    }));
    return { breakpoints: context.table.set('functions', wanted).map((one) => context.describe(one)) };
  },

  setInstructionBreakpoints: (context, args) => {
    const wanted = args.breakpoints.map((one) => {
      const base = parseMemoryReference(one.instructionReference);
      const address = BigInt.asUintN(64, (base ?? 0n) + BigInt(one.offset ?? 0));
      const refused =
        base === undefined ? `EINVAL: \`${one.instructionReference}\` is not an address.` : undefined;
      return { wanted: { kind: 'instruction', address } as const, extras: extras(one), refused };
    });
    return { breakpoints: context.table.set('instructions', wanted).map((one) => context.describe(one)) };
  },

  setExceptionBreakpoints: (context, args) => {
    const plain = (args.filters ?? []).map((filterId) => ({ filterId }));
    const breakpoints = context.exceptions.set([...plain, ...(args.filterOptions ?? [])]);
    context.applyFilters();
    return { breakpoints };
  },

  /** A variable of a container, an expression in a frame, or an address with a length. */
  dataBreakpointInfo: (context, args) => {
    const accessTypes: P.DataBreakpointAccessType[] = ['write', 'read', 'readWrite'];
    if (args.asAddress) {
      const address = parseMemoryReference(args.name);
      const length = args.bytes ?? 8;
      if (address === undefined) return { dataId: null, description: `\`${args.name}\` is not an address` };
      return {
        dataId: dataId(address, length),
        description: `${length} bytes at ${args.name}`,
        accessTypes,
        canPersist: true,
      };
    }
    const value =
      args.variablesReference !== undefined && args.variablesReference > 0
        ? valueInContainer(context, args.variablesReference, args.name)
        : valueOfExpression(context, args.name, args.frameId);
    const address = addressOf(value);
    if (address === undefined) {
      return {
        dataId: null,
        description: `\`${args.name}\` is not in memory: registers and constants cannot be watched`,
      };
    }
    const length = args.bytes ?? sizeOf(value.type) ?? 8;
    return { dataId: dataId(address, length), description: `${args.name} (${length} bytes)`, accessTypes };
  },

  setDataBreakpoints: (context, args) => {
    const requests = args.breakpoints.map((one) => ({
      dataId: one.dataId,
      access: one.accessType ?? 'write',
      condition: one.condition || undefined,
      hitCondition: one.hitCondition || undefined,
    }));
    const set = context.data.set(requests, context.target?.inspector);
    return {
      breakpoints: set.map(({ id, verified, message }) => ({
        id,
        verified,
        ...(message === undefined ? {} : { message }),
      })),
    };
  },

  breakpointLocations: (context, args) => {
    const file = context.sources.fromClient(args.source);
    if (file === undefined || !context.target) return { breakpoints: [] };
    const first = context.client.fromClientLine(args.line);
    const last = args.endLine === undefined ? first : context.client.fromClientLine(args.endLine);
    const found = new Map<string, P.BreakpointLocation>();
    for (const program of context.target.inspector.programs()) {
      for (const { line, column } of linesOf(program).locations(file, first, last)) {
        found.set(`${line}:${column}`, {
          line: context.client.toClientLine(line),
          column: context.client.toClientColumn(column),
        });
      }
    }
    return { breakpoints: [...found.values()] };
  },
};
