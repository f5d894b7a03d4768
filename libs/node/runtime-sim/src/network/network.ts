import { request } from 'node:http';
import { isIP, isIPv4, type Socket } from 'node:net';
import { checkServerIdentity as checkName, connect as tlsConnect, type PeerCertificate } from 'node:tls';
import { type DnsRecord, noRecords, type RecordResolver, type RecordType } from './dns.js';
import { Dialer } from './dialer.js';
import type { Inhabitant } from './inhabitant.js';
import type { Wire } from './wire.js';

/** Finds the address of a Service or Pod by name; `namespace` is where the asking Pod lives. */
export type NameResolver = (name: string, namespace: string) => string | undefined;

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMilliseconds: number;
  /** For `https:`, which is not spoken without it. */
  readonly trust?: Trust;
}

/** Whose certificate is believed: those of an authority (PEM), or anybody's. */
export type Trust = { readonly authority: string } | 'anybody';

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;

/** Whoever answers must be who was asked for, by the name in the URL and not by where the wire leads. */
function tlsOptions(hostname: string, trust: Trust) {
  const checkServerIdentity = (_: string, certificate: PeerCertificate) => checkName(hostname, certificate);
  const servername = isIP(hostname) === 0 ? hostname : '';
  if (trust === 'anybody') return { servername, rejectUnauthorized: false };
  return { servername, ca: trust.authority, checkServerIdentity };
}

/** The network as a Pod sees it: names, and what the wire leads to. It is met there under its own address. */
export class Network {
  private readonly dialer: Dialer;

  constructor(
    private readonly self: Inhabitant,
    private readonly resolver: NameResolver,
    wire: Wire,
    private readonly lookUp: RecordResolver = noRecords,
  ) {
    this.dialer = new Dialer(self, wire);
  }

  /** What the cluster's DNS says; nothing where it knows of none. */
  records(name: string, type: RecordType): readonly DnsRecord[] {
    return this.lookUp(name, type, this.self.namespace);
  }

  /** Throws for names there are none of. */
  resolve(name: string): string {
    // Nodes have addresses of the loopback network, too.
    if (name === 'localhost' || name === '127.0.0.1') return this.self.ip;
    const address = isIPv4(name) ? name : this.resolver(name, this.self.namespace);
    if (!address) throw new Error(`bad address '${name}'`);
    return address;
  }

  async connect(name: string, port: number, timeoutMilliseconds: number): Promise<Socket> {
    return await this.dialer.tcp(this.resolve(name), port, timeoutMilliseconds);
  }

  /** Sends a datagram and answers the first that comes back. */
  async datagram(name: string, port: number, message: Buffer, timeoutMilliseconds: number): Promise<Buffer> {
    const socket = await this.dialer.udp(this.resolve(name), port, timeoutMilliseconds);
    const late = AbortSignal.timeout(timeoutMilliseconds);
    try {
      return await new Promise((resolve, reject) => {
        socket.once('message', resolve);
        socket.once('error', reject);
        late.addEventListener('abort', () => reject(new Error('i/o timeout: timed out')), { once: true });
        socket.send(message);
      });
    } finally {
      socket.close();
    }
  }

  async http({ url, method, headers, body, timeoutMilliseconds, trust }: HttpRequest): Promise<HttpAnswer> {
    const target = new URL(url);
    const tls = target.protocol === 'https:' ? trust : undefined;
    if (target.protocol !== 'http:' && !tls) throw new Error(`${target.protocol} is not supported here`);
    const socket = await this.connect(target.hostname, Number(target.port) || (tls ? 443 : 80), timeoutMilliseconds);
    const options = {
      createConnection: () => (tls ? tlsConnect({ socket, ...tlsOptions(target.hostname, tls) }) : socket),
      method,
      path: `${target.pathname}${target.search}`,
      headers: { host: target.host, ...headers },
    };
    return await new Promise((resolve, reject) => {
      const outgoing = request({ ...options, timeout: timeoutMilliseconds }, (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > LARGEST_ANSWER) outgoing.destroy(new Error('the answer is too large'));
          chunks.push(chunk);
        });
        response.once('error', reject);
        response.once('end', () => {
          const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          const { statusCode: status = 0, statusMessage: statusText = '' } = response;
          resolve({ status, statusText, headers: Object.fromEntries(given), body: Buffer.concat(chunks) });
        });
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error('download timed out')));
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}
