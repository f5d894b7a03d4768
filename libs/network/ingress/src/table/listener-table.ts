import type { RequestFacts } from './conditions.js';
import { wildcardsOf } from './host-name.js';
import type { Hosts, HostTable } from './host-table.js';
import type { Match } from './path-table.js';

/** What one listener of a port serves. */
export interface ListenerHosts {
  /** A name, a wildcard of any number of labels, or empty for all. */
  readonly hostname: string;
  readonly hosts: HostTable;
}

/**
 * The listeners of one port of a Gateway. A request is that of the one whose hostname is the most specific for its host, and of no
 * other; over TLS that one has to be the one whose certificate was shown.
 */
export class ListenerTable implements Hosts {
  private readonly listeners: ReadonlyMap<string, HostTable>;

  constructor(listeners: readonly ListenerHosts[]) {
    this.listeners = new Map(listeners.map(({ hostname, hosts }) => [hostname, hosts]));
  }

  find(host: string, request: RequestFacts): Match | 'misdirected' | undefined {
    const listener = this.listenerOf(host);
    const { serverName } = request;
    if (serverName !== '' && this.listenerOf(serverName.toLowerCase()) !== listener) return 'misdirected';
    return listener?.find(host, request);
  }

  private listenerOf(host: string): HostTable | undefined {
    for (const name of [host, ...wildcardsOf(host), '']) {
      const listener = this.listeners.get(name);
      if (listener) return listener;
    }
    return undefined;
  }
}
