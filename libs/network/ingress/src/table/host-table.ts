import type { RequestFacts } from './conditions.js';
import { wildcardsOf } from './host-name.js';
import { type Match, PathTable } from './path-table.js';
import type { Route } from './route.js';

/** The routes of a host: a name, a wildcard such as `*.example.com`, or empty for all. */
export interface HostRoutes {
  readonly host: string;
  readonly routes: readonly Route[];
}

/** How the hosts of a table are looked at. */
export interface HostManner {
  /** Of how many labels the star of a wildcard is. */
  readonly depth: 'one' | 'any';
  /** Whether a request that no route of its host fits is shown to those of wildcards and of all hosts. */
  readonly fallsThrough: boolean;
}

export const INGRESS_HOSTS: HostManner = { depth: 'one', fallsThrough: false };
export const GATEWAY_HOSTS: HostManner = { depth: 'any', fallsThrough: true };

/** Finds the route of a request; or says that its connection is for another host than the request. */
export interface Hosts {
  find(host: string, request: RequestFacts): Match | 'misdirected' | undefined;
}

/** Where requests go by host and path: the host itself before a wildcard, the longer wildcard before the shorter, all hosts last. */
export class HostTable implements Hosts {
  private readonly tables: ReadonlyMap<string, PathTable>;
  private readonly hasWildcards: boolean;

  constructor(
    hosts: readonly HostRoutes[],
    private readonly manner: HostManner,
  ) {
    this.tables = new Map(hosts.map(({ host, routes }) => [host, new PathTable(routes)]));
    this.hasWildcards = hosts.some(({ host }) => host.startsWith('*.'));
  }

  get size(): number {
    return this.tables.size;
  }

  find(host: string, request: RequestFacts): Match | undefined {
    for (const table of this.candidates(host)) {
      const match = table.find(request);
      if (match || !this.manner.fallsThrough) return match;
    }
    return undefined;
  }

  private *candidates(host: string): Generator<PathTable> {
    for (const name of this.names(host)) {
      const table = this.tables.get(name);
      if (table) yield table;
    }
  }

  private *names(host: string): Generator<string> {
    yield host;
    if (this.hasWildcards) {
      const wildcards = wildcardsOf(host);
      yield* this.manner.depth === 'one' ? wildcards.slice(0, 1) : wildcards;
    }
    yield '';
  }
}
