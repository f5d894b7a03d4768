import { createHash } from 'node:crypto';
import { backendKey } from '@binnacle/network-proxy';
import type { BackendSpec } from './backend.js';
import type { Endpoint } from './dial.js';

const COOKIE_LENGTH = 32;

/** Names an endpoint to a client without saying where it is. */
function cookieOf(backend: BackendSpec, endpoint: Endpoint): string {
  const text = `${backend.namespace}/${backend.service} ${backendKey(endpoint)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, COOKIE_LENGTH);
}

/** The endpoints of one backend, by turns. */
export class EndpointPool {
  private endpoints: readonly Endpoint[] = [];
  private byCookie: ReadonlyMap<string, Endpoint> | undefined;
  private turn = 0;

  constructor(readonly spec: BackendSpec) {}

  get all(): readonly Endpoint[] {
    return this.endpoints;
  }

  update(endpoints: readonly Endpoint[]): void {
    this.endpoints = endpoints;
    this.byCookie = undefined;
  }

  /** The next endpoint, leaving out those that could not be reached; undefined when none is left. */
  next(failed?: ReadonlySet<string>): Endpoint | undefined {
    for (let tried = 0; tried < this.endpoints.length; tried += 1) {
      const endpoint = this.endpoints[this.turn++ % this.endpoints.length];
      if (endpoint && !failed?.has(backendKey(endpoint))) return endpoint;
    }
    return undefined;
  }

  /** The endpoint that a client's cookie names, as long as it is there. */
  named(cookie: string): Endpoint | undefined {
    this.byCookie ??= new Map(this.endpoints.map((endpoint) => [cookieOf(this.spec, endpoint), endpoint]));
    return this.byCookie.get(cookie);
  }

  cookieFor(endpoint: Endpoint): string {
    return cookieOf(this.spec, endpoint);
  }
}
