import type { Duplex } from 'node:stream';
import type { Clock } from '@binnacle/machinery-context';
import { saysServerName } from './client-hello.js';

/** Who takes longer to say so much has no wish to. */
export const HELLO_MILLISECONDS = 10_000;
/** Bytes in which who begins must have said a name. */
const LONGEST_HELLO = 16 * 1024;

/**
 * Calls back once, when it is known whether who has connected says a server's name. What was read is there to be read again.
 * A connection on which it is not known in time ends, whatever trickles in.
 */
export function whenNamed(socket: Duplex, clock: Clock, then: (isNamed: boolean) => void): void {
  const stop = clock.after(HELLO_MILLISECONDS, () => socket.destroy());
  socket.once('close', stop);
  listen(socket, Buffer.alloc(0), (isNamed) => {
    stop();
    then(isNamed);
  });
}

function listen(socket: Duplex, before: Buffer, then: (isNamed: boolean) => void): void {
  const more = socket.read() as Buffer | null;
  const bytes = more ? Buffer.concat([before, more]) : before;
  const isNamed = saysServerName(bytes);
  if (isNamed === undefined && bytes.length <= LONGEST_HELLO)
    return void socket.once('readable', () => listen(socket, bytes, then));
  socket.unshift(bytes);
  then(isNamed ?? false);
}
