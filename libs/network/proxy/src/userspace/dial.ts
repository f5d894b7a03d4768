import { connect, type Socket } from 'node:net';
import { isPortTaken, SourcePorts, type WireAddress } from '@binnacle/machinery-wire';

/** Nobody said anything in time: as where a packet was dropped. */
export class NoAnswer extends Error {}

const TRIES = 8;

interface Origin {
  readonly localAddress?: string;
  readonly localPort?: number;
}

function dialOnce(place: WireAddress, timeout: number, origin: Origin): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...place, ...origin, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeout, () => fail(new NoAnswer(`no answer in ${timeout} ms`)));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0).removeAllListeners('timeout').off('error', fail);
      resolve(socket);
    });
  });
}

/**
 * Connects to an endpoint, from an address of this machine where one is given. Rejects with `NoAnswer` after `timeout` milliseconds,
 * else with the system's error.
 */
export async function dial(
  place: WireAddress,
  timeout: number,
  source?: string,
  ports = new SourcePorts(),
): Promise<Socket> {
  if (source === undefined) return await dialOnce(place, timeout, {});
  for (let tried = 1; ; tried += 1) {
    try {
      return await dialOnce(place, timeout, { localAddress: source, localPort: ports.next() });
    } catch (error) {
      if (!isPortTaken(error) || tried >= TRIES) throw error;
    }
  }
}
