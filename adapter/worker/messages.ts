/** What the page and the worker that holds the debug adapter say to each other. All of it can be structurally cloned. */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import type { PackedImage } from './kernels';

export type ToWorker =
  /** A message of the debug client. */
  | { kind: 'protocol'; message: P.ProtocolMessage }
  /** A kernel that was built before, for the sessions that come. */
  | { kind: 'kernel'; key: string; image: PackedImage }
  /** The answer to `readFile`; no bytes: there is no such file. */
  | { kind: 'file'; id: number; bytes: Uint8Array | undefined };

export type ToPage =
  /** A message for the debug client. */
  | { kind: 'protocol'; message: P.ProtocolMessage }
  | { kind: 'readFile'; id: number; path: string }
  /** A kernel was built: a page that keeps it saves the next session the time. */
  | { kind: 'kernelBuilt'; key: string; image: PackedImage };
