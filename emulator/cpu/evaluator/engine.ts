// The reference engine's loop: fetch (decoded instructions are kept per physical page), execute, deliver faults. Also
// the part of the fast engine that runs whatever is not translated.
import { type Decoded, decode, maximumLength } from '../../isa/decode';
import type { CodePage } from '../codepages';
import type { Core } from '../core';
import { Flag } from '../cpu';
import { GuestFault, generalProtection, undefinedOpcode } from '../fault';
import { ACTIVE, Field, PAGE, RAM_BASE } from '../layout';
import { lift } from '../lift/lift';
import { SPLIT } from '../memory';
import { deliver, deliverFault } from '../system/deliver';
import type { Environment } from '../system/environment';
import { procedureOf } from '../system/procedures';
import { EvaluatorCompiler } from './compile';
import { type Instruction, Outcome } from './instruction';

const RIP = (ACTIVE + Field.rip) >> 3;
const CPL = (ACTIVE + Field.cpl) >> 2;
const SYSTEM = (ACTIVE + Field.flagSystem) >> 2;
const SHADOW = (ACTIVE + Field.interruptShadow) >> 2;
const PASS = (ACTIVE + Field.passBreakpoint) >> 2;
const DR6 = (ACTIVE + Field.debugRegisters + 48) >> 3;
const SINGLE_STEP = 0x4000n;

/** Offers translated code for a jump target; see wasm/translator.ts. */
export interface Translations {
  /** True if there is code for the current rip for sure; a quick check. */
  cached(): boolean;
  /** True if code for this place exists now, so that the caller should leave the evaluator. */
  ready(page: CodePage, offset: number, address: bigint): boolean;
}

/** Fetches, decodes and executes instructions of the running CPU. */
export class Evaluator {
  /** Instructions retired, without the one in progress. The machine resets it. */
  retired = 0;
  /** Exceptions delivered; they use up budget too, so that fault loops end. The machine resets it. */
  delivered = 0;
  /** Set when `run` stopped before an instruction with a host breakpoint. The machine resets it. */
  atBreakpoint = false;
  readonly breakpoints = new Set<bigint>();
  translations: Translations | undefined;
  private readonly environment: Environment;
  private readonly core: Core;
  private readonly window = new Uint8Array(maximumLength + 1);
  /** Address of the instruction in progress. */
  private current = 0n;

  constructor(environment: Environment) {
    this.environment = environment;
    this.core = environment.core;
  }

  /**
   * Runs until `count` instructions and deliveries are done, attention is asked for, a breakpoint is reached, or
   * translated code takes over. Throws TripleFault only.
   */
  run(count: number): void {
    const limit = this.retired + this.delivered + count;
    const { core } = this;
    const { i32 } = core.memory;
    while (this.retired + this.delivered < limit && !core.attention) {
      let jumped = false;
      try {
        if (i32[SYSTEM] & Flag.trap || i32[SHADOW]) this.runOne();
        else jumped = this.runStraight(limit);
      } catch (error) {
        if (!(error instanceof GuestFault)) throw error;
        core.memory.u64[RIP] = this.current;
        i32[SHADOW] = 0;
        this.delivered++;
        deliverFault(core, error);
        jumped = true;
      }
      if (this.atBreakpoint) return;
      if (jumped && this.translations && this.handOver()) return;
    }
  }

  /** A jump has gone to rip: true if the translator has code for it, which this call may have made. */
  handOver(): boolean {
    const { core } = this;
    const { u64, i32 } = core.memory;
    if (i32[SYSTEM] & Flag.trap || i32[SHADOW]) return false;
    if (this.translations?.cached()) return true;
    const address = u64[RIP];
    let place: { page: CodePage; offset: number };
    try {
      this.current = address;
      place = this.locate(address);
    } catch (error) {
      if (error instanceof GuestFault) return false;
      throw error;
    }
    return this.translations?.ready(place.page, place.offset, address) ?? false;
  }

  /** One instruction with trap flag or interrupt shadow: #DB after it if TF was set before it. */
  private runOne(): void {
    const { core } = this;
    const { i32, u64 } = core.memory;
    const trap = (i32[SYSTEM] & Flag.trap) !== 0;
    const shadowed = i32[SHADOW];
    const address = u64[RIP];
    this.current = address;
    const { page, offset } = this.locate(address);
    const instruction = this.instructionAt(page, offset, address);
    if (instruction.breakpoint && !i32[PASS]) {
      this.atBreakpoint = true;
      return;
    }
    if (instruction.run() === Outcome.next) u64[RIP] = instruction.next;
    this.retired++;
    i32[PASS] = 0;
    if (shadowed) i32[SHADOW] = 0;
    // A software interrupt or system call has cleared TF and swallows the trap.
    if (
      trap &&
      (i32[SYSTEM] & Flag.trap || instruction.decoded?.op === 'popf' || instruction.decoded?.op === 'iret')
    ) {
      u64[DR6] |= SINGLE_STEP;
      this.current = u64[RIP];
      this.delivered++;
      deliver(core, 1, undefined, 'trap');
    }
    if (shadowed) core.cpu.noticeInterrupts();
  }

  /** Instructions from rip on until a jump (then true), the end of the page, or the limit. */
  private runStraight(limit: number): boolean {
    const { core } = this;
    const { u64, i32 } = core.memory;
    let address = u64[RIP];
    this.current = address;
    const place = this.locate(address);
    const { page } = place;
    let { offset } = place;
    for (;;) {
      let instruction = page.instructions[offset];
      if (instruction === undefined || instruction.tailPage >= 0)
        instruction = this.instructionAt(page, offset, address);
      if (instruction.breakpoint && !i32[PASS]) {
        u64[RIP] = address;
        this.atBreakpoint = true;
        return false;
      }
      const outcome = instruction.run();
      this.retired++;
      i32[PASS] = 0;
      if (outcome === Outcome.jumped) return true;
      address = instruction.next;
      this.current = address;
      offset += instruction.length;
      if (offset >= PAGE || core.attention || i32[SHADOW] || this.retired + this.delivered >= limit) {
        u64[RIP] = address;
        return false;
      }
    }
  }

  private locate(address: bigint): { page: CodePage; offset: number } {
    const { core } = this;
    const { memory } = core;
    memory.split(address);
    const low = memory.i32[SPLIT];
    const physical = core.translateFetch(low, memory.i32[SPLIT + 1], memory.i32[CPL] === 3);
    // Beyond RAM there is nothing but ones, which is no instruction.
    if (physical >= memory.ramBytes) throw undefinedOpcode();
    const page = core.code.page(physical >>> 12);
    const offset = physical & (PAGE - 1);
    const linear = address - BigInt(offset);
    if (page.linear !== linear) core.code.rebase(page, linear);
    return { page, offset };
  }

  /** The decoded instruction at a place; decodes it if need be. Throws the fetch's fault. */
  private instructionAt(page: CodePage, offset: number, address: bigint): Instruction {
    const known = page.instructions[offset];
    if (known && (known.tailPage < 0 || known.tailPage === this.tailPageOf(known))) return known;
    const instruction = this.fetch(page, offset, address);
    page.instructions[offset] = instruction;
    page.cover(offset, offset + instruction.length);
    return instruction;
  }

  private tailPageOf({ address, length }: Instruction): number {
    const { core } = this;
    core.memory.split(BigInt.asUintN(64, address + BigInt(length - 1)));
    return core.translateFetch(core.memory.i32[SPLIT], core.memory.i32[SPLIT + 1], core.cpu.cpl === 3) >>> 12;
  }

  private fetch(page: CodePage, offset: number, address: bigint): Instruction {
    const { core, window } = this;
    const { u8, ramBytes } = core.memory;
    const start = RAM_BASE + page.number * PAGE + offset;
    const first = Math.min(maximumLength, PAGE - offset);
    window.set(u8.subarray(start, start + first));
    let decoded = decode(window.subarray(0, first));
    let tailPage = -1;
    if (!decoded.ok && decoded.reason === 'truncated' && first < maximumLength) {
      core.memory.split(BigInt.asUintN(64, address + BigInt(first)));
      const physical = core.translateFetch(
        core.memory.i32[SPLIT],
        core.memory.i32[SPLIT + 1],
        core.cpu.cpl === 3,
      );
      if (physical >= ramBytes) throw undefinedOpcode();
      tailPage = physical >>> 12;
      const from = RAM_BASE + physical;
      window.set(u8.subarray(from, from + maximumLength - first), first);
      decoded = decode(window.subarray(0, maximumLength));
      const tail = core.code.page(tailPage);
      tail.tails.push({ page, offset });
      tail.cover(0, maximumLength - first);
    }
    const breakpoint = this.breakpoints.has(address);
    if (!decoded.ok) {
      const fault = decoded.reason === 'undefined' ? undefinedOpcode() : generalProtection();
      return {
        decoded: undefined,
        address,
        next: address,
        length: Math.max(1, decoded.length),
        tailPage,
        breakpoint,
        run: () => {
          throw fault;
        },
      };
    }
    return this.build(decoded, address, tailPage, breakpoint);
  }

  private build(decoded: Decoded, address: bigint, tailPage: number, breakpoint: boolean): Instruction {
    const next = BigInt.asUintN(64, address + BigInt(decoded.length));
    const procedure = procedureOf(decoded.op);
    const { environment } = this;
    const system = (): number => {
      procedure(environment, decoded, address);
      return Outcome.jumped;
    };
    const compiler = new EvaluatorCompiler(this.core, system, next, () => environment.clock);
    const run = compiler.sequence(lift(decoded, address));
    return { decoded, address, next, length: decoded.length, tailPage, breakpoint, run };
  }
}
