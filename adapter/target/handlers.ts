/**
 * Functions that modules' probes use as handlers, from the struct kprobes and kretprobes in guest memory.
 *
 * A kprobe inside a handler is never seen: the CPU is in a probe already, and the hit counts as a miss. So a breakpoint
 * there is a hardware breakpoint instead. Functions that handlers call are not followed: missing those is told.
 */
import { isFault, readScalar } from '../../emulator/inspect/value';
import type { Inspector } from './inspector';

const KPROBE_HANDLERS = ['pre_handler', 'post_handler', 'fault_handler'];
const KRETPROBE_HANDLERS = ['handler', 'entry_handler'];

/** First addresses of all functions that are handlers of a module's probe now. */
export function handlerFunctions(inspector: Inspector): Set<bigint> {
  const found = new Set<bigint>();
  for (const info of inspector.lab.kprobes.list()) {
    if (info.owner !== 'module') continue;
    const structs: [string, bigint, readonly string[]][] = [['kprobe', info.kprobe, KPROBE_HANDLERS]];
    if (info.kretprobe !== undefined) structs.push(['kretprobe', info.kretprobe, KRETPROBE_HANDLERS]);
    for (const [struct, address, members] of structs) {
      for (const member of members) {
        const handler = memberNumber(inspector, struct, address, member);
        if (handler !== undefined && handler !== 0n) found.add(handler);
      }
    }
  }
  return found;
}

function memberNumber(
  inspector: Inspector,
  struct: string,
  address: bigint,
  member: string,
): bigint | undefined {
  const value = inspector.member(struct, address, member);
  const number = value && readScalar(value, inspector.memory(0));
  return number === undefined || isFault(number) ? undefined : number;
}
