/** Errors of expressions: one sentence and the place in the text that it is about, shown with a caret. */

/** Thrown inside this directory only; `evaluate` and `parse` turn it into an ExpressionFailure. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly length = 1,
  ) {
    super(message);
  }
}

/** What a caller gets: never thrown. `at` and `length` are UTF-16 offsets into the text that was given. */
export interface ExpressionFailure {
  message: string;
  at: number;
  length: number;
}

/** The message, the text, and a caret under the place: three lines, as a compiler shows it. */
export function withCaret(text: string, failure: ExpressionFailure): string {
  const at = Math.min(failure.at, text.length);
  const length = Math.max(1, Math.min(failure.length, text.length - at));
  return `${failure.message}\n${text}\n${' '.repeat(at)}^${'~'.repeat(length - 1)}`;
}

/** Runs `action`; an ExpressionError becomes the failure, anything else is a fault of ours and passes through. */
export function catching<T>(action: () => T): { result: T } | { failure: ExpressionFailure } {
  try {
    return { result: action() };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { failure: { message: error.message, at: error.at, length: error.length } };
  }
}
