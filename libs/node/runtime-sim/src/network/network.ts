import { request } from 'node:http';
import { isIP, isIPv4, type Socket } from 'node:net';
import { checkServerIdentity as checkName, connect as tlsConnect, type PeerCertificate } from 'node:tls';
import { Dialer } from './dialer.js';
import { DnsClient } from './dns-client.js';
import type { Inhabitant } from './inhabitant.js';
import type { NameFiles } from './name-files.js';
import { type Addresses, type Found, type Lookup, StubResolver } from './stub-resolver.js';
import type { Wire } from './wire.js';

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMilliseconds: number;
  /** For `https:`, which is not spoken without it. */
  readonly trust?: Trust;
  readonly names?: NameFiles;
}

/** What somebody dials. */
export interface Dialled {
  readonly host: string;
  readonly port: number;
  readonly timeoutMilliseconds: number;
  /** By which the host is found where that is by others than the container's own. */
  readonly names?: NameFiles;
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

/** Servers of names are asked one after the other, and each again: whoever has less time does not wait for all of that. */
function inTime(address: Promise<string>, milliseconds: number): Promise<string> {
  const late = AbortSignal.timeout(milliseconds);
  return new Promise((resolve, reject) => {
    late.addEventListener('abort', () => reject(new Error('resolving timed out')), { once: true });
    address.then(resolve, reject);
  });
}

/** The network as a Pod sees it: names, and what the wire leads to. It is met there under its own address. */
export class Network {
  private readonly dialer: Dialer;
  private readonly resolver: StubResolver;

  constructor(
    private readonly self: Inhabitant,
    nameFiles: () => NameFiles | Promise<NameFiles>,
    wire: Wire,
  ) {
    this.dialer = new Dialer(self, wire);
    const dial = {
      datagram: (host: string, port: number, message: Buffer, timeoutMilliseconds: number) =>
        this.datagram({ host, port, timeoutMilliseconds }, message),
      connect: (host: string, port: number, timeoutMilliseconds: number) =>
        this.connect({ host, port, timeoutMilliseconds }),
    };
    this.resolver = new StubResolver(new DnsClient(dial), nameFiles);
  }

  /** What the servers of names say. */
  async lookUp(wanted: Lookup, names?: NameFiles): Promise<Found> {
    return await this.resolver.lookUp(wanted, names);
  }

  /** All that a name leads to. @throws NameError */
  async addresses(name: string, names?: NameFiles): Promise<Addresses> {
    return await this.resolver.addresses(name, names);
  }

  /** The address that is dialled for a name. @throws NameError */
  async resolve(name: string, names?: NameFiles): Promise<string> {
    if (isIPv4(name)) return this.local(name);
    // Every system knows it, whatever its files say.
    if (name === 'localhost') return this.self.ip;
    const { addresses } = await this.resolver.addresses(name, names);
    return this.local(addresses[0] ?? name);
  }

  /** Nodes have addresses of the loopback network, too. */
  private local(address: string): string {
    return address === '127.0.0.1' ? this.self.ip : address;
  }

  private async find(host: string, timeoutMilliseconds: number, names?: NameFiles): Promise<string> {
    const address = this.resolve(host, names);
    return isIPv4(host) ? await address : await inTime(address, timeoutMilliseconds);
  }

  async connect({ host, port, timeoutMilliseconds, names }: Dialled): Promise<Socket> {
    const address = await this.find(host, timeoutMilliseconds, names);
    return await this.dialer.tcp(address, port, timeoutMilliseconds);
  }

  /** Sends a datagram and answers the first that comes back. */
  async datagram({ host, port, timeoutMilliseconds, names }: Dialled, message: Buffer): Promise<Buffer> {
    const address = await this.find(host, timeoutMilliseconds, names);
    const socket = await this.dialer.udp(address, port, timeoutMilliseconds);
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

  async http({ url, method, headers, body, timeoutMilliseconds, trust, names }: HttpRequest): Promise<HttpAnswer> {
    const target = new URL(url);
    const tls = target.protocol === 'https:' ? trust : undefined;
    if (target.protocol !== 'http:' && !tls) throw new Error(`${target.protocol} is not supported here`);
    const port = Number(target.port) || (tls ? 443 : 80);
    const socket = await this.connect({ host: target.hostname, port, timeoutMilliseconds, ...(names && { names }) });
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
