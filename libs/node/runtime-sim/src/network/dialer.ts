import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { isPortTaken, SourcePorts } from '@binnacle/machinery-wire';
import { type Dialled, dialledFrom } from './dialled-from.js';
import { TIMED_OUT } from './gate.js';
import type { Inhabitant } from './inhabitant.js';
import type { Target } from './traffic.js';
import type { Wire } from './wire.js';

const ENDED = 'read ECONNRESET';
const TRIES = 8;

/** How a Pod reaches others: past its policies, from its own address, and no longer than it may. */
export class Dialer {
  private readonly ports = new SourcePorts();

  constructor(
    private readonly self: Inhabitant,
    private readonly wire: Wire,
  ) {}

  /** Rejects with a code as the system gives, and as if nobody answered where it may not. */
  async tcp(ip: string, port: number, timeoutMilliseconds: number): Promise<Socket> {
    const target: Target = { ip, port, transport: 'tcp' };
    await this.wire.gate.pass(this.self, target, timeoutMilliseconds);
    const address = dialledFrom(this.self.ip, await this.wire.reach(ip, port));
    const socket = await this.connected(address, timeoutMilliseconds);
    const stop = this.wire.gate.whenForbidden(this.self, target, () => socket.destroy(new Error(ENDED)));
    return socket.once('close', stop);
  }

  private async connected(address: Dialled, timeoutMilliseconds: number): Promise<Socket> {
    if (!address.localAddress) return await connected(connect(address), timeoutMilliseconds);
    for (let tried = 1; ; tried += 1) {
      try {
        return await connected(connect({ ...address, localPort: this.ports.next() }), timeoutMilliseconds);
      } catch (error) {
        if (!isPortTaken(error) || tried >= TRIES) throw error;
      }
    }
  }

  /** A socket that speaks to one other and hears nobody else. */
  async udp(ip: string, port: number, timeoutMilliseconds: number): Promise<DatagramSocket> {
    await this.wire.gate.pass(this.self, { ip, port, transport: 'udp' }, timeoutMilliseconds);
    const { host, port: real, localAddress } = dialledFrom(this.self.ip, await this.wire.reach(ip, port, 'udp'));
    const socket = createSocket('udp4');
    return await new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        socket.close();
        reject(error);
      };
      const dial = () =>
        socket.connect(real, host, () => {
          socket.off('error', fail);
          resolve(socket);
        });
      socket.once('error', fail);
      if (localAddress) socket.bind({ address: localAddress, port: 0 }, dial);
      else dial();
    });
  }
}

/** From then on who has the socket is told of `timeout` where nothing comes for so long. */
function connected(socket: Socket, timeoutMilliseconds: number): Promise<Socket> {
  const late = () => socket.destroy(new Error(TIMED_OUT));
  socket.setTimeout(timeoutMilliseconds, late);
  return new Promise((resolve, reject) => {
    // It stays: an error that nobody else hears must not end the process.
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket.off('timeout', late)));
  });
}
