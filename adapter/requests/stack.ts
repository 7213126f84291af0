/** Threads, stack frames and scopes of a stop. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { formatValue } from '../../emulator/inspect/format';
import { typeName } from '../../emulator/inspect/type-name';
import type { TaskInfo } from '../../emulator/kernel/types';
import type { Context } from '../context';
import type { Handlers } from '../protocol/requests';
import type { ViewFrame } from '../target/frames';
import { threadIdOf } from '../target/target';
import type { ScopeKind } from '../variables/container';
import { hasStatics } from '../variables/rows';

type Names = 'threads' | 'stackTrace' | 'scopes';

const STATES: Readonly<Record<string, string>> = {
  S: 'sleeping',
  D: 'uninterruptible',
  T: 'stopped',
  t: 'traced',
  Z: 'zombie',
  X: 'dead',
  I: 'idle',
};

function threadName(task: TaskInfo): string {
  const where = task.cpu === undefined ? STATES[task.state] : `CPU ${task.cpu}`;
  return `${task.comm} (${task.pid})${where === undefined ? '' : `, ${where}`}`;
}

export const stack: Handlers<Context, Names> = {
  /** Before launch there is one thread already, because editors cannot pause a session without threads. */
  threads: (context) => {
    if (!context.target) return { threads: [{ id: 1, name: 'the machine is not running' }] };
    return {
      threads: context.target.tasks().map((task) => ({ id: threadIdOf(task), name: threadName(task) })),
    };
  },

  stackTrace: (context, args) => {
    const frames = context.stack(args.threadId);
    const start = args.startFrame ?? 0;
    const count = args.levels ? args.levels : frames.length;
    return {
      stackFrames: frames.slice(start, start + count).map((frame) => present(frame, context, args.format)),
      totalFrames: frames.length,
    };
  },

  scopes: (context, args) => {
    const frame = context.frame(args.frameId);
    if (frame.label) return { scopes: [] };
    const stop = context.requireStop().stop;
    const locals = frame.scope.locals();
    const scopes: P.Scope[] = [];
    const add = (kind: ScopeKind, name: string, more: Partial<P.Scope> = {}) => {
      const variablesReference = context.containers.add({ kind, frame });
      scopes.push({ name, variablesReference, expensive: false, ...more });
    };
    if (frame.scope.returnValue()) add('returnValue', 'Return value', { presentationHint: 'returnValue' });
    if (locals.some((one) => one.parameter)) {
      const name = frame.returning ? 'Arguments at entry' : 'Arguments';
      add('arguments', name, { presentationHint: 'arguments' });
    }
    if (locals.some((one) => !one.parameter)) add('locals', 'Locals', { presentationHint: 'locals' });
    if (frame.top && stop.hit) add('probe', 'Probe');
    if (frame.registers) add('registers', 'Registers (pt_regs)', { presentationHint: 'registers' });
    if (hasStatics(frame)) add('statics', 'Statics of the file', { expensive: true });
    add('perCpu', 'Per-CPU', { expensive: true });

    return { scopes };
  },
};

/** The frame's name with what the client's format asks for: `vmlinux!do_sys_open(dfd = -100) line 12`. */
function frameName(frame: ViewFrame, context: Context, format: P.StackFrameFormat | undefined): string {
  if (!format) return frame.name;
  const module = format.module && frame.module !== undefined ? `${frame.module}!` : '';
  const line = format.line && frame.source ? ` line ${frame.source.line}` : '';
  if (!format.parameters) return `${module}${frame.name}${line}`;
  const describer = context.requireTarget().inspector.describer(frame.cpu, frame.scope);
  const parameters = frame.scope.locals().filter((one) => one.parameter);
  const texts = parameters.map(({ name, value }) => {
    const type = format.parameterTypes ? typeName(value.type, format.parameterNames ? name : '') : '';
    const label = type !== '' ? type : format.parameterNames ? name : '';
    if (!format.parameterValues) return label;
    const text = formatValue(value, describer, { name, hex: format.hex ?? context.hex });
    return label === '' ? text : `${label} = ${text}`;
  });
  return `${module}${frame.name}(${texts.join(', ')})${line}`;
}

function present(frame: ViewFrame, context: Context, format?: P.StackFrameFormat): P.StackFrame {
  const { client } = context;
  if (frame.label) return { id: frame.id, name: frame.name, line: 0, column: 0, presentationHint: 'label' };
  const name = frameName(frame, context, format);
  const shown: P.StackFrame = { id: frame.id, name, line: 0, column: 0 };
  if (frame.source) {
    shown.source = context.sources.toClient(frame.source.file);
    shown.line = client.toClientLine(frame.source.line);
    shown.column = client.toClientColumn(Math.max(1, frame.source.column));
  }
  shown.instructionPointerReference = `0x${frame.address.toString(16)}`;
  if (frame.module !== undefined) shown.moduleId = frame.module;
  if (frame.subtle) shown.presentationHint = 'subtle';
  return shown;
}
