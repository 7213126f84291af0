/**
 * All breakpoints of a session, by the request that set them, kept across launch, module loads and restarts.
 *
 * A set request replaces one group (a file's lines, all functions, all instructions); what is asked for again keeps its
 * id and its hit count. Without a machine everything waits; when a module is loaded, waiting ones are tried again and
 * the editor is told.
 */
import type { HandlerAnswer } from '../../emulator/kprobes/types';
import type { ExecutionBreakpoints } from '../target/execution-breakpoints';
import { handlerFunctions } from '../target/handlers';
import type { Inspector, Moment } from '../target/inspector';
import { keepEntry } from '../target/registers';
import { Breakpoint, breakpointKey, type Extras } from './breakpoint';
import { Installer } from './installer';
import { placeBreakpoint, type Site, type Wanted } from './place';

/** What happens at hits and changes; given by the session. */
export interface TableListener {
  /** A breakpoint stops the machine. */
  stopped(breakpoint: Breakpoint, problem: string | undefined): void;
  logged(breakpoint: Breakpoint, line: string): void;
  changed(breakpoint: Breakpoint): void;
}

/**
 * What the machine is about to do when breakpoints are placed: run, or boot before the user's eyes. While it boots there
 * are no kprobes yet, so all breakpoints are hardware breakpoints: those in boot code, or with `bootAll` every one.
 */
export type Phase = 'run' | 'boot' | 'bootAll';

const AT_BOOT =
  'A hardware breakpoint: this code runs while the kernel boots, when there are no kprobes yet.';
const BOOTED = 'This code ran while the kernel booted, and its memory was freed: a restart stops here.';

const IN_HANDLER =
  'A hardware breakpoint: this function is a probe’s handler, and a kprobe inside a handler is always missed.';

export class BreakpointTable {
  readonly #groups = new Map<string, Breakpoint[]>();
  #nextId = 1;
  /** First addresses of functions that are probe handlers. */
  #handlers: ReadonlySet<bigint> = new Set();
  /** Our own probes are being registered: they have no handlers in the guest. */
  #arming = false;
  #machine: { inspector: Inspector; installer: Installer; phase: Phase } | undefined;
  /** The session has begun: code that runs only while the kernel boots has run. */
  #begun = false;

  constructor(readonly listener: TableListener) {}

  /** Ids are unique over all kinds of breakpoints. */
  newId(): number {
    return this.#nextId++;
  }

  /** Replaces the breakpoints of a group. The answer has the order of the request. */
  set(group: string, wanted: readonly { wanted: Wanted; extras: Extras; refused?: string }[]): Breakpoint[] {
    const old = [...(this.#groups.get(group) ?? [])];
    const next = wanted.map((one) => {
      const key = breakpointKey(one.wanted, one.extras);
      const index = old.findIndex((candidate) => candidate.key === key);
      const kept = index >= 0 ? old.splice(index, 1)[0] : undefined;
      return {
        breakpoint: kept ?? new Breakpoint(this.newId(), one.wanted, one.extras),
        refused: one.refused,
      };
    });
    for (const gone of old) this.#machine?.installer.disarm(gone);
    for (const { breakpoint, refused } of next) {
      if (refused !== undefined) breakpoint.message = refused;
      else if (!breakpoint.verified) this.#arm(breakpoint);
    }
    const all = next.map(({ breakpoint }) => breakpoint);
    this.#groups.set(group, all);
    return all;
  }

  /** A machine is there (or another one, after a restart): everything is placed again. */
  attach(inspector: Inspector, executions: ExecutionBreakpoints, phase: Phase = 'run'): void {
    const bootedHere = this.#machine?.inspector === inspector;
    if (bootedHere) for (const breakpoint of this.all()) this.#machine?.installer.disarm(breakpoint);
    const installer = new Installer(
      inspector.lab,
      executions,
      (breakpoint, hit) => this.#judge(breakpoint, inspector.momentOfHit(hit)),
      (hit) => keepEntry(inspector.momentOfHit(hit).registers),
    );
    this.#machine = { inspector, installer, phase };
    this.#handlers = new Set();
    for (const breakpoint of this.all()) {
      // What was armed for the boot has had its chance; what waits for its end keeps its looks until then.
      if (bootedHere && breakpoint.boot) continue;
      if (phase === 'boot' && !breakpoint.boot) continue;
      const before = `${breakpoint.verified} ${breakpoint.message}`;
      breakpoint.verified = false;
      if (!bootedHere) breakpoint.hits = 0;
      this.#retry(breakpoint, before);
    }
  }

  /** True when a breakpoint is in code that runs only while the kernel boots. */
  get wantsBoot(): boolean {
    return this.all().some(({ boot }) => boot);
  }

  /** The session begins: from now on boot code is in the past. */
  begin(): void {
    this.#begun = true;
  }

  /** The machine goes its own way, without our breakpoints. */
  detach(): void {
    for (const breakpoint of this.all()) {
      this.#machine?.installer.disarm(breakpoint);
      breakpoint.verified = false;
    }
    this.#machine = undefined;
  }

  /** A probe of our own is being registered. */
  get arming(): boolean {
    return this.#arming;
  }

  has(breakpoint: Breakpoint): boolean {
    return this.all().includes(breakpoint);
  }

  /** A module came: what waited is tried again. */
  imagesChanged(): void {
    for (const breakpoint of this.all()) if (!breakpoint.verified) this.#retry(breakpoint);
  }

  /**
   * A module registered a probe: breakpoints in functions that are handlers now become hardware breakpoints, since a
   * kprobe there would only ever be missed.
   */
  handlersChanged(): void {
    const machine = this.#machine;
    if (!machine || this.#arming) return;
    this.#handlers = handlerFunctions(machine.inspector);
    for (const breakpoint of this.all()) {
      if (!breakpoint.verified || !breakpoint.sites.some((site) => this.#missable(site, machine.inspector)))
        continue;
      machine.installer.disarm(breakpoint);
      this.#arm(breakpoint);
      this.listener.changed(breakpoint);
    }
  }

  #missable(site: Site, inspector: Inspector): boolean {
    if (site.what !== 'before') return false;
    const start = inspector.lab.kernel.symbols.at(site.address)?.address;
    return start !== undefined && this.#handlers.has(start);
  }

  /** The machine stands at another moment of its run (`past`: before something that it did already). */
  travelled(past: boolean): void {
    this.imagesGone();
    this.imagesChanged();
    this.#machine?.installer.travelled(past);
  }

  /** A module went: breakpoints whose code is gone wait for it to come back. */
  imagesGone(): void {
    const machine = this.#machine;
    if (!machine) return;
    for (const breakpoint of this.all()) {
      const lost = breakpoint.sites.some(({ address }) => !machine.inspector.lab.kernel.images.at(address));
      if (!breakpoint.verified || !lost) continue;
      machine.installer.disarm(breakpoint);
      breakpoint.verified = false;
      this.#arm(breakpoint);
      this.listener.changed(breakpoint);
    }
  }

  all(): Breakpoint[] {
    return [...this.#groups.values()].flat();
  }

  /** The breakpoint whose probe that struct kprobe is. */
  ofProbe(kprobe: bigint): Breakpoint | undefined {
    return this.#machine?.installer.ofProbe(kprobe);
  }

  /** A machine breakpoint was reached: the breakpoints there that want to stop. */
  hardwareHit(address: bigint, moment: Moment): boolean {
    let stop = false;
    for (const breakpoint of this.#machine?.installer.hardwareAt(address) ?? []) {
      if (this.#judge(breakpoint, moment) === 'stop') stop = true;
    }
    return stop;
  }

  #retry(breakpoint: Breakpoint, before = `${breakpoint.verified} ${breakpoint.message}`): void {
    this.#arm(breakpoint);
    if (`${breakpoint.verified} ${breakpoint.message}` !== before) this.listener.changed(breakpoint);
  }

  /** Places and arms; the outcome is in the breakpoint. */
  #arm(breakpoint: Breakpoint): void {
    const before = this.#arming;
    this.#arming = true;
    this.#place(breakpoint);
    this.#arming = before;
  }

  #place(breakpoint: Breakpoint): void {
    const machine = this.#machine;
    breakpoint.verified = false;
    breakpoint.pending = true;
    if (!machine) {
      breakpoint.message = 'The machine has not booted yet.';
      return;
    }
    const placed = placeBreakpoint(breakpoint.wanted, breakpoint.extras.mode, machine.inspector);
    if (!('sites' in placed)) {
      breakpoint.pending = 'pending' in placed;
      breakpoint.message = 'pending' in placed ? placed.pending : placed.refused;
      return;
    }
    breakpoint.pending = false;
    breakpoint.boot = placed.sites.some(({ address }) => isBootCode(machine.inspector, address));
    if (breakpoint.boot && machine.phase === 'run') {
      breakpoint.line = placed.line;
      const problem = this.#check(placed.sites, breakpoint, machine.inspector);
      breakpoint.verified = problem === undefined && !this.#begun;
      breakpoint.pending = problem === undefined && this.#begun;
      breakpoint.message = problem ?? (this.#begun ? BOOTED : AT_BOOT);
      return;
    }
    if (machine.phase !== 'run')
      for (const site of placed.sites) if (site.what !== 'return') site.what = 'hardware';
    const inHandler = placed.sites.some((site) => this.#missable(site, machine.inspector));
    breakpoint.sites = placed.sites.map((site) =>
      this.#missable(site, machine.inspector) ? { ...site, what: 'hardware' } : site,
    );
    breakpoint.line = placed.line;
    const problem = this.#prepare(breakpoint, machine.inspector) ?? machine.installer.arm(breakpoint);
    breakpoint.verified = problem === undefined;
    const remark = inHandler ? IN_HANDLER : placed.note;
    breakpoint.message = problem ?? (machine.phase === 'run' ? remark : AT_BOOT);
  }

  /** What is wrong with a breakpoint's texts where it will be. */
  #check(sites: Site[], breakpoint: Breakpoint, inspector: Inspector): string | undefined {
    breakpoint.sites = sites;
    const problem = this.#prepare(breakpoint, inspector);
    breakpoint.sites = [];
    return problem;
  }

  #prepare(breakpoint: Breakpoint, inspector: Inspector): string | undefined {
    const site = breakpoint.sites[0];
    if (!site) return 'EINVAL: there is nothing to probe.';
    const code = inspector.codeAt(site.address, site.what === 'return' ? -1 : undefined);
    // Names are looked up as they will be at the hit; no register has a value yet, but each has a name.
    const registers = { get: () => 0n, set: () => false };
    const task = { address: 0n, pid: 0, comm: '', cpu: 0 };
    const scope = inspector.scope({
      cpu: 0,
      code,
      registers,
      cfa: undefined,
      returning: site.what === 'return' ? { entry: registers } : undefined,
      task,
    });
    return breakpoint.prepare(scope);
  }

  #judge(breakpoint: Breakpoint, moment: Moment): HandlerAnswer {
    const machine = this.#machine;
    if (!machine) return undefined;
    const { inspector } = machine;
    const scope = () => inspector.momentScope(moment);
    const verdict = breakpoint.judge(scope, () => inspector.describer(moment.cpu));
    switch (verdict.kind) {
      case 'go':
        return undefined;
      case 'log':
        this.listener.logged(breakpoint, verdict.line);
        return undefined;
      case 'stop':
        this.listener.stopped(breakpoint, verdict.problem);
        return 'stop';
    }
  }
}

/** Code of the kernel that is thrown away once it has booted. */
function isBootCode(inspector: Inspector, address: bigint): boolean {
  const section = inspector.lab.kernel.sectionAt(address);
  return section?.init === true && section.loaded.kind === 'kernel';
}
