/** Finds values: a row of a container by its name, an expression in a frame. Failures are the request's. */
import { ALL } from '../../emulator/inspect/children';
import { withCaret } from '../../emulator/inspect/expression/error';
import { evaluate } from '../../emulator/inspect/expression/evaluate';
import { registerValue } from '../../emulator/inspect/registers';
import type { Value } from '../../emulator/inspect/value';
import type { Context } from '../context';
import { RequestFailure, staleReference } from '../protocol/failure';
import type { ViewFrame } from '../target/frames';
import type { Container } from './container';
import { rowsOf } from './rows';

export function containerOf(context: Context, reference: number): Container {
  context.requireStop();
  const container = context.containers.get(reference);
  if (!container) throw staleReference('variables reference', reference);
  return container;
}

/** The value of a row. Registers are values too, though they are shown as text. */
export function valueInContainer(context: Context, reference: number, name: string): Value {
  const container = containerOf(context, reference);
  const { frame } = container;
  if (container.kind === 'registers' && frame.registers) {
    const register = registerValue(frame.registers, name);
    if (register) return register;
  }
  const row = rowsOf(container, context.requireTarget(), ALL).find((one) => one.name === name);
  if (!row) throw new RequestFailure('staleReference', `There is no \`${name}\` here.`);
  if (!('value' in row.content)) throw new RequestFailure('cannotSet', `\`${name}\` is not a C value.`);
  return row.content.value;
}

/** The frame that is meant, or the innermost one of the stopped task. */
export function frameOrTop(context: Context, frameId: number | undefined): ViewFrame {
  context.requireStop();
  const frame = frameId === undefined || frameId === 0 ? context.topFrame() : context.frame(frameId);
  if (!frame) throw new RequestFailure('staleReference', 'No frame of this task is known.');
  if (frame.label) throw new RequestFailure('expression', 'A label has no variables: choose a frame.');
  return frame;
}

export function valueOfExpression(
  context: Context,
  text: string,
  frameId: number | undefined,
  sideEffects = false,
): Value {
  const frame = frameOrTop(context, frameId);
  const result = evaluate(text, frame.scope, { sideEffects });
  if ('value' in result) return result.value;
  throw new RequestFailure('expression', withCaret(text, result.failure));
}
