/**
 * Every request that this adapter answers: the protocol's types for arguments and body, and the shape that arguments
 * must have. session.ts dispatches by this table; a handler without a row here, or a row without a handler, does not
 * compile.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { ProbeRow } from '../requests/views';
import {
  boolean,
  integer,
  list,
  natural,
  nothing,
  object,
  oneOf,
  optional,
  type Shape,
  string,
} from './shape';

/** Arguments and answer of each request. */
export interface RequestTypes {
  initialize: { arguments: P.InitializeRequestArguments; body: P.Capabilities };
  launch: { arguments: P.LaunchRequestArguments; body: undefined };
  attach: { arguments: P.AttachRequestArguments; body: undefined };
  configurationDone: { arguments: P.ConfigurationDoneArguments; body: undefined };
  restart: { arguments: P.RestartArguments; body: undefined };
  terminate: { arguments: P.TerminateArguments; body: undefined };
  disconnect: { arguments: P.DisconnectArguments; body: undefined };
  cancel: { arguments: P.CancelArguments; body: undefined };
  setBreakpoints: { arguments: P.SetBreakpointsArguments; body: P.SetBreakpointsResponse['body'] };
  setFunctionBreakpoints: {
    arguments: P.SetFunctionBreakpointsArguments;
    body: P.SetFunctionBreakpointsResponse['body'];
  };
  setInstructionBreakpoints: {
    arguments: P.SetInstructionBreakpointsArguments;
    body: P.SetInstructionBreakpointsResponse['body'];
  };
  setExceptionBreakpoints: {
    arguments: P.SetExceptionBreakpointsArguments;
    body: NonNullable<P.SetExceptionBreakpointsResponse['body']>;
  };
  dataBreakpointInfo: {
    arguments: P.DataBreakpointInfoArguments;
    body: P.DataBreakpointInfoResponse['body'];
  };
  setDataBreakpoints: {
    arguments: P.SetDataBreakpointsArguments;
    body: P.SetDataBreakpointsResponse['body'];
  };
  breakpointLocations: {
    arguments: P.BreakpointLocationsArguments;
    body: P.BreakpointLocationsResponse['body'];
  };
  threads: { arguments: undefined; body: P.ThreadsResponse['body'] };
  stackTrace: { arguments: P.StackTraceArguments; body: P.StackTraceResponse['body'] };
  scopes: { arguments: P.ScopesArguments; body: P.ScopesResponse['body'] };
  variables: { arguments: P.VariablesArguments; body: P.VariablesResponse['body'] };
  setVariable: { arguments: P.SetVariableArguments; body: P.SetVariableResponse['body'] };
  setExpression: { arguments: P.SetExpressionArguments; body: P.SetExpressionResponse['body'] };
  evaluate: { arguments: P.EvaluateArguments; body: P.EvaluateResponse['body'] };
  completions: { arguments: P.CompletionsArguments; body: P.CompletionsResponse['body'] };
  continue: { arguments: P.ContinueArguments; body: P.ContinueResponse['body'] };
  pause: { arguments: P.PauseArguments; body: undefined };
  next: { arguments: P.NextArguments; body: undefined };
  stepIn: { arguments: P.StepInArguments; body: undefined };
  stepOut: { arguments: P.StepOutArguments; body: undefined };
  stepInTargets: { arguments: P.StepInTargetsArguments; body: P.StepInTargetsResponse['body'] };
  stepBack: { arguments: P.StepBackArguments; body: undefined };
  reverseContinue: { arguments: P.ReverseContinueArguments; body: undefined };
  restartFrame: { arguments: P.RestartFrameArguments; body: undefined };
  gotoTargets: { arguments: P.GotoTargetsArguments; body: P.GotoTargetsResponse['body'] };
  goto: { arguments: P.GotoArguments; body: undefined };
  source: { arguments: P.SourceArguments; body: P.SourceResponse['body'] };
  loadedSources: { arguments: P.LoadedSourcesArguments; body: P.LoadedSourcesResponse['body'] };
  modules: { arguments: P.ModulesArguments; body: P.ModulesResponse['body'] };
  disassemble: { arguments: P.DisassembleArguments; body: NonNullable<P.DisassembleResponse['body']> };
  readMemory: { arguments: P.ReadMemoryArguments; body: NonNullable<P.ReadMemoryResponse['body']> };
  writeMemory: { arguments: P.WriteMemoryArguments; body: NonNullable<P.WriteMemoryResponse['body']> };
  exceptionInfo: { arguments: P.ExceptionInfoArguments; body: P.ExceptionInfoResponse['body'] };
  locations: { arguments: P.LocationsArguments; body: NonNullable<P.LocationsResponse['body']> };
  'kprobe/probes': { arguments: undefined; body: { probes: ProbeRow[] } };
  'kprobe/toggleHex': { arguments: undefined; body: { hex: boolean } };
  /** Back to the line of the caller that called the function. */
  'kprobe/stepBackOut': { arguments: P.StepBackArguments; body: undefined };
  /** To the statement that printed a line of the kernel's log: by its number, or the last one that holds a text. */
  'kprobe/goToLine': { arguments: { seq?: number; text?: string }; body: undefined };
  'kprobe/input': { arguments: { line: string }; body: undefined };
}

export type RequestName = keyof RequestTypes;

const source = object({ path: optional(string), sourceReference: optional(natural), name: optional(string) });
const format = optional(object({ hex: optional(boolean) }));
const conditions = { condition: optional(string), hitCondition: optional(string), mode: optional(string) };
const granularity = optional(oneOf('statement', 'line', 'instruction'));
const stepping = object({ threadId: integer, granularity });
const onThread = object({ threadId: integer });

/** What the arguments of each request must look like. */
export const requestShapes: Readonly<Record<RequestName, Shape>> = {
  initialize: object({
    adapterID: optional(string),
    linesStartAt1: optional(boolean),
    columnsStartAt1: optional(boolean),
    pathFormat: optional(string),
    supportsVariableType: optional(boolean),
    supportsANSIStyling: optional(boolean),
  }),
  launch: object({}),
  attach: object({}),
  configurationDone: nothing,
  restart: nothing,
  terminate: nothing,
  disconnect: optional(object({ restart: optional(boolean), terminateDebuggee: optional(boolean) })),
  cancel: nothing,
  setBreakpoints: object({
    source,
    breakpoints: optional(
      list(object({ line: integer, column: optional(integer), logMessage: optional(string), ...conditions })),
    ),
  }),
  setFunctionBreakpoints: object({ breakpoints: list(object({ name: string, ...conditions })) }),
  setInstructionBreakpoints: object({
    breakpoints: list(object({ instructionReference: string, offset: optional(integer), ...conditions })),
  }),
  setExceptionBreakpoints: object({
    filters: optional(list(string)),
    filterOptions: optional(
      list(object({ filterId: string, condition: optional(string), mode: optional(string) })),
    ),
  }),
  dataBreakpointInfo: object({
    name: string,
    variablesReference: optional(natural),
    frameId: optional(natural),
    bytes: optional(natural),
    asAddress: optional(boolean),
  }),
  setDataBreakpoints: object({
    breakpoints: list(
      object({
        dataId: string,
        accessType: optional(oneOf('read', 'write', 'readWrite')),
        condition: optional(string),
        hitCondition: optional(string),
      }),
    ),
  }),
  breakpointLocations: object({
    source,
    line: integer,
    column: optional(integer),
    endLine: optional(integer),
    endColumn: optional(integer),
  }),
  threads: nothing,
  stackTrace: object({ threadId: integer, startFrame: optional(natural), levels: optional(natural), format }),
  scopes: object({ frameId: natural }),
  variables: object({
    variablesReference: natural,
    filter: optional(oneOf('indexed', 'named')),
    start: optional(natural),
    count: optional(natural),
    format,
  }),
  setVariable: object({ variablesReference: natural, name: string, value: string, format }),
  setExpression: object({ expression: string, value: string, frameId: optional(natural), format }),
  evaluate: object({ expression: string, frameId: optional(natural), context: optional(string), format }),
  completions: object({ text: string, column: natural, line: optional(natural), frameId: optional(natural) }),
  continue: onThread,
  pause: onThread,
  next: stepping,
  stepIn: object({ threadId: integer, granularity, targetId: optional(natural) }),
  stepOut: stepping,
  stepInTargets: object({ frameId: natural }),
  stepBack: stepping,
  reverseContinue: onThread,
  restartFrame: object({ frameId: natural }),
  gotoTargets: object({ source, line: integer, column: optional(integer) }),
  goto: object({ threadId: integer, targetId: integer }),
  source: object({ source: optional(source), sourceReference: natural }),
  loadedSources: nothing,
  modules: object({ startModule: optional(natural), moduleCount: optional(natural) }),
  disassemble: object({
    memoryReference: string,
    offset: optional(integer),
    instructionOffset: optional(integer),
    instructionCount: natural,
    resolveSymbols: optional(boolean),
  }),
  readMemory: object({ memoryReference: string, offset: optional(integer), count: natural }),
  writeMemory: object({
    memoryReference: string,
    offset: optional(integer),
    data: string,
    allowPartial: optional(boolean),
  }),
  exceptionInfo: onThread,
  locations: object({ locationReference: natural }),
  'kprobe/probes': nothing,
  'kprobe/toggleHex': nothing,
  'kprobe/stepBackOut': stepping,
  'kprobe/goToLine': object({ seq: optional(natural), text: optional(string) }),
  'kprobe/input': object({ line: string }),
};

/** Answers one request. A thrown RequestFailure becomes an error response. */
export type Handler<Context, Name extends RequestName> = (
  context: Context,
  args: RequestTypes[Name]['arguments'],
) => RequestTypes[Name]['body'] | Promise<RequestTypes[Name]['body']>;

/** A file under requests/ exports some of these. */
export type Handlers<Context, Names extends RequestName> = { [Name in Names]: Handler<Context, Name> };

export function isRequestName(command: string): command is RequestName {
  return Object.hasOwn(requestShapes, command);
}
