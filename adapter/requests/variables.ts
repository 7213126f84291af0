/** Variables, and setting them. */

import { withCaret } from '../../emulator/inspect/expression/error';
import { evaluate } from '../../emulator/inspect/expression/evaluate';
import { sizeOf } from '../../emulator/inspect/types';
import {
  addressOf,
  hex as hexText,
  isFault,
  readScalar,
  type Value,
  writeScalar,
} from '../../emulator/inspect/value';
import type { Context } from '../context';
import { RequestFailure } from '../protocol/failure';
import type { Handlers } from '../protocol/requests';
import type { ViewFrame } from '../target/frames';
import { containerOf, frameOrTop, valueInContainer, valueOfExpression } from '../variables/find';
import { presentRow, type Shown, show } from '../variables/present';
import { rowsOf } from '../variables/rows';

type Names = 'variables' | 'setVariable' | 'setExpression' | 'locations';

export const variables: Handlers<Context, Names> = {
  variables: (context, args) => {
    const container = containerOf(context, args.variablesReference);
    const target = context.requireTarget();
    const count = args.count ? args.count : Number.POSITIVE_INFINITY;
    const page = { filter: args.filter, start: args.start ?? 0, count };
    const rows = rowsOf(container, target, page);
    const hex = args.format?.hex ?? context.hex;
    return { variables: rows.map((row) => presentRow(row, container.frame, context, target, hex)) };
  },

  setVariable: (context, args) => {
    const container = containerOf(context, args.variablesReference);
    const value = valueInContainer(context, args.variablesReference, args.name);
    const hex = args.format?.hex ?? context.hex;
    return assign(context, value, args.value, { frame: container.frame, name: args.name, hex });
  },

  setExpression: (context, args) => {
    const frame = frameOrTop(context, args.frameId);
    const value = valueOfExpression(context, args.expression, args.frameId);
    const hex = args.format?.hex ?? context.hex;
    return assign(context, value, args.value, { frame, name: args.expression, hex });
  },

  locations: (context, args) => {
    const place = context.locations.get(args.locationReference);
    if (!place)
      throw new RequestFailure('staleReference', `There is no location ${args.locationReference} any more.`);
    return {
      source: context.sources.toClient(place.file),
      line: context.client.toClientLine(place.line),
      column: context.client.toClientColumn(place.column),
    };
  },
};

/** Stores the value of an expression, evaluated in the same frame, and shows what is there then. */
function assign(
  context: Context,
  place: Value,
  text: string,
  { frame, name, hex }: { frame: ViewFrame; name: string; hex: boolean },
): Shown {
  const result = evaluate(text, frame.scope, { sideEffects: false });
  if ('failure' in result) throw new RequestFailure('expression', withCaret(text, result.failure));
  const number = readScalar(result.value, frame.scope.memory);
  if (isFault(number)) throw new RequestFailure('cannotSet', `Cannot set ${name}: ${number.fault}.`);
  const fault = writeScalar(place, number, frame.scope.memory);
  if (fault) throw new RequestFailure('cannotSet', `Cannot set ${name}: ${fault.fault}.`);
  const shown = show(place, { name, path: name }, frame, context, context.requireTarget(), hex);
  const address = addressOf(place);
  if (address !== undefined && context.client.memoryEvent) {
    const count = sizeOf(place.type) ?? 8;
    context.event('memory', { memoryReference: hexText(address), offset: 0, count });
  }
  return shown;
}
