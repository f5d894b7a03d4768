import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { Backend } from '@binnacle/network-proxy';
import type { ExactListeners } from '@binnacle/process-lifecycle';

/** An endpoint, and where it is really dialled. */
export interface Endpoint extends Backend {
  readonly place: WireAddress;
}

/** How an endpoint is spoken to. */
export interface Speech {
  readonly secure: boolean;
  /** What is offered over TLS. */
  readonly protocol: 'http/1.1' | 'h2';
  /** The name that is asked for over TLS. Whose certificate it is is not looked at, as with ingress-nginx. */
  readonly serverName: string;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

/** An endpoint could not be reached: nothing of a request has been sent. */
export class DialError extends Error {
  constructor(
    message: string,
    /** Nobody said anything in time. */
    readonly isTimeout = false,
  ) {
    super(message);
  }
}

export type Held = Pick<ExactListeners, 'has'>;

/** Waits until a socket stands. Whatever comes first counts. */
function standing<T extends Socket>(socket: T, event: 'connect' | 'secureConnect', timeout: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy();
      reject(error instanceof DialError ? error : new DialError(error.message));
    };
    socket.setTimeout(timeout, () => fail(new DialError(`no answer in ${timeout} ms`, true)));
    socket.once('error', fail);
    socket.once(event, () => {
      socket.setTimeout(0).removeAllListeners('timeout').off('error', fail);
      resolve(socket);
    });
  });
}

/** Begins TLS over a connection that stands. */
async function secured(socket: Socket, { serverName, protocol, connectTimeout }: Speech): Promise<TLSSocket> {
  const tls = connectTls({
    socket,
    servername: serverName,
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  });
  await standing(tls, 'secureConnect', connectTimeout);
  if (protocol === 'h2' && tls.alpnProtocol !== 'h2') {
    tls.destroy();
    throw new DialError('the endpoint does not speak HTTP/2');
  }
  return tls;
}

/**
 * Connects to an endpoint. One of the wire has to hold a socket at exactly its address: nobody who listens on all of them is meant.
 * Rejects with a DialError.
 */
export async function dial(endpoint: Endpoint, speech: Speech, held: Held): Promise<Socket> {
  const { host, port } = endpoint.place;
  const isThere = !endpoint.local || (await held.has('tcp', host, port).catch(() => false));
  if (!isThere) throw new DialError(`nobody listens at ${host}:${port} itself`);
  const socket = await standing(connect({ host, port, noDelay: true }), 'connect', speech.connectTimeout);
  return speech.secure ? await secured(socket, speech) : socket;
}
