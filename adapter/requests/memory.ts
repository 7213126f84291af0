/** Raw guest memory, read and written as the stopped (or first) CPU sees it. */

import { fromBase64, toBase64 } from '../base64';
import type { Context } from '../context';
import { parseMemoryReference } from '../memory-reference';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';

type Names = 'readMemory' | 'writeMemory';

/** One answer holds at most this much; a client pages. */
const MOST = 1 << 20;
const PAGE = 4096n;

function addressOf(reference: string, offset: number | undefined): bigint {
  const base = parseMemoryReference(reference);
  if (base === undefined) throw new RequestFailure('noMemory', `\`${reference}\` is not a memory reference.`);
  return BigInt.asUintN(64, base + BigInt(offset ?? 0));
}

export const memory: Handlers<Context, Names> = {
  /** What is mapped from the address on; the first unmapped page ends the data. */
  readMemory: (context, args) => {
    const target = context.requireTarget();
    const address = addressOf(args.memoryReference, args.offset);
    const guest = target.inspector.memory(target.stop?.position.cpu ?? 0);
    const wanted = Math.min(args.count, MOST);
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < wanted) {
      const at = address + BigInt(length);
      const chunk = Math.min(wanted - length, Number(PAGE - (at & (PAGE - 1n))));
      const bytes = guest.read(at, chunk);
      if (!bytes) break;
      parts.push(bytes);
      length += chunk;
    }
    return {
      address: `0x${address.toString(16)}`,
      data: toBase64(parts, length),
      ...(length < args.count ? { unreadableBytes: args.count - length } : {}),
    };
  },

  writeMemory: (context, args) => {
    const target = context.requireTarget();
    const address = addressOf(args.memoryReference, args.offset);
    const bytes = fromBase64(args.data);
    if (!bytes) throw new RequestFailure('badArguments', 'writeMemory: `data` must be base64.');
    const guest = target.inspector.memory(target.stop?.position.cpu ?? 0);
    if (!guest.write(address, bytes)) {
      throw new RequestFailure('noMemory', `Memory at 0x${address.toString(16)} is not mapped.`);
    }
    if (context.client.memoryEvent) {
      context.event('memory', {
        memoryReference: args.memoryReference,
        offset: args.offset ?? 0,
        count: bytes.length,
      });
    }
    if (target.stop) context.invalidate('variables', 'stacks');
    return { bytesWritten: bytes.length };
  },
};
