import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { whenNothingIsRead } from '@binnacle/process-connections';
import { dial, DialError, type Endpoint, type Held, type Speech } from './dial.js';

/** Of one connection, unless the endpoint allows fewer. */
const MOST_STREAMS = 100;
/** What of all calls together may wait to be read. */
const WINDOW_BYTES = 4 << 20;

interface Session {
  readonly opened: Promise<ClientHttp2Session>;
  session?: ClientHttp2Session;
  streams: number;
}

/** HTTP/2 connections to one endpoint, which calls share. */
export class Http2Sessions {
  private readonly sessions = new Set<Session>();
  private isClosed = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly speech: Speech,
    private readonly held: Held,
  ) {}

  /** Begins a request. Rejects with a DialError where nothing of it has been sent. */
  async open(headers: OutgoingHttpHeaders, endStream: boolean): Promise<ClientHttp2Stream> {
    const known = this.free();
    known.streams += 1;
    try {
      const session = await known.opened;
      const stream = session.request(headers, { endStream });
      stream.once('close', () => this.left(known));
      return stream;
    } catch (error) {
      this.left(known);
      throw error instanceof DialError ? error : new DialError((error as Error).message);
    }
  }

  /** Calls under way go on to their end. */
  close(): void {
    this.isClosed = true;
    for (const known of this.sessions) if (known.streams === 0) this.end(known);
  }

  destroy(): void {
    this.isClosed = true;
    for (const { opened } of this.sessions) {
      opened.then((session) => whenNothingIsRead(() => session.destroy())).catch(() => undefined);
    }
  }

  private end({ session }: Session): void {
    if (session) whenNothingIsRead(() => session.close());
  }

  private left(known: Session): void {
    known.streams -= 1;
    if (known.streams === 0 && this.isClosed) this.end(known);
  }

  private free(): Session {
    for (const known of this.sessions) {
      const { session, streams } = known;
      const most = Math.min(MOST_STREAMS, session?.remoteSettings?.maxConcurrentStreams ?? MOST_STREAMS);
      if (!session?.closed && !session?.destroyed && streams < most) return known;
    }
    return this.begin();
  }

  private begin(): Session {
    const known: Session = { opened: this.connect(), streams: 0 };
    this.sessions.add(known);
    known.opened.then(
      (session) => {
        known.session = session;
        session.once('close', () => this.sessions.delete(known));
        session.once('goaway', () => this.sessions.delete(known));
      },
      () => this.sessions.delete(known),
    );
    return known;
  }

  private async connect(): Promise<ClientHttp2Session> {
    const socket = await dial(this.endpoint, this.speech, this.held);
    const { host, port } = this.endpoint.place;
    const session = connect(`${this.speech.secure ? 'https' : 'http'}://${host}:${port}`, {
      createConnection: () => socket,
      settings: { enablePush: false },
    });
    // Whoever uses it hears of its end by their stream.
    session.on('error', () => undefined);
    session.once('connect', () => session.setLocalWindowSize(WINDOW_BYTES));
    session.unref();
    return session;
  }
}
