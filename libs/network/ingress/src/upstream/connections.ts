import { backendKey } from '@binnacle/network-proxy';
import type { BackendSpec } from './backend.js';
import { isMultiplexed, isSecure } from './backend.js';
import type { Endpoint, Held, Speech } from './dial.js';
import { Http1Connections } from './http1-connections.js';
import { Http2Sessions } from './http2-sessions.js';

export interface Wanted {
  readonly backend: BackendSpec;
  readonly endpoint: Endpoint;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

export function speechOf({ backend, connectTimeout }: Wanted): Speech {
  return {
    secure: isSecure(backend.protocol),
    protocol: isMultiplexed(backend.protocol) ? 'h2' : 'http/1.1',
    serverName: `${backend.service}.${backend.namespace}.svc`,
    connectTimeout,
  };
}

const keyOf = ({ backend, endpoint, connectTimeout }: Wanted): string =>
  `${backendKey(endpoint)} ${backend.protocol} ${connectTimeout} ${isSecure(backend.protocol) ? backend.id : ''}`;

interface Closable {
  close(): void;
  destroy(): void;
}

/** Those of one way to speak, by endpoint. */
class Kept<T extends Closable> {
  private readonly kept = new Map<string, { readonly endpoint: string; readonly connections: T }>();

  constructor(private readonly make: (wanted: Wanted) => T) {}

  of(wanted: Wanted): T {
    const key = keyOf(wanted);
    const known = this.kept.get(key)?.connections;
    if (known) return known;
    const connections = this.make(wanted);
    this.kept.set(key, { endpoint: backendKey(wanted.endpoint), connections });
    return connections;
  }

  keepOnly(isThere: (endpoint: string) => boolean): void {
    for (const [key, { endpoint, connections }] of this.kept) {
      if (isThere(endpoint)) continue;
      this.kept.delete(key);
      connections.close();
    }
  }

  destroy(): void {
    for (const { connections } of this.kept.values()) connections.destroy();
    this.kept.clear();
  }
}

/** The connections to all endpoints of a logical cluster. */
export class Connections {
  private readonly http1: Kept<Http1Connections>;
  private readonly http2: Kept<Http2Sessions>;

  constructor(readonly held: Held) {
    this.http1 = new Kept((wanted) => new Http1Connections(wanted.endpoint, speechOf(wanted), held));
    this.http2 = new Kept((wanted) => new Http2Sessions(wanted.endpoint, speechOf(wanted), held));
  }

  toHttp1(wanted: Wanted): Http1Connections {
    return this.http1.of(wanted);
  }

  toHttp2(wanted: Wanted): Http2Sessions {
    return this.http2.of(wanted);
  }

  /** Closes those to endpoints that are no more, when what is under way has ended. */
  keepOnly(isThere: (endpoint: string) => boolean): void {
    this.http1.keepOnly(isThere);
    this.http2.keepOnly(isThere);
  }

  destroy(): void {
    this.http1.destroy();
    this.http2.destroy();
  }
}
