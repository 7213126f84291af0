/**
 * A command that failed for a reason the user can act on: a message and an exit code, no stack trace.
 */
export class Failure extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}
