/**
 * Debug sessions over a TCP port of this machine: one for each connection, as many as come.
 */
import { createServer, type Socket } from 'node:net';
import type { Host } from './host';
import { Session } from './session';

/** Listens on 127.0.0.1 until it is closed; port 0 takes a free one. `ready` is told the port, `failed` why there is none. */
export function serve(
  port: number,
  host: Host,
  ready: (port: number) => void,
  failed: (reason: string) => void,
): { close(): void } {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const session = new Session(host);
    socket.on('error', () => session.dispose());
    session.start(socket, socket);
  });
  server.on('error', (error) => failed(`cannot listen on port ${port}: ${error.message}`));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    ready(typeof address === 'object' && address ? address.port : port);
  });
  return {
    close: () => {
      server.close();
      // What is still to be sent is sent; the process need not wait for clients to hang up.
      for (const socket of sockets) socket.unref();
    },
  };
}
