/** What this adapter says it can do. Only what it does: a capability that is claimed and missing breaks an editor. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';

const CONDITION = {
  supportsCondition: true,
  conditionDescription: 'C expression over the place of the fault, such as $comm == "cat" or $pid > 1',
};

export const exceptionFilters: P.ExceptionBreakpointsFilter[] = [
  {
    filter: 'oops',
    label: 'Oops and BUG',
    description: 'Stop where the kernel oopses: wild pointers, BUG(), faults inside a probe handler.',
    default: true,
    ...CONDITION,
  },
  {
    filter: 'warn',
    label: 'WARN',
    description: 'Stop at WARN() and WARN_ON().',
    default: false,
    ...CONDITION,
  },
  {
    filter: 'handlerFault',
    label: 'Fault inside a probe handler',
    description: 'Stop where a pre, post or return handler faults, and at no other oops.',
    default: false,
    ...CONDITION,
  },
  {
    filter: 'handlerSleep',
    label: 'Sleeping in a probe handler',
    description: 'Stop where a handler calls something that may sleep: handlers run in interrupt context.',
    default: false,
    ...CONDITION,
  },
  {
    filter: 'missed',
    label: 'Missed hit',
    description: 'Stop where a probe is passed over without its handlers (nmissed grows).',
    default: false,
    ...CONDITION,
  },
];

export const capabilities: P.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsInstructionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsBreakpointLocationsRequest: true,
  breakpointModes: [
    {
      mode: 'kprobe',
      label: 'Kprobe',
      description: 'Stops before the instruction, in a kprobe’s pre handler.',
      appliesTo: ['source', 'instruction'],
    },
    {
      mode: 'kprobePost',
      label: 'Kprobe, after the instruction',
      description: 'Stops after the instruction, in a kprobe’s post handler.',
      appliesTo: ['source', 'instruction'],
    },
    {
      mode: 'kretprobe',
      label: 'Kretprobe',
      description: 'Stops when the function returns, with the value it returns.',
      appliesTo: ['source', 'instruction'],
    },
    {
      mode: 'hardware',
      label: 'Hardware',
      description:
        'Stops anywhere and patches nothing: also in probe handlers and where kprobes are refused.',
      appliesTo: ['source', 'instruction'],
    },
  ],
  exceptionBreakpointFilters: exceptionFilters,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  supportsEvaluateForHovers: true,
  supportsValueFormattingOptions: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '>', '$', '/', ' '],
  supportsClipboardContext: true,
  supportsSteppingGranularity: true,
  supportsStepInTargetsRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsLoadedSourcesRequest: true,
  supportsModulesRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsStepBack: true,
  supportsRestartFrame: true,
  supportsGotoTargetsRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsCancelRequest: true,
  supportsANSIStyling: true,
};
