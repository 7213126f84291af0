/**
 * The debug console, watches and hovers.
 *
 * In the console a line is a shell line for the machine, or a C expression:
 *   - while the machine runs, every line goes to its shell;
 *   - while it stands, `= EXPR` and `p EXPR` are always expressions, `call EXPR` is one that may call functions of the
 *     guest, `! LINE` is always a shell line, `@ TEXT` goes to the moment of the last console line with that text, and any other
 *     line is an expression when it parses and its names are known in the frame, otherwise a shell line, which runs
 *     when the machine continues.
 * Only the console may change the guest; watches and hovers are evaluated without side effects.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { withCaret } from '../../emulator/inspect/expression/error';
import {
  aboutText,
  type EvaluationOptions,
  evaluate as evaluateExpression,
} from '../../emulator/inspect/expression/evaluate';
import { isText, readText } from '../../emulator/inspect/text';
import { isFault } from '../../emulator/inspect/value';
import type { Context } from '../context';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import { callGuest } from '../target/call';
import type { ViewFrame } from '../target/frames';
import { printing } from '../target/journeys';
import { frameOrTop } from '../variables/find';
import { type Shown, show } from '../variables/present';
import { lineOf } from './backwards';

type Names = 'evaluate';
type Answer = P.EvaluateResponse['body'];

/** How a console line is meant. */
type Meaning =
  | { kind: 'expression'; text: string; calls: boolean }
  | { kind: 'shell'; text: string }
  | { kind: 'moment'; text: string }
  | { kind: 'either'; text: string };

export function meaningOf(line: string): Meaning {
  const forced = /^\s*(=|p\s|call\s|!|@)\s*(.*)$/s.exec(line);
  if (!forced) return { kind: 'either', text: line };
  const text = forced[2] ?? '';
  if (forced[1] === '@') return { kind: 'moment', text };
  return forced[1] === '!'
    ? { kind: 'shell', text }
    : { kind: 'expression', text, calls: forced[1]?.startsWith('call') ?? false };
}

export const evaluate: Handlers<Context, Names> = {
  evaluate: (context, args) => {
    const hex = args.format?.hex ?? context.hex;
    if (args.context === 'repl') return console(context, args.expression, args.frameId, hex);
    const frame = frameOrTop(context, args.frameId);
    const how = { sideEffects: false, whole: args.context === 'clipboard', hex };
    return answer(expression(context, args.expression, frame, how));
  },
};

function console(context: Context, line: string, frameId: number | undefined, hex: boolean): Answer {
  const target = context.requireTarget();
  const meaning = meaningOf(line);
  if (meaning.text.trim() === '' && meaning.kind !== 'moment') return { result: '', variablesReference: 0 };
  if (meaning.kind === 'moment') return toMoment(context, meaning.text);
  if (meaning.kind === 'expression') {
    const call = meaning.calls ? caller(context) : undefined;
    const how = { sideEffects: true, whole: false, hex, call };
    const shown = answer(expression(context, meaning.text, frameOrTop(context, frameId), how));
    if (call) context.invalidate('variables');
    return shown;
  }
  if (!target.stop) {
    target.input(meaning.text);
    return { result: '', variablesReference: 0 };
  }
  if (meaning.kind === 'either') {
    const frame = frameOrTop(context, frameId);
    const result = evaluateExpression(meaning.text, frame.scope, { sideEffects: true });
    if ('value' in result) {
      const about = { ...aboutText(meaning.text, frame.scope), path: meaning.text };
      return answer(show(result.value, about, frame, context, target, hex));
    }
  }
  target.input(meaning.text);
  return {
    result: 'typed at the machine’s console; it runs when the machine continues',
    variablesReference: 0,
  };
}

/** How functions of the guest are called at the present stop. */
function caller(context: Context): EvaluationOptions['call'] {
  const { target, stop } = context.requireStop();
  return (address, given) =>
    target.lab.change('function called', () =>
      callGuest(target.inspector, target.executions, stop.position.cpu, address, given),
    );
}

/** Goes to where the last console line with that text was printed. */
function toMoment(context: Context, text: string): Answer {
  const { target } = context.requireStop();
  const record = lineOf(target, { text });
  if (!record) throw new RequestFailure('expression', `No line of the recorded run holds \`${text}\`.`);
  target.travel((traveller) => printing(traveller, record), context.watcher);
  return { result: '', variablesReference: 0 };
}

/** Evaluates and shows. For the clipboard text is given whole and bare. */
function expression(
  context: Context,
  text: string,
  frame: ViewFrame,
  { whole, hex, ...options }: EvaluationOptions & { whole: boolean; hex: boolean },
): Shown {
  const result = evaluateExpression(text, frame.scope, options);
  if ('failure' in result) throw new RequestFailure('expression', withCaret(text, result.failure));
  const about = { ...aboutText(text, frame.scope), path: text };
  const shown = show(result.value, about, frame, context, context.requireTarget(), hex);
  if (!whole || !isText(result.value.type)) return shown;
  const content = readText(result.value, frame.scope.memory);
  return isFault(content) ? shown : { ...shown, value: content };
}

function answer({ value, ...rest }: Shown): Answer {
  return { result: value, ...rest };
}
