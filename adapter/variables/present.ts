/** Rows and values as the protocol's variables: text, type, references for expansion, memory and declarations. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { countChildren } from '../../emulator/inspect/children';
import { formatValue } from '../../emulator/inspect/format';
import { typeName } from '../../emulator/inspect/type-name';
import { plain } from '../../emulator/inspect/types';
import { addressOf, hex, isFault, readScalar, type Value } from '../../emulator/inspect/value';
import type { Context } from '../context';
import type { ViewFrame } from '../target/frames';
import type { Target } from '../target/target';
import type { Row } from './rows';

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
  about: { name: string; holder?: string; path: string | undefined },
  frame: ViewFrame,
  context: Context,
  target: Target,
): Shown {
  const describer = target.inspector.describer(frame.cpu, frame.scope);
  const { name, path } = about;
  // A bare name is a variable of the function: its flags are read as that function's.
  const holder = about.holder ?? functionOf(frame);
  const { named, indexed } = countChildren(value, describer);
  const shown: Shown = {
    value: formatValue(value, describer, { name, holder, hex: context.hex }),
    type: typeName(value.type),
    variablesReference: 0,
  };
  if (named + indexed > 0) {
    shown.variablesReference = context.containers.add({ kind: 'value', frame, value, path, name, holder });
    if (indexed > PAGED) shown.indexedVariables = indexed;
  }
  const memory = memoryOf(value, frame);
  if (memory !== undefined) shown.memoryReference = hex(memory);
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

export function presentRow(row: Row, frame: ViewFrame, context: Context, target: Target): P.Variable {
  const { name, evaluateName, content } = row;
  const about = { name, holder: row.holder, path: evaluateName };
  const shown: Shown =
    'value' in content
      ? show(content.value, about, frame, context, target)
      : { value: content.text, type: content.type, variablesReference: 0 };
  const variable: P.Variable = { name, ...shown };
  if (evaluateName !== undefined) variable.evaluateName = evaluateName;
  if (row.memoryReference !== undefined) variable.memoryReference = row.memoryReference;
  if (row.declaration?.file) variable.declarationLocationReference = context.locations.add(row.declaration);
  if (!('value' in content) && evaluateName === undefined)
    variable.presentationHint = { attributes: ['readOnly'] };
  return variable;
}
