/** Rows and values as the protocol's variables: text, type, references for expansion, memory and declarations. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { countChildren } from '../../emulator/inspect/children';
import { formatValue } from '../../emulator/inspect/format';
import { typeName } from '../../emulator/inspect/type-name';
import { plain } from '../../emulator/inspect/types';
import { addressOf, hex as hexText, isFault, readScalar, type Value } from '../../emulator/inspect/value';
import type { Context } from '../context';
import type { ViewFrame } from '../target/frames';
import type { Target } from '../target/target';
import type { Row } from './container';

/** The parts that variables, evaluate and setVariable answers share. */
export interface Shown {
  value: string;
  type: string | undefined;
  variablesReference: number;
  namedVariables?: number;
  indexedVariables?: number;
  memoryReference?: string;
  valueLocationReference?: number;
}

/** Arrays with more elements than this are fetched in pages. */
const PAGED = 100;

export function show(
  value: Value,
  given: { name: string; holder?: string | undefined; path: string | undefined },
  frame: ViewFrame,
  context: Context,
  target: Target,
  hex = context.hex,
): Shown {
  const describer = target.inspector.describer(frame.cpu, frame.scope);
  const { name, path } = given;
  // A bare name is a variable of the function: its flags are read as that function's.
  const about = { name, holder: given.holder ?? functionOf(frame) };
  const { named, indexed } = countChildren(value, about, describer);
  const shown: Shown = {
    value: formatValue(value, describer, { ...about, hex: hex }),
    type: typeName(value.type),
    variablesReference: 0,
  };
  if (named + indexed > 0) {
    shown.variablesReference = context.containers.add({ kind: 'value', frame, value, path, about });
    if (indexed > PAGED) {
      shown.indexedVariables = indexed;
      if (named > 0) shown.namedVariables = named;
    }
  }
  const memory = memoryOf(value, frame);
  if (memory !== undefined) shown.memoryReference = hexText(memory);
  const place = codePlace(value, frame, target);
  if (place) shown.valueLocationReference = context.locations.add(place);
  return shown;
}

/** Name of the (inlined) function that a frame shows. */
export function functionOf(frame: ViewFrame): string | undefined {
  const { code } = frame.scope.context;
  return code && (code.within.inlines[code.inlineSite]?.callee ?? code.within.name);
}

/** For pointers what they point to, for other values in memory their own address. */
function memoryOf(value: Value, frame: ViewFrame): bigint | undefined {
  if (plain(value.type).kind !== 'pointer') return addressOf(value);
  const address = readScalar(value, frame.scope.memory);
  return isFault(address) || address === 0n ? undefined : address;
}

/** A pointer to a function leads to its definition. */
function codePlace(value: Value, frame: ViewFrame, target: Target) {
  const type = plain(value.type);
  if (type.kind !== 'pointer' || plain(type.to).kind !== 'function') return undefined;
  const address = readScalar(value, frame.scope.memory);
  return isFault(address) ? undefined : target.lab.kernel.placeAt(address);
}

export function presentRow(
  row: Row,
  frame: ViewFrame,
  context: Context,
  target: Target,
  hex = context.hex,
): P.Variable {
  const { name, evaluateName, content } = row;
  const variable: P.Variable = { name, ...contentOf(row, frame, context, target, hex) };
  if (evaluateName !== undefined) variable.evaluateName = evaluateName;
  if (row.memoryReference !== undefined) variable.memoryReference = row.memoryReference;
  if (row.declaration?.file) variable.declarationLocationReference = context.locations.add(row.declaration);
  if (!('value' in content) && evaluateName === undefined)
    variable.presentationHint = { attributes: ['readOnly'] };
  return variable;
}

function contentOf(row: Row, frame: ViewFrame, context: Context, target: Target, hex: boolean): Shown {
  const { content } = row;
  if ('value' in content) {
    const given = { name: row.known ?? row.name, holder: row.holder, path: row.evaluateName };
    return show(content.value, given, frame, context, target, hex);
  }
  const variablesReference =
    'rows' in content ? context.containers.add({ kind: 'rows', frame, rows: content.rows }) : 0;
  const type = 'type' in content ? content.type : undefined;
  return { value: content.text, type, variablesReference };
}
