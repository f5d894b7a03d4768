import { acceptWebSocket, type Upgrade } from './accept-websocket.js';

/** A WebSocket that is only written to; what its client says is read away. */
export interface MessageWriter {
  /** Text for a string, else bytes. Resolves when it has been sent; rejects where the client has gone. */
  write(message: string | Buffer): Promise<void>;
  /** Says goodbye; a client that does not answer is cut off after a while. */
  close(): void;
}

const NORMAL = 1000;

/** Accepts a WebSocket that speaks `protocol`, or none in particular. Undefined where the client has gone or spoke nonsense. */
export async function openMessageWriter(upgrade: Upgrade, protocol = ''): Promise<MessageWriter | undefined> {
  const socket = await acceptWebSocket(upgrade, protocol);
  if (!socket) return undefined;
  socket.on('error', () => undefined);
  socket.resume();
  return {
    write: (message) =>
      new Promise((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => socket.close(NORMAL),
  };
}
