import {
  definitionsRef,
  type Gateway,
  type GatewayClass,
  type GRPCRoute,
  gatewayRefs,
  type HTTPRoute,
  type ReferenceGrant,
} from '@binnacle/apis-gateway';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { LogicalCluster, Resident, Settle } from '@binnacle/client-clusters';
import { createEventRecorder, type EventSource, RunningControllers } from '@binnacle/client-controller';
import { createInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import {
  BackendFollower,
  type BackendOptions,
  type Certificate,
  ClusterSite,
  type EngineOptions,
  gatewayClassController,
  GatewayFollower,
  gatewayServiceController,
  gatewayStatusController,
  ingressClassController,
  IngressFollower,
  ingressStatusController,
  type OurClass,
  OurIngresses,
  PUBLISHED,
  publishedServiceController,
  routeStatusController,
  type ServiceName,
} from '@binnacle/network-ingress';

export interface ClusterIngressOptions extends BackendOptions {
  readonly engine: EngineOptions;
  readonly fallback: Certificate;
  /** Of Ingresses and of Gateways alike. */
  readonly ours: OurClass;
  /** The Service that gives the entrance of Ingresses its address. */
  readonly service: ServiceName;
  readonly source: EventSource;
}

/** A range without addresses: what has no network carries nothing. */
const NOWHERE = '255.255.255.255/32';

/** What of the machine belongs to one cluster: no request of it is sent to another's Pods. */
function backendsIn({ name, network }: LogicalCluster, main: ClusterIngressOptions): BackendOptions {
  if (name === DEFAULT_CLUSTER) return main;
  const { podCIDR = NOWHERE, nodeCIDR = NOWHERE } = network;
  return { mode: main.mode, limits: { clusterCidr: podCIDR, nodeCidr: nodeCIDR } };
}

function sourcesIn({ client }: LogicalCluster) {
  return {
    nodes: createInformer(client.resource<Node>(refs.nodes)),
    services: createInformer(client.resource<Service>(refs.services)),
    slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
    ingresses: createInformer(client.resource<Ingress>(refs.ingresses)),
    classes: createInformer(client.resource<IngressClass>(refs.ingressclasses)),
    published: createInformer(client.resource<Service>(refs.services), { selection: { labelSelector: PUBLISHED } }),
  };
}

function gatewaySourcesIn({ client }: LogicalCluster) {
  return {
    definitions: createInformer(client.metadata(definitionsRef)),
    namespaces: createInformer(client.metadata(refs.namespaces)),
    classes: createInformer(client.resource<GatewayClass>(gatewayRefs.gatewayclasses)),
    gateways: createInformer(client.resource<Gateway>(gatewayRefs.gateways)),
    httpRoutes: createInformer(client.resource<HTTPRoute>(gatewayRefs.httproutes)),
    grpcRoutes: createInformer(client.resource<GRPCRoute>(gatewayRefs.grpcroutes)),
    grants: createInformer(client.resource<ReferenceGrant>(gatewayRefs.referencegrants)),
  };
}

/** Whoever follows the Ingresses and Gateways of one cluster while it is awake. */
class Wakefulness {
  private readonly ingresses: IngressFollower;
  private readonly gateways: GatewayFollower;
  private readonly backends: BackendFollower;
  private readonly sources: ReturnType<typeof sourcesIn>;
  private readonly loops: RunningControllers[] = [];

  constructor(
    private readonly ctx: Context,
    private readonly cluster: LogicalCluster,
    site: ClusterSite,
    private readonly options: ClusterIngressOptions,
  ) {
    const { client } = cluster;
    const sources = sourcesIn(cluster);
    this.sources = sources;
    this.backends = new BackendFollower(ctx, site.engine, sources, backendsIn(cluster, options));
    const ours = new OurIngresses(sources, options.ours, options.service);
    this.ingresses = new IngressFollower(ctx, site, ours, this.backends, client);
    const gatewaySources = { ...gatewaySourcesIn(cluster), published: sources.published };
    const parts = { client, controllerName: options.ours.controller };
    this.gateways = new GatewayFollower(ctx, site, gatewaySources, this.backends, parts);
  }

  async run(): Promise<void> {
    const ended = [this.backends.run(), this.ingresses.run(), this.gateways.run()];
    this.runIngressLoops();
    this.gateways.followed.then(() => this.runGatewayLoops()).catch(() => undefined);
    await Promise.all(ended);
    await Promise.all(this.loops.map((loops) => loops.ended));
  }

  pending() {
    const all = this.loops.map(({ pending }) => pending);
    const times = all.flatMap(({ nextAt }) => nextAt ?? []);
    const isRead = this.ingresses.synced && this.gateways.synced;
    return { busy: !isRead || all.some(({ busy }) => busy), ...(times.length > 0 && { nextAt: Math.min(...times) }) };
  }

  private runIngressLoops(): void {
    const { cluster, sources, options, ingresses } = this;
    const parts = { client: cluster.client, ours: ingresses.ours };
    this.begin([
      ingressClassController(cluster.client, sources, options.ours),
      publishedServiceController(parts),
      ingressStatusController(parts),
    ]);
  }

  private runGatewayLoops(): void {
    const { cluster, sources, options, gateways: follower } = this;
    const parts = { client: cluster.client, follower };
    this.begin([
      gatewayClassController(parts, options.ours.name, sources.nodes),
      gatewayServiceController(parts),
      gatewayStatusController(parts),
      routeStatusController(parts),
    ]);
  }

  private begin(controllers: ConstructorParameters<typeof RunningControllers>[1]): void {
    if (!this.ctx.signal.aborted) this.loops.push(new RunningControllers(this.ctx, controllers));
  }
}

/** What is served in one cluster, and whoever follows it while it is awake. */
class ClusterIngress implements Resident {
  private readonly site: ClusterSite;
  private awake: Wakefulness | undefined;

  constructor(
    whole: Context,
    private readonly cluster: LogicalCluster,
    private readonly options: ClusterIngressOptions,
  ) {
    const recorder = createEventRecorder(whole, cluster.client, options.source);
    this.site = new ClusterSite(whole, recorder, options.engine, options.fallback);
    whole.signal.addEventListener('abort', () => this.site.engine.destroy(), { once: true });
  }

  get engine() {
    return this.site.engine;
  }

  /** Whoever serves nothing need not be kept. */
  get stays(): boolean {
    return this.site.engine.isServing;
  }

  live(ctx: Context): Promise<void> {
    this.awake = new Wakefulness(ctx, this.cluster, this.site, this.options);
    return this.awake.run();
  }

  pending() {
    return this.awake?.pending() ?? { busy: true };
  }
}

/** The Ingresses and Gateways of all logical clusters. What one that rests serves goes on. */
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
