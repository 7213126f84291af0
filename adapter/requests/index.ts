/** All handlers, by request name. A request of the table that no file answers does not compile. */
import type { Context } from '../context';
import type { Handlers, RequestName } from '../protocol/requests';
import { backwards } from './backwards';
import { breakpoints } from './breakpoints';
import { code } from './code';
import { completions } from './completions';
import { disassemble } from './disassemble';
import { evaluate } from './evaluate';
import { lifecycle } from './lifecycle';
import { memory } from './memory';
import { run } from './run';
import { stack } from './stack';
import { variables } from './variables';
import { views } from './views';

const handlers: Handlers<Context, RequestName> = {
  ...lifecycle,
  ...breakpoints,
  ...stack,
  ...variables,
  ...evaluate,
  ...completions,
  ...run,
  ...backwards,
  ...memory,
  ...disassemble,
  ...code,
  ...views,
};

/** Answers a request whose arguments have been checked against its shape. */
export function dispatch(command: RequestName, context: Context, args: unknown): unknown {
  // The table pairs each name with its own argument type; that pairing is lost in a union, and the shape has checked it.
  const handler: (context: Context, args: never) => unknown = handlers[command];
  return handler(context, args as never);
}
