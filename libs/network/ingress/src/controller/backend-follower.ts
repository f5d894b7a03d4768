import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { Informer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { type EndpointLimits, NodeMap, nodeFacts, type userspaceMode } from '@binnacle/network-proxy';
import type { ClusterEngine } from '../engine/cluster-engine.js';

export interface BackendSources {
  readonly nodes: Informer<Node>;
  /** Followed as soon as somebody needs them. */
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
}

export interface BackendOptions {
  readonly mode: Pick<ReturnType<typeof userspaceMode>, 'carries' | 'clusterAddress'>;
  readonly limits?: EndpointLimits;
}

const BY_SERVICE = 'service';

function serviceOf({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[LABEL_SERVICE_NAME];
  return name ? [`${metadata.namespace}/${name}`] : [];
}

/** Follows what requests are sent to. Services and endpoints cost something to follow: nobody does where nobody leads to them. */
export class BackendFollower {
  private readonly nodes: NodeMap;
  private needed: Promise<void> | undefined;
  private isFollowed = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly ctx: Context,
    private readonly engine: ClusterEngine,
    private readonly sources: BackendSources,
    private readonly options: BackendOptions,
  ) {
    this.nodes = new NodeMap(options.mode.clusterAddress, options.limits);
    this.listen();
  }

  readonly service = (namespace: string, name: string): Service | undefined =>
    this.sources.services.get(`${namespace}/${name}`);

  /** Calls back where a Service comes, goes, or has other ports. */
  onServices(callback: () => void): void {
    this.listeners.push(callback);
  }

  /** Follows nodes until the context aborts, and the rest as soon as somebody needs it. */
  run(): Promise<void> {
    return this.sources.nodes.run(this.ctx);
  }

  /** Resolves when everything that there is is known, and followed from then on. */
  need(): Promise<void> {
    this.needed ??= this.follow();
    return this.needed;
  }

  private async follow(): Promise<void> {
    const { ctx, sources } = this;
    const { nodes, services, slices } = sources;
    for (const informer of [services, slices]) informer.run(ctx).catch(() => undefined);
    await Promise.all([nodes.synced(), services.synced(), slices.synced()]);
    this.isFollowed = true;
    this.engine.look({ nodes: this.nodes, slices: (service) => slices.byIndex(BY_SERVICE, service) });
  }

  private listen(): void {
    const { nodes, services, slices } = this.sources;
    const told = () => this.listeners.forEach((callback) => callback());
    services.addHandler({ added: told, deleted: told, updated: (service, old) => differs(service, old) && told() });
    slices.addIndex(BY_SERVICE, serviceOf);
    const moved = (slice: EndpointSlice) => {
      if (this.isFollowed) for (const key of serviceOf(slice)) this.engine.endpointsChanged(key);
    };
    slices.addHandler({ added: moved, updated: (slice, old) => [slice, old].forEach(moved), deleted: moved });
    nodes.addHandler({
      added: (node) => this.nodeSeen(node),
      updated: (node) => this.nodeSeen(node),
      deleted: ({ metadata }) => this.nodesChanged(this.nodes.delete(metadata.name ?? '')),
    });
  }

  private nodeSeen(node: Node): void {
    this.nodesChanged(this.nodes.set(nodeFacts(node, this.options.mode.carries(node))));
  }

  private nodesChanged(changed: boolean): void {
    if (changed && this.isFollowed) this.engine.nodesChanged();
  }
}

/** Only its type and ports are looked at. */
function differs(service: Service, old: Service): boolean {
  const facts = ({ spec }: Service) => JSON.stringify([spec?.type, spec?.ports]);
  return facts(service) !== facts(old);
}
