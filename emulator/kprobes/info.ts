/**
 * Describing probes for lists and views: the fields of the struct, the path in use, and why it is that path.
 */
import type { Core } from './core';
import { type Child, FLAG, type Site } from './state';
import type { ProbeInfo, ProbePath } from './types';

/** All registered probes, oldest first. */
export function describeAll(core: Core): ProbeInfo[] {
  return [...core.state.children.values()].map((child) => describe(core, child));
}

function describe(core: Core, child: Child): ProbeInfo {
  const site = core.state.sites.get(child.site);
  const isReturn = child.kind === 'kretprobe' && child.container !== undefined;
  return {
    kprobe: child.kprobe,
    kretprobe: isReturn ? child.container : undefined,
    kind: child.kind,
    owner: child.owner,
    module: child.owner === 'module' ? core.kernel.imageAt(child.kprobe)?.name : undefined,
    hostId: child.hostId,
    address: child.site,
    symbol: child.symbol,
    offset: child.offset,
    flags: core.structs.flags(child.kprobe),
    nmissed: Number(core.structs.get(child.kprobe, 'nmissed')),
    nmissedReturn: isReturn ? Number(core.structs.getReturn(child.container ?? 0n, 'nmissed')) : 0,
    maxactive: child.pool?.maxactive,
    ...core.records.counts(child),
    opcode: site?.bytes[0] ?? 0,
    currentByte: core.kernel.guest.peek(child.site, 1)?.[0] ?? 0,
    path: pathOf(core, child, site),
    reasons: core.reasons.of(child, site),
  };
}

function pathOf(core: Core, child: Child, site: Site | undefined): ProbePath {
  if (site === undefined || (core.structs.flags(child.kprobe) & FLAG.gone) !== 0) {
    return { path: 'gone', why: 'the probed code was unloaded' };
  }
  if (!site.armed) {
    return {
      path: 'disarmed',
      why: core.state.armedAll ? 'every probe here is disabled' : 'all kprobes are switched off',
    };
  }
  if (site.ftrace) return { path: 'ftrace', why: "the address is the function's ftrace nop" };
  if (site.optimisation?.state === 'jump')
    return { path: 'optimised', why: 'a jump to a detour replaced the int3' };
  const waiting =
    site.optimisation === undefined
      ? `not optimised: ${site.notOptimised ?? 'not considered yet'}`
      : 'queued for optimisation';
  if (site.emulation !== undefined) {
    return { path: 'emulated', why: `the instruction changes ip or the interrupt flag; ${waiting}` };
  }
  const post = site.children.some((each) => core.hasPost(each));
  if (site.boostSlot !== 0n && !post) {
    return { path: 'boosted', why: `the copy ends in a jump back, no second trap is needed; ${waiting}` };
  }
  const unboosted = site.notBoosted ?? 'a post handler must run behind the instruction';
  return { path: 'int3', why: `stepped out of line (not boosted: ${unboosted}; ${waiting})` };
}
