import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Informer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { AnswerCache } from '../outside/answer-cache.js';
import { BadConfig, type ForwardConfig, forwardConfig } from '../outside/forward-config.js';
import { Forwarder } from '../outside/forwarder.js';
import { type NameServer, Reach, textOf } from '../outside/name-server.js';
import type { WaitingBounds } from '../outside/waiting-bounds.js';

/** What the operator says of names beside those of the clusters, and what all clusters share for them. */
export interface SharedForwarding {
  /** Who is asked where a cluster does not say others. */
  readonly upstreams: readonly NameServer[];
  /** Ranges of servers that clusters may name beside those within themselves. */
  readonly opened: readonly string[];
  readonly cache: AnswerCache;
  readonly bounds: WaitingBounds;
  /** Whether somebody holds a socket at exactly an address of this machine. */
  readonly isHeld: (place: WireAddress) => Promise<boolean>;
}

/** What of the cluster is to be known. */
export interface ForwardingPlace {
  readonly uid: string;
  /** Its networks, of Pods and Services. */
  readonly networks: readonly string[];
  readonly privileged: boolean;
  /** The addresses of this very server. */
  readonly own: () => readonly string[];
}

const serversOf = ({ upstreams, stubDomains }: ForwardConfig): NameServer[] => [
  ...upstreams,
  ...[...stubDomains.values()].flat(),
];

/** Asks others as the ConfigMap `kube-dns` of a cluster says. One that cannot be understood changes nothing. */
export class ClusterForwarding {
  readonly outside: Forwarder;
  private readonly reach: Reach;

  constructor(
    private readonly ctx: Context,
    place: ForwardingPlace,
    private readonly shared: SharedForwarding,
    private readonly recorder: EventRecorder,
  ) {
    const { upstreams: named, opened, isHeld, cache, bounds } = shared;
    const { networks: cluster, privileged, uid, own } = place;
    this.reach = new Reach({ cluster, named, opened, privileged, isHeld });
    const placeOf = async (server: NameServer) => {
      if (own().includes(server.ip)) throw new Error('it is this server itself');
      return await this.reach.place(server);
    };
    this.outside = new Forwarder(ctx, { cluster: uid, place: placeOf, cache, bounds });
    this.apply(undefined);
  }

  follow(config: Informer<ConfigMap>): void {
    const apply = (object: ConfigMap) => this.apply(object);
    config.addHandler({ added: apply, updated: apply, deleted: () => this.apply(undefined) });
  }

  private apply(object: ConfigMap | undefined): void {
    try {
      const config = forwardConfig(object, this.shared.upstreams);
      this.outside.configure(config);
      const forbidden = serversOf(config).filter((server) => !this.reach.permits(server));
      if (object && forbidden.length > 0) this.complain(object, 'ServerNotOpened', notOpened(forbidden));
    } catch (error) {
      if (!object || !(error instanceof BadConfig)) throw error;
      this.complain(object, 'BadConfig', `${error.message}; what was said before still holds`);
    }
  }

  private complain(object: ConfigMap, reason: string, message: string): void {
    this.ctx.logger.warn('the ConfigMap of the DNS is not followed in full', { reason, message });
    this.recorder.event(object, 'Warning', reason, message);
  }
}

const notOpened = (servers: readonly NameServer[]): string =>
  `${servers.map(textOf).join(', ')} will not be asked: it is not in the cluster, and the operator has not opened it`;
