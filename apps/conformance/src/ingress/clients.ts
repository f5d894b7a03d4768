import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** What a client was answered. */
export interface Said {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/** How a call ended. */
export interface Called {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Clients of an entrance, each over a connection of its own: as curl with `--resolve`. */
export class Clients {
  constructor(private readonly address: string) {}

  /** Over HTTP/1.1, or over TLS where the URL says so. Certificates are not looked at. */
  async ask(url: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Said> {
    const { protocol, host, hostname, pathname, search } = new URL(url);
    const connection = protocol === 'https:' ? { createConnection: () => this.tls(hostname) } : { agent: false };
    const target = { host: this.address, port: 80, path: pathname + search, method };
    const request = httpRequest({ ...target, headers: { host, ...headers }, ...connection });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, text, headers: response.headers };
  }

  /** Whose certificate is shown to who asks for a name. */
  async shownTo(servername: string): Promise<string> {
    const socket = this.tls(servername);
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  }

  /** A call over HTTP/2: what came, and how it ended. */
  async call(url: string, message: Buffer): Promise<Called> {
    const { hostname, pathname } = new URL(url);
    const session: ClientHttp2Session = connectHttp2(url, { createConnection: () => this.tls(hostname, 'h2') });
    const stream = session.request({
      ':method': 'POST',
      ':path': pathname,
      ':authority': hostname,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.end(message);
    let headers: Called['headers'] = {};
    let trailers: IncomingHttpHeaders = {};
    stream.once('response', (got) => (headers = got)).once('trailers', (got) => (trailers = got));
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    session.close();
    return { headers, trailers, body: Buffer.concat(pieces) };
  }

  private tls(servername: string, protocol = 'http/1.1'): TLSSocket {
    const target = { host: this.address, port: 443, servername };
    return connectTls({ ...target, ALPNProtocols: [protocol], rejectUnauthorized: false });
  }
}
