/**
 * The dynamic events: executes the lines of kprobe_events, keeps the events, registers their probes.
 *
 * Which complaint comes when a probe is refused, what appends to an existing event, and when a probe waits for its
 * module follow Linux 6.1 (kernel/trace/trace_kprobe.c as described in kprobetrace.rst and recorded).
 */
import { Copies, type GraphCopy, putBack } from '../kernel/copies';
import { errnoName } from '../kernel/errno';
import type { Hit, HostProbe, Refusal } from '../kprobes/types';
import {
  type Command,
  type CommandError,
  commandError,
  type Definition,
  type Deletion,
  type Place,
  type PlaceKind,
  parseCommand,
} from './command';
import type { ErrorLog } from './errorlog';
import { automaticName, type EventProbe, listingLine, placeText, type TraceEvent } from './event';
import type { FetchArgument } from './fetch/program';
import type { TraceHost } from './host';
import { parseSigned } from './numbers';

const DEFAULT_GROUP = 'kprobes';
/** First id that Linux gives to dynamic events lies above the static ones. */
const FIRST_EVENT_ID = 1500;
/** Longest line of a write, its newline included. */
const MAX_LINE = 4096;

/** Called at a hit of an enabled event's probe. */
export type HitHandler = (event: TraceEvent, probe: EventProbe, hit: Hit) => void;

/** Result of a write: undefined is success, otherwise the errno's name. */
export type WriteResult = string | undefined;

/** The events as data. */
export interface DefinitionsState {
  readonly graph: GraphCopy;
  readonly creation: { event: TraceEvent; probe: EventProbe }[];
  readonly nextId: number;
}

export class Definitions {
  private readonly events: TraceEvent[] = [];
  private creation: { event: TraceEvent; probe: EventProbe }[] = [];
  private nextId = FIRST_EVENT_ID;
  private readonly copies = new Copies();

  constructor(
    private readonly host: TraceHost,
    private readonly log: ErrorLog,
    private readonly onHit: HitHandler,
    private readonly onRemoved: (event: TraceEvent) => void,
  ) {}

  save(): DefinitionsState {
    const { events, creation, nextId } = this;
    return { graph: this.copies.take([events, creation]), creation, nextId };
  }

  restore({ graph, creation, nextId }: DefinitionsState): void {
    putBack(graph);
    this.creation = creation;
    this.nextId = nextId;
  }

  list(): readonly TraceEvent[] {
    return this.events;
  }

  find(group: string, name: string): TraceEvent | undefined {
    return this.events.find((event) => event.group === group && event.name === name);
  }

  byId(id: number): TraceEvent | undefined {
    return this.events.find((event) => event.id === id);
  }

  /** kprobe_events as it reads: one line per probe, in order of creation. */
  listing(): string {
    return this.inCreationOrder()
      .map(({ event, probe }) => listingLine(event, probe, (address) => this.host.hashPointer(address)))
      .join('');
  }

  /** kprobe_profile: event name, hits, misses. */
  profile(): string {
    return this.inCreationOrder()
      .map(({ event, probe }) => {
        const missed = probe.probe ? this.host.missed(probe.probe) : 0;
        return `  ${event.name.padEnd(44)} ${String(probe.hits).padStart(15)} ${String(missed).padStart(15)}\n`;
      })
      .join('');
  }

  private inCreationOrder(): readonly { event: TraceEvent; probe: EventProbe }[] {
    return this.creation;
  }

  /** Deletes all events, as opening kprobe_events for writing with truncation does. -EBUSY if one is enabled. */
  clear(): WriteResult {
    if (this.events.some((event) => event.enabled)) return 'EBUSY';
    for (const event of [...this.events]) this.remove(event, event.probes);
    return undefined;
  }

  /** Runs the lines of one write in order; stops at the first that fails, earlier ones stay in effect. */
  write(text: string): WriteResult {
    const lines = text.split('\n');
    if (lines[lines.length - 1] === '') lines.pop();
    for (const line of lines) {
      if (line.length + 1 > MAX_LINE || line.includes('\0')) return 'EINVAL';
      const hash = line.indexOf('#');
      const error = this.execute(hash < 0 ? line : line.slice(0, hash));
      if (error) return error;
    }
    return undefined;
  }

  private execute(line: string): WriteResult {
    const command: Command = parseCommand(line, (symbol, offset) => this.lookup(symbol, offset));
    switch (command.kind) {
      case 'empty':
        return undefined;
      case 'error':
        return this.refuse(command);
      case 'delete':
        return this.delete(command);
      case 'define': {
        const error = this.define(command);
        return error && this.refuse(error);
      }
    }
  }

  private refuse(error: CommandError): string {
    if (error.error !== undefined) {
      const { message, command, caret } = error;
      this.log.add({ time: this.host.now(), location: 'trace_kprobe', message, command, caret });
    }
    return error.errno;
  }

  /** What the parser asks of the kernel: is SYM+OFF a function's entry, inside code, or nothing? */
  lookup(symbol: string, offset: bigint): PlaceKind {
    const colon = symbol.indexOf(':');
    if (colon >= 0) {
      const address = this.host.moduleSymbol(symbol.slice(0, colon), symbol.slice(colon + 1));
      // A module that is not loaded may come; a loaded one without the symbol is found out at registration.
      return address !== undefined && offset === 0n ? 'entry' : 'inside';
    }
    const addresses = this.host.addressesOf(symbol);
    if (addresses.length > 1) return 'ambiguous';
    const address = addresses[0];
    if (address === undefined) return 'unknown';
    return offset === 0n ? 'entry' : 'inside';
  }

  private define(definition: Definition): CommandError | undefined {
    const { words, isReturn, place } = definition;
    const hash = (address: bigint) => this.host.hashPointer(address);
    const group = definition.group ?? DEFAULT_GROUP;
    const name = definition.event ?? automaticName(isReturn, place, hash);
    const probe: EventProbe = {
      place,
      arguments: definition.arguments,
      maxactive: definition.maxactive,
      probe: undefined,
      symbols: new Map(),
      hits: 0,
    };
    const existing = this.find(group, name);
    if (existing) {
      if (existing.isReturn !== isReturn) return commandError(words, 'DIFF_PROBE_TYPE', 0, 0, 'EEXIST');
      const differing = firstDifference(definition.arguments, existing.probes[0]?.arguments ?? []);
      if (differing !== undefined) return commandError(words, 'DIFF_ARG_TYPE', differing + 2, 0, 'EEXIST');
      if (existing.probes.some((other) => sameProbe(other, probe))) {
        return commandError(words, 'SAME_PROBE', 0, 0, 'EEXIST');
      }
    }
    const event = existing ?? {
      id: this.nextId,
      group,
      name,
      isReturn,
      probes: [],
      enabled: false,
      filter: undefined,
      filterText: 'none\n',
    };
    const refused = this.register(event, probe);
    if (refused) {
      const what =
        refused === 'EILSEQ' ? 'BAD_INSN_BNDRY' : refused === 'ENOENT' ? 'BAD_PROBE_ADDR' : 'FAIL_REG_PROBE';
      return commandError(words, what, 1, 0, refused);
    }
    event.probes.push(probe);
    this.creation.push({ event, probe });
    if (!existing) {
      this.nextId++;
      this.events.push(event);
    }
    return undefined;
  }

  /** Registers the probe with the kernel; a place in a module that is not loaded waits. Returns the errno's name if refused. */
  private register(event: TraceEvent, probe: EventProbe): string | undefined {
    const { place } = probe;
    if (place.kind === 'symbol' && place.symbol.includes(':')) {
      const [module = ''] = place.symbol.split(':', 1);
      if (!this.host.moduleLoaded(module)) {
        this.host.log(4, 'This probe might be able to register after target module is loaded. Continue.');
        return undefined;
      }
    }
    const symbols = this.resolveSymbols(probe.arguments);
    if (typeof symbols === 'string') return symbols;
    probe.symbols = symbols;
    const address = this.addressOf(place);
    if (address === undefined) return 'ENOENT';
    if (this.host.symbolAt(address) === undefined && place.kind === 'address') {
      // No code there now: Linux takes it for a module's that may still come.
      this.host.log(4, 'This probe might be able to register after target module is loaded. Continue.');
      return undefined;
    }
    if (!this.host.traceable(address)) {
      const name = this.host.symbolAt(address)?.name ?? '';
      this.host.log(3, `trace_kprobe: Could not probe notrace function ${name}`);
      return 'EINVAL';
    }
    const handler = (hit: Hit) => {
      this.onHit(event, probe, hit);
      return undefined;
    };
    const registered = this.host.register({
      at: place.kind === 'address' ? { address } : { symbol: place.symbol, offset: Number(place.offset) },
      kind: event.isReturn ? 'return' : 'entry',
      owner: 'trace',
      disabled: !event.enabled,
      maxactive: probe.maxactive,
      ...(event.isReturn ? { onReturn: handler } : { pre: handler }),
    });
    if (isRefusal(registered)) return errnoName(registered.errno);
    probe.probe = registered;
    if (event.isReturn) probe.maxactive ??= Math.max(10, 2 * this.host.cpus);
    return undefined;
  }

  private addressOf(place: Place): bigint | undefined {
    if (place.kind === 'address') return place.address;
    const colon = place.symbol.indexOf(':');
    const base =
      colon >= 0
        ? this.host.moduleSymbol(place.symbol.slice(0, colon), place.symbol.slice(colon + 1))
        : this.host.addressesOf(place.symbol)[0];
    return base === undefined ? undefined : base + place.offset;
  }

  /** Resolves the @SYM[+-OFF] of arguments; the errno's name when one cannot be. */
  private resolveSymbols(args: readonly FetchArgument[]): Map<string, bigint> | string {
    const symbols = new Map<string, bigint>();
    for (const { source } of args) {
      if (source.kind !== 'symbol') continue;
      const sign = source.expression.search(/[+-]/);
      const name = sign < 0 ? source.expression : source.expression.slice(0, sign);
      const offset = sign < 0 ? { value: 0n } : parseSigned(source.expression.slice(sign));
      if ('error' in offset) return 'EINVAL';
      const address = this.host.addressesOf(name)[0];
      if (address === undefined) return 'ENOENT';
      symbols.set(source.expression, address + offset.value);
    }
    return symbols;
  }

  private delete({ group, event, match }: Deletion): WriteResult {
    const hash = (address: bigint) => this.host.hashPointer(address);
    const chosen = this.creation.filter(
      (entry) =>
        (event === undefined || entry.event.name === event) &&
        (group === undefined || entry.event.group === group) &&
        matchesHead(entry.probe, match, hash),
    );
    if (chosen.length === 0) return 'ENOENT';
    for (const { event: target, probe } of chosen) {
      if (target.enabled) return 'EBUSY';
      this.remove(target, [probe]);
    }
    return undefined;
  }

  private remove(event: TraceEvent, probes: readonly EventProbe[]): void {
    for (const probe of [...probes]) {
      if (probe.probe) this.host.unregister(probe.probe);
      event.probes.splice(event.probes.indexOf(probe), 1);
      this.creation = this.creation.filter((entry) => entry.probe !== probe);
    }
    if (event.probes.length > 0) return;
    this.events.splice(this.events.indexOf(event), 1);
    this.onRemoved(event);
  }

  /** Arms or disarms all probes of an event. */
  setEnabled(event: TraceEvent, enabled: boolean): void {
    event.enabled = enabled;
    for (const { probe } of event.probes) if (probe) this.host.setEnabled(probe, enabled);
  }

  /** A module came: probes that waited for it are registered. */
  moduleLoaded(module: string): void {
    for (const { event, probe } of this.creation) {
      if (probe.probe || probe.place.kind !== 'symbol' || !probe.place.symbol.startsWith(`${module}:`))
        continue;
      const refused = this.register(event, probe);
      if (refused) {
        this.host.log(4, `trace_kprobe: Failed to re-register probe ${event.name} on ${module}: ${refused}`);
      }
    }
  }

  /** A module goes: its probes wait for it to come back. */
  moduleUnloaded(module: string): void {
    for (const { probe } of this.creation) {
      if (probe.probe === undefined || probe.place.kind !== 'symbol') continue;
      if (!probe.place.symbol.startsWith(`${module}:`)) continue;
      this.host.unregister(probe.probe);
      probe.probe = undefined;
    }
  }
}

function isRefusal(result: HostProbe | Refusal): result is Refusal {
  return 'errno' in result;
}

/** Index of the first argument whose name, type or length differs; as Linux counts when there are more or fewer. */
function firstDifference(a: readonly FetchArgument[], b: readonly FetchArgument[]): number | undefined {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  const index = a.findIndex((argument, i) => {
    const other = b[i];
    return argument.name !== other?.name || argument.type !== other.type || argument.count !== other.count;
  });
  return index < 0 ? undefined : index;
}

/** Same place as written, same argument texts. */
function sameProbe(a: EventProbe, b: EventProbe): boolean {
  const text = (place: Place) => placeText(place, (address) => address.toString(16));
  return (
    text(a.place) === text(b.place) &&
    a.arguments.every((argument, i) => argument.body === b.arguments[i]?.body)
  );
}

/** `-:EVENT PLACE ARG…`: the place and as many arguments as given must be this probe's. */
function matchesHead(
  probe: EventProbe,
  match: readonly string[],
  hash: (address: bigint) => string,
): boolean {
  const [place, ...args] = match;
  if (place === undefined) return true;
  if (place !== placeText(probe.place, hash)) return false;
  return args.every((text, index) => {
    const argument = probe.arguments[index];
    return argument !== undefined && text === `${argument.name}=${argument.body}`;
  });
}
