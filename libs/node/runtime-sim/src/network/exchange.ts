import type { Socket } from 'node:dgram';
import type { Lane } from './link.js';
import { type Path, send } from './path.js';

export interface Exchange {
  readonly timeoutMilliseconds: number;
  /** What lies between, where that is no perfect link. */
  readonly path?: Path | undefined;
}

/** What is lost never comes. */
function carry(lanes: readonly Lane[], message: Buffer, arrived: () => void, timers: NodeJS.Timeout[]): void {
  const took = send(lanes, message.length);
  if (took !== undefined) timers.push(setTimeout(arrived, took));
}

/** Sends a datagram, answers the first that comes back, and closes the socket. */
export async function exchange(
  socket: Socket,
  message: Buffer,
  { timeoutMilliseconds, path }: Exchange,
): Promise<Buffer> {
  const late = AbortSignal.timeout(timeoutMilliseconds);
  const timers: NodeJS.Timeout[] = [];
  try {
    return await new Promise((resolve, reject) => {
      if (path) socket.on('message', (answer) => carry(path.in, answer, () => resolve(answer), timers));
      else socket.once('message', resolve);
      socket.once('error', reject);
      late.addEventListener('abort', () => reject(new Error('i/o timeout: timed out')), { once: true });
      if (path) carry(path.out, message, () => socket.send(message), timers);
      else socket.send(message);
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}
