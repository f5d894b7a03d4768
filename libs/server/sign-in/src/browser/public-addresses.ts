import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  const version = isIP(host);
  if (version !== 0) return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
  return host === 'localhost' || host.endsWith('.localhost');
}

/** Where the dashboard is reached: at the addresses the operator named, and at those of this machine alone. */
export class PublicAddresses {
  private readonly origins: readonly string[];

  /** @throws TypeError where one is no URL */
  constructor(urls: readonly string[]) {
    this.origins = urls.map((url) => new URL(url).origin);
  }

  /** The one to send somebody to. */
  get preferred(): string | undefined {
    return this.origins[0];
  }

  /** The origin of a request to a host; undefined where nobody said that we are there. */
  originOf(host: string | undefined, secure: boolean): string | undefined {
    const text = `${secure ? 'https' : 'http'}://${host ?? ''}`;
    if (!host || /[/?#@\\\s]/.test(host) || !URL.canParse(text)) return undefined;
    const { origin, hostname } = new URL(text);
    return this.origins.includes(origin) || isLoopback(hostname) ? origin : undefined;
  }
}

/** What passkeys of an origin are bound to. Undefined where browsers make none: at an address without a name, or over plain HTTP. */
export function relyingPartyOf(origin: string): string | undefined {
  const { hostname, protocol } = new URL(origin);
  if (isIP(bare(hostname)) !== 0) return undefined;
  return protocol === 'https:' || isLoopback(hostname) ? hostname : undefined;
}

/** The same place by a name, where it is this machine's; undefined where there is none. */
export function namedOrigin(origin: string): string | undefined {
  const url = new URL(origin);
  if (!isLoopback(url.hostname)) return undefined;
  url.hostname = 'localhost';
  return url.origin;
}
