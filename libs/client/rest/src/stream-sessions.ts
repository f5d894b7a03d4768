import { setMaxListeners } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type SecureClientSessionOptions,
} from 'node:http2';
import type { TcpSocketConnectOpts } from 'node:net';
import type { SecureContext } from 'node:tls';
import { type Context, untilEnded } from '@binnacle/machinery-context';
import type { ClientConfig } from './config.js';
import {
  ANSWER_MILLISECONDS,
  CONNECT_MILLISECONDS,
  failure,
  type TransportAnswer,
  type TransportRequest,
} from './transport.js';

const KEEP_ALIVE_MILLISECONDS = 60_000;
/** What of all streams together may wait to be read: one that is slow, with its own 64 KiB, must not hold up the others. */
const WINDOW_BYTES = 32 << 20;
/** Of one connection; the server allows a few more. */
const MOST_STREAMS = 900;

interface Session {
  readonly session: ClientHttp2Session;
  readonly connected: Promise<void>;
  streams: number;
}

/**
 * Node runs events and promises of HTTP/2 streams in the middle of reading, and corrupts its memory where a stream or a session is
 * destroyed there (20.20).
 */
const whenNothingIsRead = (end: () => void): void => void setImmediate(end);

function endIdle({ session }: Session): void {
  whenNothingIsRead(() => session.close());
}

type Settle = (error?: Error) => void;

/** Resolves or rejects once; what waits for it is told only the first. */
function outcome(): { readonly promise: Promise<void>; readonly settle: Settle } {
  let settle: Settle = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  return { promise, settle };
}

/**
 * Watches and other streams, over few connections however many there are: one HTTP/2 session carries hundreds, where each would
 * cost a TLS handshake and its memory at both ends.
 */
export class StreamSessions {
  private readonly sessions = new Set<Session>();
  private retired = false;

  constructor(
    private readonly config: ClientConfig,
    private readonly secureContext: SecureContext,
  ) {}

  /** Rejects with a TransportError, or with the context's reason when that aborts. */
  async send(ctx: Context, request: TransportRequest): Promise<TransportAnswer> {
    const session = this.free(ctx);
    session.streams += 1;
    let stream: ClientHttp2Stream | undefined;
    try {
      await untilEnded(ctx, session.connected);
      ctx.signal.throwIfAborted();
      stream = open(session.session, request);
    } catch (error) {
      this.left(session);
      throw failure(ctx, request, error);
    }
    stream.once('close', () => this.left(session));
    return answerOf(ctx, request, stream);
  }

  /** Running streams fail. */
  close(): void {
    for (const { session } of this.sessions) {
      // Without an error they would end as those that are whole.
      whenNothingIsRead(() => session.destroy(new Error('the client was closed')));
    }
  }

  /** Running streams go on to their end, by which their connections are closed; nothing may be sent after this. */
  async retire(): Promise<void> {
    this.retired = true;
    const closed = [...this.sessions].map(({ session }) => new Promise<void>((done) => session.once('close', done)));
    for (const session of this.sessions) if (session.streams <= 0) endIdle(session);
    await Promise.all(closed);
  }

  private left(session: Session): void {
    session.streams -= 1;
    if (session.streams > 0) return;
    session.session.unref();
    if (this.retired) endIdle(session);
  }

  private free(ctx: Context): Session {
    for (const known of this.sessions) {
      const { session, streams } = known;
      if (session.closed || session.destroyed || streams >= MOST_STREAMS) continue;
      session.ref();
      return known;
    }
    return this.open(ctx);
  }

  private open(ctx: Context): Session {
    const { server, serverName, insecureSkipTlsVerify } = this.config;
    const options: SecureClientSessionOptions & Pick<TcpSocketConnectOpts, 'keepAlive' | 'keepAliveInitialDelay'> = {
      secureContext: this.secureContext,
      ...(serverName && { servername: serverName }),
      rejectUnauthorized: !insecureSkipTlsVerify,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MILLISECONDS,
    };
    const session = connect(server, options);
    const known: Session = { session, connected: connected(ctx, session), streams: 0 };
    this.sessions.add(known);
    session.once('close', () => this.sessions.delete(known));
    // Whoever uses it hears of its end by their stream.
    known.connected.catch(() => this.sessions.delete(known));
    return known;
  }
}

function connected({ clock }: Context, session: ClientHttp2Session): Promise<void> {
  const { promise, settle } = outcome();
  const late = () => session.destroy(new Error('the server does not answer'));
  const cancel = clock.after(CONNECT_MILLISECONDS, late);
  session.once('connect', () => {
    cancel();
    session.setLocalWindowSize(WINDOW_BYTES);
    settle();
  });
  session.on('error', settle);
  session.once('close', () => {
    cancel();
    settle(new Error('the connection was closed'));
  });
  return promise;
}

function open(session: ClientHttp2Session, { method, path, headers, body }: TransportRequest): ClientHttp2Stream {
  const head = { [constants.HTTP2_HEADER_METHOD]: method, [constants.HTTP2_HEADER_PATH]: path, ...headers };
  const stream = session.request(head, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  return stream;
}

async function answerOf(ctx: Context, request: TransportRequest, stream: ClientHttp2Stream): Promise<TransportAnswer> {
  const { promise, settle } = outcome();
  const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
  const end = ctx.clock.after(ANSWER_MILLISECONDS, () => stream.destroy(new Error('the server does not answer')));
  let head: Readonly<Record<string, string | string[] | number | undefined>> = {};
  stream.once('response', (headers) => {
    head = headers as typeof head;
    settle();
  });
  stream.on('error', settle);
  // Every request under way listens for the end of its context; hundreds are no leak.
  setMaxListeners(0, ctx.signal);
  ctx.signal.addEventListener('abort', cancel, { once: true });
  stream.once('close', () => {
    ctx.signal.removeEventListener('abort', cancel);
    settle(new Error('the connection was closed'));
  });
  if (ctx.signal.aborted) cancel();
  try {
    await promise;
  } catch (error) {
    throw failure(ctx, request, error);
  } finally {
    end();
  }
  return answer(ctx, request, stream, head);
}

function answer(
  ctx: Context,
  request: TransportRequest,
  stream: ClientHttp2Stream,
  head: Readonly<Record<string, string | string[] | number | undefined>>,
): TransportAnswer {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
      // A stream that was reset ends as one that is whole.
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) throw new Error(`the stream was reset (${stream.rstCode})`);
    } catch (error) {
      throw failure(ctx, request, error);
    } finally {
      // Whoever has seen enough may say so while its last piece is being read.
      whenNothingIsRead(() => stream.destroy());
    }
  }
  return {
    status: Number(head[constants.HTTP2_HEADER_STATUS]),
    header: (name) => {
      const value = head[name];
      return value === undefined ? undefined : String(Array.isArray(value) ? value[0] : value);
    },
    text: async () => {
      const all: Uint8Array[] = [];
      for await (const chunk of chunks()) all.push(chunk);
      return Buffer.concat(all).toString('utf8');
    },
    chunks,
  };
}
