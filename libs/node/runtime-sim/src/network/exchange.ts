import type { Socket } from 'node:dgram';
import { type Path, send } from './path.js';

export interface Exchange {
  readonly timeoutMilliseconds: number;
  /** What lies between, where that is no perfect link. */
  readonly path?: Path | undefined;
}

/** What is lost never comes. */
function carry(path: Path, way: 'out' | 'in', message: Buffer, arrived: () => void): () => void {
  const took = send(path[way], message.length);
  return took === undefined ? () => undefined : path.clock.after(took, arrived);
}

/** Sends a datagram, answers the first that comes back, and closes the socket. */
export async function exchange(
  socket: Socket,
  message: Buffer,
  { timeoutMilliseconds, path }: Exchange,
): Promise<Buffer> {
  const late = AbortSignal.timeout(timeoutMilliseconds);
  const callOff: Array<() => void> = [];
  try {
    return await new Promise((resolve, reject) => {
      if (path) socket.on('message', (answer) => callOff.push(carry(path, 'in', answer, () => resolve(answer))));
      else socket.once('message', resolve);
      socket.once('error', reject);
      late.addEventListener('abort', () => reject(new Error('i/o timeout: timed out')), { once: true });
      if (path) callOff.push(carry(path, 'out', message, () => socket.send(message)));
      else socket.send(message);
    });
  } finally {
    for (const stop of callOff) stop();
    socket.close();
  }
}
