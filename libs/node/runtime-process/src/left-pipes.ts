import { constants, lstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/**
 * Containers of earlier releases wrote into named pipes, which stop them when nobody reads. Reads and forgets what comes, so that
 * such a container can at least stop. Answers how to end that; undefined where there are no pipes.
 */
export function emptyLeftPipes(directory: string): (() => void) | undefined {
  const pipes = ['stdout', 'stderr'].map((stream) => join(directory, stream)).filter(isPipe);
  if (pipes.length === 0) return undefined;
  const sockets = pipes.map((path) => {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const socket = new Socket({ fd, readable: true, writable: false });
    return socket.on('error', () => socket.destroy()).resume();
  });
  return () => sockets.forEach((socket) => socket.destroy());
}

function isPipe(path: string): boolean {
  try {
    return lstatSync(path).isFIFO();
  } catch {
    return false;
  }
}
