/** Completions in the debug console: members after `.` and `->`, registers after `$`, names of the frame, symbols. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { evaluate } from '../../emulator/inspect/expression/evaluate';
import { registerNames } from '../../emulator/inspect/registers';
import { type Member, plain, type RecordType } from '../../emulator/inspect/types';
import { commandNames } from '../../emulator/shell/commands';
import type { Context } from '../context';
import type { Handlers } from '../protocol/requests';
import type { ViewFrame } from '../target/frames';
import { namesIn } from '../target/guest-files';
import { frameOrTop } from '../variables/find';

type Names = 'completions';

const MOST = 100;
const SPECIAL = ['retval', 'cpu', 'pid', 'comm'];

export const completions: Handlers<Context, Names> = {
  completions: (context, args) => {
    const column = context.client.fromClientColumn(args.column) - 1;
    const line = args.text.split('\n')[(args.line ?? 1) - 1] ?? args.text;
    const before = line.slice(0, Math.max(0, column));
    const shell = shellCandidates(before, context);
    const prefix = shell?.prefix ?? /[A-Za-z_]?\w*$/.exec(before)?.[0] ?? '';
    const start = before.length - prefix.length;
    const inFrame =
      context.target?.stop && !shell?.only
        ? candidates(before.slice(0, start), prefix, frameOrTop(context, args.frameId), context)
        : [];
    const found = [
      ...(shell?.found ?? []),
      ...(shell || context.target?.stop ? [] : symbols(prefix, context)),
      ...inFrame,
    ];
    const targets = found.slice(0, MOST).map(
      ({ label, type, detail }): P.CompletionItem => ({
        label,
        type,
        ...(detail === undefined ? {} : { detail }),
        start: context.client.toClientColumn(start + 1) - (context.client.columnsStartAt1 ? 1 : 0),
        length: prefix.length,
      }),
    );
    return { targets };
  },
};

/** Where a command's name stands: at the start of the line, after `!`, and after what separates commands. */
const COMMAND = /(?:^|[|;&(]|^\s*!)\s*([\w.[-]*)$/;
const PATH = /(?:^|[\s=<>'"])((?:\/[^\s'"/]*)*\/)([^\s'"/]*)$/;

/** What the machine's shell would offer. `only`: it cannot be an expression. */
function shellCandidates(
  before: string,
  context: Context,
): { found: Candidate[]; prefix: string; only: boolean } | undefined {
  const { target } = context;
  if (!target || /^\s*(?:=|p\s)/.test(before)) return undefined;
  const only = !target.stop || /^\s*!/.test(before);
  const [, directory, name = ''] = PATH.exec(before) ?? [];
  const offered = (names: Iterable<string>, prefix: string, type: P.CompletionItemType) =>
    [...names]
      .filter((one) => one.startsWith(prefix))
      .sort()
      .map((label): Candidate => ({ label, type }));
  if (directory !== undefined) {
    return { found: offered(namesIn(target.lab.kernel, directory), name, 'file'), prefix: name, only: true };
  }
  const command = COMMAND.exec(before)?.[1];
  if (command === undefined || command === '') return only ? { found: [], prefix: '', only } : undefined;
  return { found: offered(commandNames(), command, 'function'), prefix: command, only };
}

interface Candidate {
  label: string;
  type: P.CompletionItemType;
  detail?: string;
}

function candidates(before: string, prefix: string, frame: ViewFrame, context: Context): Candidate[] {
  const matching = (all: Candidate[]) => all.filter(({ label }) => label.startsWith(prefix));
  if (before.endsWith('$')) {
    return matching([...SPECIAL, ...registerNames()].map((label) => ({ label, type: 'variable' })));
  }
  const holder = /([\w$.[\]>()*&-]+?)(?:\.|->)$/.exec(before)?.[1];
  if (holder !== undefined) return matching(members(holder, frame));
  const locals = frame.scope.locals().map(({ name }): Candidate => ({ label: name, type: 'variable' }));
  return [...matching([...locals, { label: 'current', type: 'variable' }]), ...symbols(prefix, context)];
}

function members(holder: string, frame: ViewFrame): Candidate[] {
  const result = evaluate(holder, frame.scope, { sideEffects: false });
  if (!('value' in result)) return [];
  const type = plain(result.value.type);
  const record = type.kind === 'pointer' ? plain(type.to) : type;
  if (record.kind !== 'struct' && record.kind !== 'union') return [];
  return memberNames(frame.scope.complete(record) ?? record).map((label) => ({ label, type: 'field' }));
}

/** Members, those of anonymous members included, as C reaches them. */
function memberNames(record: RecordType): string[] {
  return record.members.flatMap((member: Member) => {
    if (member.name !== undefined) return [member.name];
    const inner = plain(member.type);
    return inner.kind === 'struct' || inner.kind === 'union' ? memberNames(inner) : [];
  });
}

/** Kernel functions and variables; too many to offer before something is typed. */
function symbols(prefix: string, context: Context): Candidate[] {
  if (prefix.length < 2 || !context.target) return [];
  const found: Candidate[] = [];
  for (const { name, letter, module } of context.target.lab.kernel.symbols.entries()) {
    if (!name.startsWith(prefix)) continue;
    found.push({
      label: name,
      type: /[tTwW]/.test(letter) ? 'function' : 'variable',
      detail: module ?? 'kernel',
    });
    if (found.length >= MOST) break;
  }
  return found;
}
