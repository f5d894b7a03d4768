import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a port that can be cut in silence, as by a cable that is pulled: nothing is closed, and nothing comes any more. */
export class SilentWire {
  private cut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(port: number): Promise<SilentWire> {
    const server = createServer((socket) => wire.join(socket, connect(port, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire = new SilentWire(server, (server.address() as AddressInfo).port);
    return wire;
  }

  silence(): void {
    this.cut = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** What was connected stays dead; what connects anew gets through. */
  mend(): void {
    this.cut = false;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.mend();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(near: Socket, far: Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
      if (this.cut) from.pause();
    }
  }
}
