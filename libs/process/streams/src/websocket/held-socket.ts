import WebSocket, { type ServerOptions, WebSocketServer } from 'ws';

/** Bytes that may wait for a client to read them before what it says is left to wait as well. */
export const MOST_OWED = 4 * 1024 * 1024;

type Sent = (error?: Error) => void;

/**
 * A WebSocket that does not listen to a client that does not: most of what clients say is answered, and answers nobody reads would
 * fill the memory of whoever is asked.
 */
export class HeldSocket extends WebSocket {
  private isHeld = false;

  override send(data: string | Buffer, ...rest: unknown[]): void {
    const sent = typeof rest.at(-1) === 'function' ? (rest.pop() as Sent) : undefined;
    const done: Sent = (error) => {
      this.heed();
      sent?.(error);
    };
    super.send(data, { ...(rest[0] as object | undefined) }, done);
    this.heed();
  }

  private heed(): void {
    const isBehind = this.bufferedAmount > MOST_OWED;
    if (isBehind === this.isHeld || this.readyState !== this.OPEN) return;
    this.isHeld = isBehind;
    if (isBehind) this.pause();
    else this.resume();
  }
}

/** Takes connections of such sockets. */
export class HeldSocketServer extends WebSocketServer<typeof HeldSocket> {
  constructor(options: ServerOptions) {
    super({ ...options, WebSocket: HeldSocket });
  }
}
