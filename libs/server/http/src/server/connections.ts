import { once } from 'node:events';
import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { type Context, sleep } from '@binnacle/machinery-context';

/** Requests still being answered after this long lose their connection. */
const PATIENCE_MILLISECONDS = 10_000;

/**
 * The connections of a server, so that it can be closed while clients keep theirs open: node waits for ever for idle
 * HTTP/2 sessions and kept-alive HTTP/1.1 connections.
 */
export class Connections {
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets = new Set<Socket>();
  private readonly quiet = new EventTarget();
  private busy = 0;
  private draining = false;

  constructor(server: Http2SecureServer) {
    server.on('session', (session) => {
      this.sessions.add(session);
      session.once('close', () => this.sessions.delete(session));
    });
    server.on('secureConnection', (socket) => {
      // Its handshake began before the port was closed.
      if (this.draining) socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (_request, response) => {
      this.busy += 1;
      response.once('close', () => this.answered());
    });
  }

  /** Takes no new requests, waits for those in flight, and closes every connection. */
  async drain(ctx: Context): Promise<void> {
    this.draining = true;
    for (const session of this.sessions) session.close();
    if (this.busy > 0) {
      const late = new AbortController();
      const quiet = once(this.quiet, 'quiet', { signal: late.signal }).catch(() => undefined);
      await Promise.race([quiet, sleep(ctx, PATIENCE_MILLISECONDS)]);
      late.abort();
    }
    for (const session of this.sessions) session.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  private answered(): void {
    this.busy -= 1;
    if (this.busy === 0) this.quiet.dispatchEvent(new Event('quiet'));
  }
}
