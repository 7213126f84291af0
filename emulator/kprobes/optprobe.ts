/**
 * Jump optimisation: an int3 site whose surroundings allow it becomes a five-byte jump to a detour, a little later.
 *
 * kprobes.md 1.8 has the conditions and the order. Queuing happens when a site changes; the jump is written by tick(),
 * which the kernel's timer drives, when its delay is over and no CPU stands inside the bytes that it replaces.
 */
import { type Decoded, decode } from '../isa/decode';
import { branchTarget, classify, isIndirectJump } from '../isa/kprobe';
import type { PtRegs } from '../kernel/ptregs';
import { ANSWER, type ProbeCall } from './call';
import { type Core, placeName } from './core';
import { DETOUR_OVERHEAD, detourCode } from './detour';
import { FROM_NEWEST, type Handlers } from './handlers';
import { JMP32_SIZE, jump } from './slots';
import { type Site, STATUS } from './state';
import { originalInstruction, originalText } from './text';

/** Delay before the optimiser works, in jiffies (OPTIMIZE_DELAY). */
const DELAY_JIFFIES = 5;
const PHASE = { start: 0, walk: 1 } as const;

interface FunctionVerdict {
  why: string | undefined;
  targets: bigint[];
}

export class Optimiser {
  /** Static verdicts by address: undefined = possible. They hold as long as the code stays loaded. */
  private readonly verdicts = new Map<bigint, string | undefined>();
  private readonly functions = new Map<bigint, FunctionVerdict>();
  /** How many sites wait for their jump: all that changes here. */
  readonly state = { queued: 0 };

  constructor(private readonly core: Core) {}

  /** Queues a site for optimisation, or takes its jump back, after something about it changed. */
  consider(site: Site): void {
    const why = this.obstacle(site);
    if (why !== undefined && why !== site.notOptimised && site.children.length > 0)
      this.core.emitChild('notOptimised', site.children[0], why);
    site.notOptimised = why;
    if (why !== undefined) {
      if (site.optimisation !== undefined) this.drop(site, true, why);
      return;
    }
    if (site.optimisation !== undefined) return;
    const hertz = this.core.kernel.config.number('HZ');
    const due = this.core.now + (DELAY_JIFFIES * 1e9) / hertz;
    const { covered } = this.coveredBy(site);
    site.optimisation = {
      state: 'queued',
      block: undefined,
      covered,
      saved: new Uint8Array(0),
      due,
    };
    this.state.queued++;
  }

  /** Takes a site's jump (or its place in the queue) back. `restore`: the text still exists. */
  drop(site: Site, restore: boolean, why: string): void {
    const { core } = this;
    const optimisation = site.optimisation;
    if (optimisation === undefined) return;
    site.optimisation = undefined;
    site.notOptimised = why;
    if (optimisation.state === 'queued') this.state.queued--;
    else {
      if (restore) {
        const bytes = optimisation.saved.slice();
        bytes[0] = 0xcc;
        core.writeText(site.address, bytes);
      }
      if (optimisation.block !== undefined) {
        core.arena.forgetDetour(optimisation.block);
        core.arena.freeBlock(optimisation.block, core.now);
      }
      if (site.children.length > 0) core.emitChild('unoptimised', site.children[0], why);
    }
  }

  /** A probe is about to be placed at `address`: sites whose jump covers it are un-optimised first. */
  makeRoom(address: bigint, why: string): void {
    for (let back = 1; back < JMP32_SIZE; back++) {
      const site = this.core.state.sites.get(address - BigInt(back));
      if (site?.optimisation !== undefined && site.optimisation.covered > back) this.drop(site, true, why);
    }
  }

  /** A probe went away: its neighbours may be optimised now. */
  reconsiderAround(address: bigint): void {
    for (let back = 1; back < 16; back++) {
      const site = this.core.state.sites.get(address - BigInt(back));
      if (site?.armed === true) this.consider(site);
    }
  }

  /** The sysctl kprobes-optimization. */
  allow(on: boolean): void {
    const { core } = this;
    if (core.state.optimisationAllowed === on) return;
    core.state.optimisationAllowed = on;
    for (const site of core.state.sites.values()) this.consider(site);
  }

  /** The worker: writes the jumps that are due. Cheap when nothing is queued. */
  tick(): void {
    const { core } = this;
    if (this.state.queued === 0) return;
    let live: bigint[] | undefined;
    for (const site of core.state.sites.values()) {
      const { optimisation, address } = site;
      if (optimisation?.state !== 'queued' || optimisation.due > core.now) continue;
      live ??= this.liveAddresses();
      const end = address + BigInt(optimisation.covered);
      if (!live.some((each) => each > address && each < end)) this.install(site);
    }
  }

  /** Answers optprobe_next, called from a detour. Return values of pre handlers do not count. */
  static next(core: Core, handlers: Handlers, call: ProbeCall, regs: PtRegs, cpu: number): number {
    const running = core.running(cpu);
    if (call.get('phase') === PHASE.start) {
      const site = core.state.records.get(call.getAddress('site'));
      if (site === undefined) return ANSWER.done;
      regs.set('ip', site.address + 1n);
      if (core.blocks.currentKprobe(cpu) !== 0n) {
        handlers.miss(site, core.whyMissed(cpu));
        return ANSWER.done;
      }
      running.begin(site);
      core.blocks.setCurrent(cpu, core.siteKprobe(site));
      core.blocks.setStatus(cpu, STATUS.active);
      call.set('phase', PHASE.walk);
      call.set('cursor', FROM_NEWEST);
    }
    const site = running.site;
    if (site !== undefined && handlers.pre(call, regs, cpu, site, true) === 'call') return ANSWER.call;
    running.end();
    core.blocks.setCurrent(cpu, 0n);
    return ANSWER.done;
  }

  /** Why the site cannot be optimised now, in words; undefined when it can. */
  private obstacle(site: Site): string | undefined {
    const { core } = this;
    if (!core.kernel.config.on('OPTPROBES'))
      return 'the kernel has no jump optimisation (CONFIG_OPTPROBES=n)';
    if (site.ftrace) return 'it is an ftrace site, which needs no int3';
    if (!core.state.optimisationAllowed)
      return 'optimisation is switched off (debug.kprobes-optimization = 0)';
    if (!site.armed) return 'it is not armed';
    const post = site.children.find((child) => core.hasPost(child));
    if (post !== undefined)
      return `${post.owner === 'debugger' ? "the editor's probe" : 'a probe here'} has a post handler`;
    if (site.children.some((child) => child.kind === 'jprobe')) return 'a jprobe is here';
    if (!this.verdicts.has(site.address)) this.verdicts.set(site.address, this.staticObstacle(site));
    const verdict = this.verdicts.get(site.address);
    if (verdict !== undefined) return verdict;
    const { covered } = this.coveredBy(site);
    for (let inside = 1; inside < covered; inside++) {
      const other = core.state.sites.get(site.address + BigInt(inside));
      if (other?.armed === true)
        return `another probe is at +0x${inside.toString(16)} of it, inside the bytes of the jump`;
    }
    return undefined;
  }

  /** Forgets what is known about code: another moment's code is loaded. */
  forgetAll(): void {
    this.verdicts.clear();
    this.functions.clear();
  }

  /** What the code itself forbids. */
  private staticObstacle(site: Site): string | undefined {
    const { kernel } = this.core;
    const symbol = kernel.symbols.at(site.address);
    if (symbol === undefined) return 'its function is not known';
    if (kernel.sectionAt(site.address)?.name === '.entry.text') return 'it is entry code';
    if (symbol.offset + JMP32_SIZE > symbol.size) return 'fewer than five bytes are left in the function';
    const end = symbol.address + BigInt(symbol.size);
    if (kernel.hasExceptionEntry(symbol.address, end)) return 'the function has an exception table entry';
    const fn = this.functionVerdict(symbol.address, symbol.size);
    if (fn.why !== undefined) return fn.why;
    const inside = (target: bigint) => target > site.address && target < site.address + BigInt(JMP32_SIZE);
    const target = fn.targets.find(inside);
    if (target !== undefined)
      return `a jump targets the covered bytes at +0x${(target - site.address).toString(16)}`;
    const { instructions } = this.coveredBy(site);
    const bad = instructions.find(
      ({ decoded }) => !classify(decoded).boostable || classify(decoded).refuse !== undefined,
    );
    if (bad === undefined) return undefined;
    return `the instruction at +0x${(bad.address - site.address).toString(16)} of it cannot run elsewhere (${bad.decoded.entry.mnemonic})`;
  }

  /** What a whole function's code says: why no site in it may become a jump, and where its own jumps go. */
  private functionVerdict(start: bigint, size: number): FunctionVerdict {
    let verdict = this.functions.get(start);
    if (verdict === undefined) {
      verdict = this.readFunction(start, size);
      this.functions.set(start, verdict);
    }
    return verdict;
  }

  private readFunction(start: bigint, size: number): FunctionVerdict {
    const targets: bigint[] = [];
    const text = originalText(this.core, start, size);
    if (text === undefined) return { why: 'its function cannot be read', targets };
    for (let at = 0; at < text.length; ) {
      const decoded = decode(text, at);
      if (!decoded.ok) return { why: `the function cannot be decoded at +0x${at.toString(16)}`, targets };
      const address = start + BigInt(at);
      if (isIndirectJump(decoded)) {
        return {
          why: `the function has an indirect jump at ${this.core.kernel.symbols.format(address)}`,
          targets,
        };
      }
      if (decoded.op === 'int3') return { why: 'the function contains an int3 of someone else', targets };
      const target = decoded.op === 'call' ? undefined : branchTarget(decoded, address);
      if (target !== undefined) targets.push(target);
      at += decoded.length;
    }
    return { why: undefined, targets };
  }

  /** Code between two addresses was unloaded. */
  forget(start: bigint, end: bigint): void {
    for (const known of [this.verdicts, this.functions]) {
      for (const address of known.keys()) if (address >= start && address < end) known.delete(address);
    }
  }

  /** The whole instructions that the first five bytes touch. */
  private coveredBy(site: Site): {
    covered: number;
    instructions: { address: bigint; bytes: Uint8Array; decoded: Decoded }[];
  } {
    const instructions: { address: bigint; bytes: Uint8Array; decoded: Decoded }[] = [];
    let covered = 0;
    while (covered < JMP32_SIZE) {
      const address = site.address + BigInt(covered);
      const found = originalInstruction(this.core, address);
      if (found === undefined) break;
      instructions.push({ address, ...found });
      covered += found.bytes.length;
    }
    return { covered, instructions };
  }

  /** Code addresses that CPUs stand at or will come back to. */
  private liveAddresses(): bigint[] {
    const { kernel } = this.core;
    const started = kernel.machine.cpus.filter((cpu) => cpu.started);
    return started.flatMap((cpu) => kernel.unwind({ cpu: cpu.index }).map(({ address }) => address));
  }

  private install(site: Site): void {
    const { core } = this;
    const optimisation = site.optimisation;
    const symbol = site.children[0];
    const callback = core.kernel.findRaw('lab_optprobe_callback');
    if (optimisation === undefined || callback === undefined) return;
    const block = core.arena.takeBlock(DETOUR_OVERHEAD + 32, core.now);
    if (block === undefined) {
      this.drop(site, true, 'no memory for a detour');
      return;
    }
    const to = jump(site.address, block.address);
    const { instructions } = this.coveredBy(site);
    const code = detourCode({
      at: block.address,
      record: site.record.address,
      callback,
      site: site.address,
      instructions,
    });
    if (code === undefined || to === undefined) {
      core.arena.freeBlock(block, core.now);
      this.drop(site, true, 'the detour does not reach what the instructions address');
      return;
    }
    optimisation.block = block;
    optimisation.saved = originalText(core, site.address, JMP32_SIZE) ?? new Uint8Array(0);
    core.writeText(block.address, code);
    core.writeText(site.address, to);
    optimisation.state = 'jump';
    this.state.queued--;
    core.arena.nameDetour(block);
    if (symbol !== undefined)
      core.emitChild('optimised', symbol, `${placeName(symbol)} jumps to its detour now`);
  }
}
