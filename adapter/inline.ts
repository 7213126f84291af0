/**
 * The debug adapter inside another program: messages go in and out as objects, without streams. VS Code's inline
 * adapters and tests use it; the shape is that of vscode.DebugAdapter, without importing it.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { Host } from './host';
import { Session } from './session';

export interface InlineAdapter {
  /** Messages of the adapter to the client. */
  onDidSendMessage(listener: (message: P.ProtocolMessage) => void): { dispose(): void };
  /** A message of the client. */
  handleMessage(message: P.ProtocolMessage): void;
  dispose(): void;
}

export function createInlineAdapter(host: Host): InlineAdapter {
  const session = new Session(host);
  return {
    onDidSendMessage: (listener) =>
      session.onDidSendMessage((message) => listener(message as P.ProtocolMessage)),
    handleMessage: (message) => session.handleMessage(message),
    dispose: () => session.dispose(),
  };
}
