/** Requests of our own, for views that the protocol has none of. Their names begin with `kprobe/`. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { ProbeInfo } from '../../emulator/kprobes/types';
import type { Context } from '../context';
import type { Handlers } from '../protocol/requests';

type Names = 'kprobe/probes' | 'kprobe/toggleHex' | 'kprobe/input';

/** One probe of `kprobe/probes`. */
export interface ProbeRow {
  kind: ProbeInfo['kind'];
  owner: ProbeInfo['owner'];
  module: string | undefined;
  /** `name` or `name+0x12`. */
  symbol: string;
  address: string;
  hits: number;
  /** Hits without handlers, and returns without a free instance. */
  missed: number;
  disabled: boolean;
  path: string;
  why: string;
  /** What it missed, skipped and where it faulted, in sentences with counts. */
  reasons: { linux: string; sentence: string; count: number }[];
  source: P.Source | undefined;
  line: number | undefined;
}

const DISABLED = 2;

export const views: Handlers<Context, Names> = {
  'kprobe/probes': (context) => {
    const { target } = context;
    return { probes: target ? target.lab.kprobes.list().map((info) => probeRow(info, context)) : [] };
  },

  /** Integers in hexadecimal or decimal, everywhere. */
  'kprobe/toggleHex': (context) => {
    context.hex = !context.hex;
    if (context.target?.stop) context.invalidate('variables');
    return { hex: context.hex };
  },

  /** A line for the machine's shell, whether it stands or runs. */
  'kprobe/input': (context, args) => {
    context.requireTarget().input(args.line);
    return undefined;
  },
};

function probeRow(info: ProbeInfo, context: Context): ProbeRow {
  const place = context.target?.lab.kernel.placeAt(info.address);
  return {
    kind: info.kind,
    owner: info.owner,
    module: info.module,
    symbol: info.offset === 0 ? info.symbol : `${info.symbol}+0x${info.offset.toString(16)}`,
    address: `0x${info.address.toString(16)}`,
    hits: info.hits,
    missed: info.nmissed + info.nmissedReturn,
    disabled: (info.flags & DISABLED) !== 0,
    path: info.path.path,
    why: info.path.why,
    reasons: info.reasons.map(({ linux, sentence, count }) => ({ linux, sentence, count })),
    source: place && context.sources.toClient(place.file),
    line: place && context.client.toClientLine(place.line),
  };
}
