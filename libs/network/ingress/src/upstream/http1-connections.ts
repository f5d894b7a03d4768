import type { Socket } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { dial, type Endpoint, type Held, type Speech } from './dial.js';

const KEEP_ALIVE_MILLISECONDS = 60_000;
/** An answer's head may be this large, as a request's. */
const HEADER_BYTES = 64 << 10;

/** Kept-alive HTTP/1.1 connections to one endpoint: as many as there are requests. */
export class Http1Connections {
  private readonly pool: Pool;

  constructor(endpoint: Endpoint, speech: Speech, held: Held) {
    const connect = (_: unknown, done: (error: Error | null, socket: Socket | null) => void) => {
      dial(endpoint, speech, held).then(
        (socket) => done(null, socket),
        (error: unknown) => done(error as Error, null),
      );
    };
    const { host, port } = endpoint.place;
    this.pool = new Pool(`${speech.secure ? 'https' : 'http'}://${host}:${port}`, {
      connect: connect as never,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      maxHeaderSize: HEADER_BYTES,
      // What a client says of its own body was checked where it came in.
      strictContentLength: true,
    });
  }

  send(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.pool.dispatch(request, handler);
  }

  /** Requests under way go on to their end. */
  close(): void {
    this.pool.close().catch(() => undefined);
  }

  destroy(): void {
    this.pool.destroy().catch(() => undefined);
  }
}
