import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { LogicalCluster, Resident, Settle } from '@binnacle/client-clusters';
import {
  type Controller,
  createEventRecorder,
  type EventSource,
  RunningControllers,
} from '@binnacle/client-controller';
import { createInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import {
  type Certificate,
  type EngineOptions,
  ingressClassController,
  IngressFollower,
  type IngressOptions,
  IngressSite,
  type IngressSources,
  ingressStatusController,
  publishedServiceController,
  type ServiceName,
} from '@binnacle/network-ingress';

export interface ClusterIngressOptions extends IngressOptions {
  readonly engine: EngineOptions;
  readonly fallback: Certificate;
  readonly service: ServiceName;
  readonly source: EventSource;
}

/** A range without addresses: what has no network carries nothing. */
const NOWHERE = '255.255.255.255/32';

/** What of the machine belongs to one cluster: no Ingress of it leads to another's Pods. */
function optionsIn({ name, network }: LogicalCluster, main: ClusterIngressOptions): IngressOptions {
  if (name === DEFAULT_CLUSTER) return main;
  const { podCIDR = NOWHERE, nodeCIDR = NOWHERE } = network;
  return { mode: main.mode, ours: main.ours, limits: { clusterCidr: podCIDR, nodeCidr: nodeCIDR } };
}

function sourcesIn({ client }: LogicalCluster, { namespace, name }: ServiceName): IngressSources {
  const selection = { namespace, fieldSelector: `metadata.name=${name}` };
  return {
    ingresses: createInformer(client.resource<Ingress>(refs.ingresses)),
    classes: createInformer(client.resource<IngressClass>(refs.ingressclasses)),
    nodes: createInformer(client.resource<Node>(refs.nodes)),
    published: createInformer(client.resource<Service>(refs.services), { selection }),
    services: createInformer(client.resource<Service>(refs.services)),
    slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
  };
}

/** What is served in one cluster, and whoever follows its Ingresses while it is awake. */
class ClusterIngress implements Resident {
  private readonly site: IngressSite;
  private follower: IngressFollower | undefined;
  private loops: RunningControllers | undefined;

  constructor(
    whole: Context,
    private readonly cluster: LogicalCluster,
    private readonly options: ClusterIngressOptions,
  ) {
    const recorder = createEventRecorder(whole, cluster.client, options.source);
    this.site = new IngressSite(whole, recorder, options.engine, options.fallback);
    whole.signal.addEventListener('abort', () => this.site.engine.destroy(), { once: true });
  }

  get engine() {
    return this.site.engine;
  }

  /** Whoever serves nothing need not be kept. */
  get stays(): boolean {
    return this.site.engine.isServing;
  }

  async live(ctx: Context): Promise<void> {
    const { cluster, options, site } = this;
    const { client } = cluster;
    const sources = sourcesIn(cluster, options.service);
    const follower = new IngressFollower(ctx, site, sources, client, optionsIn(cluster, options));
    this.follower = follower;
    const parts = { client, ours: follower.ours };
    const controllers: Controller[] = [
      ingressClassController(client, sources, options.ours),
      publishedServiceController(parts, options.service),
      ingressStatusController(parts),
    ];
    this.loops = new RunningControllers(ctx, controllers);
    await Promise.all([follower.run(), this.loops.ended]);
  }

  pending() {
    const { busy, ...rest } = this.loops?.pending ?? { busy: true };
    return { busy: busy || !this.follower?.synced, ...rest };
  }
}

/** The Ingresses of all logical clusters. What one that rests serves goes on. */
export class ClusterIngresses {
  private readonly residents = new Set<ClusterIngress>();

  constructor(private readonly options: ClusterIngressOptions) {}

  readonly settle: Settle = (whole, cluster) => {
    const resident = new ClusterIngress(whole, cluster, this.options);
    this.residents.add(resident);
    whole.signal.addEventListener('abort', () => this.residents.delete(resident), { once: true });
    return resident;
  };

  /** In all clusters: ports that are open, connections of clients, and requests under way. */
  counts(): { readonly ports: number; readonly connections: number; readonly requests: number } {
    const engines = [...this.residents].map(({ engine }) => engine);
    const sum = (count: (engine: ClusterIngress['engine']) => number) =>
      engines.reduce((total, engine) => total + count(engine), 0);
    return {
      ports: sum(({ openPorts }) => openPorts),
      connections: sum(({ connectionCount }) => connectionCount),
      requests: sum(({ requests }) => requests),
    };
  }

  /** Takes no more requests anywhere; those under way go on. */
  close(): void {
    for (const { engine } of this.residents) engine.close();
  }
}
