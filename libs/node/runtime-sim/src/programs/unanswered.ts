import type { Socket } from 'node:net';

/** Of one container; who comes after that takes the place of who has waited longest. */
const MOST = 256;
/** As long as a system tries to connect. */
const PATIENCE_MILLISECONDS = 130_000;

/**
 * Connections that are not to be: to whoever made them it is as if nobody were there. The system has taken them before anybody
 * was asked, so they are kept, and nothing is said, until the other side gives up.
 */
export class Unanswered {
  private readonly sockets = new Set<Socket>();

  constructor(private readonly most = MOST) {}

  add(socket: Socket): void {
    const [oldest] = this.sockets;
    if (oldest && this.sockets.size >= this.most) oldest.destroy();
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy());
    // What is said to nobody is read all the same: else one would not hear of its end.
    socket.resume();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
