/**
 * The protocol's end: takes requests, checks their arguments, finds the handler, sends exactly one response to each.
 *
 * Dispatch only. What a request means is in requests/, one file per family; what a session knows is in context.ts.
 * A handler's RequestFailure becomes an error response with a stable id; anything else that is thrown is a fault of
 * ours, answered as such, and the session goes on.
 */
import { Response } from '@vscode/debugadapter/lib/messages';
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { Context } from './context';
import type { Host } from './host';
import { FailureId, RequestFailure } from './protocol/failure';
import { isRequestName, requestShapes } from './protocol/requests';
import { dispatch } from './requests';

export class Session extends ProtocolServer {
  readonly #context: Context;

  /** `host` reads the user's files: the only way out of the adapter besides the protocol. */
  constructor(host: Host) {
    super();
    this.#context = new Context(host, (event) => this.sendEvent(event));
    // Without a listener Node would throw on unparsable input; there is no request to answer, and the next may be fine.
    this.on('error', () => undefined);
    this.on('close', () => this.#context.end());
  }

  override dispose(): void {
    this.#context.end();
  }

  /** Never throws, whatever the client sent. */
  protected override dispatchRequest(request: P.Request): void {
    const command = typeof request.command === 'string' ? request.command : '';
    const seq = Number.isSafeInteger(request.seq) ? request.seq : 0;
    const response: P.Response = new Response({ ...request, seq, command });
    this.#answer(command, request.arguments).then(
      (body) => {
        if (body !== undefined) response.body = body;
        this.sendResponse(response);
      },
      (error: unknown) => this.sendResponse(failed(response, error)),
    );
  }

  async #answer(command: string, args: unknown): Promise<unknown> {
    if (!isRequestName(command)) {
      throw new RequestFailure(
        'unknownRequest',
        `This debug adapter does not know the request \`${command}\`.`,
      );
    }
    const wrong = requestShapes[command](args ?? {}, '');
    if (wrong) throw new RequestFailure('badArguments', `${command}: ${wrong}.`);
    return dispatch(command, this.#context, args ?? {});
  }
}

function failed(response: P.Response, error: unknown): P.Response {
  const known = error instanceof RequestFailure;
  const text = error instanceof Error ? error.message : String(error);
  const sentence = known ? text : `Internal error of the debug adapter: ${text}`;
  const where = !known && error instanceof Error ? (error.stack?.split('\n')[1] ?? '').trim() : '';
  response.success = false;
  response.message = sentence;
  response.body = {
    error: {
      id: FailureId[known ? error.failure : 'internal'],
      // Braces would be taken for variables of the format.
      format: '{text}',
      variables: { text: where === '' ? sentence : `${sentence} (${where})` },
      showUser: known ? error.showUser : true,
    } satisfies P.Message,
  };
  return response;
}
