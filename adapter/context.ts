/**
 * What one session knows: the client, the launch, the machine, the breakpoints, and the handles of the present stop.
 *
 * Handlers in requests/ work on it. It turns what the machine tells into the protocol's events, and nothing else.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelSources } from 'kernel-sources';
import type { SourcePlace } from '../emulator/kernel/types';
import type { ProbeEvent } from '../emulator/kprobes/types';
import type { LabEvent } from '../emulator/lab';
import type { Breakpoint } from './breakpoints/breakpoint';
import { BreakpointTable } from './breakpoints/table';
import { Client } from './client';
import { Exceptions } from './exceptions';
import { Handles } from './handles';
import type { Host } from './host';
import type { Launch } from './launch';
import { Output } from './output';
import { printed } from './printed';
import { notLaunched, notStopped, RequestFailure, staleReference } from './protocol/failure';
import { Sources } from './sources';
import type { TargetClient } from './target/client';
import { DataBreakpoints } from './target/data-breakpoints';
import type { ViewFrame } from './target/frames';
import type { Stop } from './target/stop';
import { type Target, threadIdOf } from './target/target';
import type { Container } from './variables/container';

export class Context {
  readonly client = new Client();
  readonly sources = new Sources(kernelSources);
  readonly output: Output;
  readonly table: BreakpointTable;
  readonly data: DataBreakpoints;
  /** What a machine asks this session, and tells it. */
  readonly watcher: TargetClient;
  readonly exceptions = new Exceptions();
  /** Integers in the variables view in hexadecimal. */
  hex = false;
  launch: Launch | undefined;
  /** The machine is not ours: it was there before, and stays when the session goes. */
  attached = false;
  target: Target | undefined;
  readonly containers = new Handles<Container>(1);
  readonly locations = new Handles<SourcePlace>(1);
  /** Step-in targets: addresses of call instructions. */
  readonly calls = new Handles<bigint>(1);
  readonly #frames = new Handles<ViewFrame>(1000);
  readonly #stacks = new Map<number, ViewFrame[]>();
  #probesChanged = false;
  /** A handler was running when the last oops was reported. */
  #oopsInHandler = false;
  #ended = false;

  constructor(
    readonly host: Host,
    readonly send: (event: P.Event) => void,
  ) {
    this.output = new Output(
      (body) => this.event('output', body),
      () => host.now(),
    );
    this.table = new BreakpointTable({
      stopped: (breakpoint, problem) => this.target?.breakpointStops(breakpoint, problem),
      logged: (breakpoint, line) => {
        // A replayed hit was told when it happened.
        if (this.target?.searching !== false || this.target.lab.replay !== 'no') return;
        this.output.line({ category: 'stdout', text: line, ...this.#placeOf(breakpoint) });
      },
      changed: (breakpoint) =>
        this.event('breakpoint', { reason: 'changed', breakpoint: this.describe(breakpoint) }),
    });
    this.data = new DataBreakpoints(() => this.table.newId());
    this.watcher = this.#makeWatcher();
  }

  /** Sends an event, after the console lines that came before it. */
  event(event: string, body?: unknown): void {
    if (event !== 'output') this.output.flush();
    if (!this.#ended) this.send({ type: 'event', seq: 0, event, body });
  }

  /** The session is over; nothing is sent any more. */
  end(): void {
    this.#ended = true;
    this.letGo();
  }

  /** Gives up the machine; one that we only attached to goes on. */
  letGo(): void {
    const { target } = this;
    this.target = undefined;
    if (this.attached) target?.leave(this.watcher);
    else target?.end();
  }

  /** Takes a machine that has just been made; its events become the session's. */
  adopt(target: Target): void {
    this.target?.leave(this.watcher);
    this.target = target;
    target.join(this.watcher);
    target.inspector.anchors = (holder, name) => this.sources.anchors(holder, name);
    target.lab.onEvent((event, replayed) => {
      if (this.target === target) this.#labEvent(event, target, replayed);
    });
  }

  /** Reads the sources of modules that somebody else compiled; breakpoints in them are tried again. */
  async learnSources(): Promise<void> {
    const images = this.target?.lab.kernel.images.all() ?? [];
    for (const { kind, image } of images) {
      if (kind !== 'module') continue;
      for (const file of image.debug.files) {
        if (this.sources.text(file) !== undefined || this.sources.isModule(file)) continue;
        const bytes = await this.host.readFile(file);
        if (bytes) this.sources.addModuleFile(file, new TextDecoder().decode(bytes));
      }
    }
    this.table.imagesChanged();
  }

  /** Makes the machine stop where the exception filters may want it to. */
  applyFilters(): void {
    this.target?.stopOn(this.watcher, this.exceptions.needs);
  }

  requireTarget(): Target {
    if (!this.target) throw notLaunched();
    return this.target;
  }

  requireStop(): { target: Target; stop: Stop } {
    const target = this.requireTarget();
    if (!target.stop) throw notStopped();
    return { target, stop: target.stop };
  }

  frame(id: number): ViewFrame {
    const { target } = this.requireStop();
    const frame = this.#frames.get(id);
    if (!frame || !target.stop) throw staleReference('stack frame', id);
    return frame;
  }

  /** The stack of a thread at the present stop; unwound once. */
  stack(threadId: number): ViewFrame[] {
    const { target, stop } = this.requireStop();
    const known = this.#stacks.get(threadId);
    if (known) return known;
    const task = target.taskOfThread(threadId);
    if (!task)
      throw new RequestFailure('unknownThread', `There is no task with thread id ${threadId} any more.`);
    const frames = target.frames.ofTask(task, threadId, stop, (frame) => this.#frames.add(frame));
    this.#stacks.set(threadId, frames);
    return frames;
  }

  /** The innermost real frame of the stopped task. */
  topFrame(): ViewFrame | undefined {
    const { target, stop } = this.requireStop();
    return this.stack(target.threadOfStop(stop)).find((frame) => !frame.label);
  }

  /** The machine is about to run: what was looked at is gone. */
  forget(): void {
    this.#frames.clear();
    this.#stacks.clear();
    this.containers.clear();
    this.locations.clear();
    this.calls.clear();
  }

  /** Values changed under the editor's feet. */
  invalidate(...areas: string[]): void {
    this.#stacks.clear();
    if (this.client.invalidatedEvent) this.event('invalidated', { areas });
  }

  /** A breakpoint as the protocol describes it. */
  describe(breakpoint: Breakpoint): P.Breakpoint {
    const { wanted, sites } = breakpoint;
    const described: P.Breakpoint = { id: breakpoint.id, verified: breakpoint.verified };
    if (breakpoint.message !== undefined) described.message = breakpoint.message;
    if (!breakpoint.verified) described.reason = breakpoint.pending ? 'pending' : 'failed';
    if (wanted.kind === 'line') {
      described.source = this.sources.toClient(wanted.file);
      described.line = this.client.toClientLine(breakpoint.line ?? wanted.line);
    }
    const [site] = sites;
    if (site && breakpoint.verified) described.instructionReference = `0x${site.address.toString(16)}`;
    return described;
  }

  #makeWatcher(): TargetClient {
    return {
      table: this.table,
      data: this.data,
      holds: true,
      afterSlice: () => {
        this.output.flush();
        if (!this.#probesChanged) return;
        this.#probesChanged = false;
        this.event('kprobe/probes');
      },
      stopped: (stop) => this.#stopped(stop),
      resumed: (stop, own) => {
        if (!own && this.target) {
          const threadId = this.target.threadOfStop(stop);
          this.event('continued', { threadId, allThreadsContinued: true });
        }
        this.forget();
      },
      travelled: (note) => {
        if (note !== undefined) this.output.text('console', note);
        this.#probesChanged = true;
      },
      idle: () => {
        this.output.settle();
        this.output.drain();
        this.event('kprobe/idle');
      },
      ended: (reason, exitCode) => {
        this.output.text('console', reason);
        this.output.drain();
        this.event('exited', { exitCode });
        this.event('terminated');
      },
      wants: ({ oops, position: { cpu } }) => {
        const { target } = this;
        if (!oops || !target) return false;
        const scope = () => target.inspector.momentScope(target.inspector.momentOfCpu(cpu));
        return this.exceptions.wants({ kind: 'oops', oops, inHandler: this.#oopsInHandler }, scope);
      },
    };
  }

  #stopped(stop: Stop): void {
    this.output.drain();
    const target = this.target;
    if (!target) return;
    const body: P.StoppedEvent['body'] = {
      reason: stop.reason,
      threadId: target.threadOfStop(stop),
      allThreadsStopped: true,
    };
    if (stop.description !== undefined) body.description = stop.description;
    if (stop.text !== undefined) body.text = stop.text;
    const own = stop.breakpoints.filter((one) => this.table.has(one) || this.data.has(one));
    if (own.length > 0) body.hitBreakpointIds = own.map((one) => one.id);
    this.event('stopped', body);
  }

  /** `replayed`: it was told when it happened first, and only matters for what is placed in the machine. */
  #labEvent(event: LabEvent, target: Target, replayed: boolean): void {
    if (replayed && (event.kind === 'console' || event.kind === 'tty' || event.kind === 'prompt')) return;
    switch (event.kind) {
      case 'console': {
        const { source } = event.record;
        const place = source && {
          source: this.sources.toClient(source.file),
          line: this.client.toClientLine(source.line),
        };
        this.output.line({ ...printed(event.record, this.client.ansi), ...place });
        return;
      }
      case 'tty':
        this.output.terminal(event.text);
        return;
      case 'prompt':
        this.output.settle();
        this.event('kprobe/prompt', { status: event.status });
        return;
      case 'moduleLoaded':
        target.lab.later(() => this.table.imagesChanged());
        if (this.attached) void this.learnSources();
        this.event('module', { reason: 'new', module: { id: event.name, name: event.name } });
        return;
      case 'moduleUnloaded':
        target.lab.later(() => this.table.imagesGone());
        this.event('module', { reason: 'removed', module: { id: event.name, name: event.name } });
        return;
      case 'moduleFailed':
        this.output.text('important', `Module ${event.name} was not loaded: ${event.reason}`);
        return;
      case 'taskExited':
        this.event('thread', { reason: 'exited', threadId: threadIdOf({ pid: event.pid }) });
        return;
      case 'oops':
        this.#oopsInHandler = target.lab.kprobes.handlerRunning(event.oops.cpu) !== undefined;
        return;
      case 'probe':
        this.#probesChanged = true;
        if (event.event.kind === 'registered' && !this.table.arming) {
          target.lab.later(() => this.table.handlersChanged());
        }
        if (event.event.kind === 'missed') this.#missed(event.event, target);
        return;
    }
  }

  /** A probe of the editor's was passed over: said once, where it would otherwise look as if nothing had happened. */
  #missed({ kprobe, symbol, reason }: ProbeEvent, target: Target): void {
    const scope = () => target.inspector.momentScope(target.inspector.momentOfCpu(0));
    if (this.exceptions.wants({ kind: 'missed' }, scope))
      target.stopForException(`The probe at ${symbol} was missed: ${reason}`);
    const breakpoint = this.table.ofProbe(kprobe);
    if (!breakpoint?.noteMiss()) return;
    const place = target.inspector.symbolAt(breakpoint.sites[0]?.address ?? 0n) ?? 'a breakpoint';
    this.output.line({
      category: 'important',
      text: `The probe at ${place} was missed: ${reason}. Edit its mode to "hardware" to stop there.`,
      ...this.#placeOf(breakpoint),
    });
  }

  #placeOf(breakpoint: Breakpoint): { source?: P.Source; line?: number } {
    const { wanted, line } = breakpoint;
    if (wanted.kind !== 'line') return {};
    return {
      source: this.sources.toClient(wanted.file),
      line: this.client.toClientLine(line ?? wanted.line),
    };
  }
}
