/**
 * Failures of requests: a stable number and one sentence. Thrown by handlers, sent as an error response by session.ts.
 *
 * The numbers are part of the contract with clients and tests; a number is never given a second meaning.
 */

export const FailureId = {
  unknownRequest: 1000,
  badArguments: 1001,
  notLaunched: 1002,
  notStopped: 1003,
  staleReference: 1004,
  unknownThread: 1005,
  alreadyLaunched: 1006,
  internal: 1099,
  unknownAttribute: 2000,
  missingFile: 2001,
  compileFailed: 2002,
  bootFailed: 2003,
  moduleFailed: 2004,
  expression: 3000,
  cannotSet: 3001,
  noMemory: 3002,
  noSource: 3003,
  notSupported: 3004,
} as const;

export type FailureKind = keyof typeof FailureId;

/** A request that cannot be done. `showUser` asks the editor to show the sentence in a dialog. */
export class RequestFailure extends Error {
  constructor(
    readonly failure: FailureKind,
    message: string,
    readonly showUser = false,
  ) {
    super(message);
  }
}

export function notLaunched(): RequestFailure {
  return new RequestFailure('notLaunched', 'The machine is not running: send a launch request first.');
}

export function notStopped(): RequestFailure {
  return new RequestFailure('notStopped', 'The machine is running: this needs a stop. Pause it first.');
}

export function staleReference(what: string, id: number): RequestFailure {
  return new RequestFailure(
    'staleReference',
    `There is no ${what} ${id}: it belonged to an earlier stop, or never existed.`,
  );
}
