/**
 * What a shell remembers: variables, functions, options, jobs. Plain data, copied for a subshell.
 */
import type { Function as ShellFunction } from 'unbash';

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
  /** set -e, -u, -x. */
  options: Set<string>;
  /** The text that positions in functions and commands refer to. */
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
