import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { type Context, sleep } from '@binnacle/machinery-context';
import { whenNothingIsRead } from '@binnacle/process-connections';
import type { RequestLives } from '../request/request-life.js';

/** Requests still being answered after this long lose their connection. */
const PATIENCE_MILLISECONDS = 10_000;
/** What has been answered is still on its way for a moment; who does not hang up then loses the connection. */
const LAST_BYTES_MILLISECONDS = 1_000;

/**
 * The connections of a server, so that it can be closed while clients keep theirs open: node waits for ever for idle
 * HTTP/2 sessions and kept-alive HTTP/1.1 connections.
 */
export class Connections {
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets = new Set<TLSSocket>();
  private draining = false;

  constructor(
    server: Http2SecureServer,
    private readonly lives: RequestLives,
  ) {
    // Node takes a connection for idle as soon as an answer has been ended, and would cut off what of it is still on its way.
    Object.assign(server, { closeIdleConnections: () => undefined });
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
  }

  /** Takes no new requests, waits for those in flight, and closes every connection. */
  async drain(ctx: Context): Promise<void> {
    this.draining = true;
    for (const session of this.sessions) session.close();
    await Promise.race([this.lives.quiet(), sleep(ctx, PATIENCE_MILLISECONDS)]);
    await Promise.race([this.ended(), sleep(ctx, LAST_BYTES_MILLISECONDS)]);
    await new Promise<void>(whenNothingIsRead);
    for (const session of this.sessions) session.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Sessions end by themselves when their last stream has. A connection that were destroyed would lose what it has not sent. */
  private async ended(): Promise<void> {
    const open = [...this.sockets].filter((socket) => !socket.closed);
    for (const socket of open) if (socket.alpnProtocol !== 'h2') socket.end();
    await Promise.all(open.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }
}
