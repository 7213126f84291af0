/**
 * What a shell remembers: variables, functions, options, jobs. Plain data, copied for a subshell.
 */
import type { Function as ShellFunction } from 'unbash';

/** Ends the command with a message: an unset variable under set -u, ${x:?}, a bad number, a read-only variable. */
export class ExpansionError extends Error {}

/** A background job. */
export interface Job {
  number: number;
  pid: number;
  command: string;
}

export interface ShellState {
  variables: Map<string, string>;
  exported: Set<string>;
  functions: Map<string, ShellFunction>;
  /** $0 and $1…; `parameters[0]` is $0. */
  parameters: string[];
  status: number;
  pid: number;
  lastBackground: number | undefined;
  jobs: Job[];
  /** Letters of set -e, -u, -x, -C, and 'pipefail'. */
  options: Set<string>;
  /** Names that readonly was said of. */
  readOnly: Set<string>;
  /** Commands of trap, by signal name; only EXIT runs. */
  traps: Map<string, string>;
  /** For each function that runs, what its local variables hide. */
  hidden: Map<string, string | undefined>[];
  /** Where getopts goes on in the current word. */
  optionAt: number;
  interactive: boolean;
}

/** A fresh shell; `environment` holds NAME=VALUE strings. */
export function newState(parameters: string[], environment: readonly string[]): ShellState {
  const pairs = environment.map((entry): [string, string] => {
    const equals = entry.indexOf('=');
    return [entry.slice(0, equals), entry.slice(equals + 1)];
  });
  return {
    variables: new Map(pairs),
    exported: new Set(pairs.map(([name]) => name)),
    functions: new Map(),
    parameters,
    status: 0,
    pid: 0,
    lastBackground: undefined,
    jobs: [],
    options: new Set(),
    readOnly: new Set(),
    traps: new Map(),
    hidden: [],
    optionAt: 1,
    interactive: false,
  };
}

/** The copy that a subshell works on. */
export function copyState(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Map(state.variables),
    exported: new Set(state.exported),
    functions: new Map(state.functions),
    parameters: [...state.parameters],
    jobs: [],
    options: new Set(state.options),
    readOnly: new Set(state.readOnly),
    traps: new Map(),
    hidden: [],
    interactive: false,
  };
}

/** The environment of a command: exported variables and those set in front of it. */
export function environmentOf(state: ShellState, extra: ReadonlyMap<string, string>): string[] {
  const names = new Set([...state.exported, ...extra.keys()]);
  return [...names].flatMap((name) => {
    const value = extra.get(name) ?? state.variables.get(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
}

/** Sets a variable. Throws ExpansionError when it must not be set. */
export function assignVariable(state: ShellState, name: string, value: string): void {
  if (state.readOnly.has(name)) throw new ExpansionError(`${name}: readonly variable`);
  state.variables.set(name, value);
}
