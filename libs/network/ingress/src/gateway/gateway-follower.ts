import {
  type Gateway,
  type GatewayClass,
  type GRPCRoute,
  gatewayRefs,
  type HTTPRoute,
  type ReferenceGrant,
} from '@binnacle/apis-gateway';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { BackendFollower } from '../controller/backend-follower.js';
import { FollowedSecrets } from '../controller/followed-secrets.js';
import type { ClusterSite } from '../controller/cluster-site.js';
import { addressOf } from '../controller/published-service.js';
import { Paced } from '../engine/paced.js';
import { CertificateTable } from '../front/certificates.js';
import type { EntranceSpec } from '../front/entrance.js';
import { gatewayServiceName, isServiceOf } from './gateway-service.js';
import { type GatewayPlan, type PlannedGateway, planGateways } from './plan-gateways.js';
import type { PlannedPort } from './port-book.js';
import { isServed, type Served } from './status.js';

export interface GatewaySources {
  /** CustomResourceDefinitions, reduced to their metadata: the kinds below are followed as soon as all of them are there. */
  readonly definitions: Informer<KubeObject>;
  readonly classes: Informer<GatewayClass>;
  readonly gateways: Informer<Gateway>;
  readonly httpRoutes: Informer<HTTPRoute>;
  readonly grpcRoutes: Informer<GRPCRoute>;
  readonly grants: Informer<ReferenceGrant>;
  /** Namespaces, reduced to their metadata. */
  readonly namespaces: Informer<KubeObject>;
  /** The Services by which addresses are given to us; somebody else runs it. */
  readonly published: Informer<Service>;
}

const PLANNER = 'gateways';
const DEFINITIONS = Object.values(gatewayRefs).map(({ plural, group }) => `${plural}.${group}`);
const NOTHING: GatewayPlan = { gateways: new Map(), routes: new Map(), backends: new Map(), secrets: new Set() };

/** Follows the Gateways of one logical cluster and their routes, and has them served. */
export class GatewayFollower {
  plan: GatewayPlan = NOTHING;
  private readonly secrets: FollowedSecrets;
  private readonly paced: Paced;
  private readonly told: (() => void)[] = [];
  private readonly tables = new Map<string, { readonly text: string; readonly table: CertificateTable }>();
  private state: 'undefined' | 'awaited' | 'followed' = 'undefined';
  private hasBackends = false;
  private markFollowed: () => void = () => undefined;
  /** Resolves when the kinds are there, and what there is of them is known. */
  readonly followed = new Promise<void>((resolve) => {
    this.markFollowed = resolve;
  });

  constructor(
    private readonly ctx: Context,
    private readonly site: ClusterSite,
    readonly sources: GatewaySources,
    private readonly backends: BackendFollower,
    parts: { readonly client: KubeClient; readonly controllerName: string },
  ) {
    this.controllerName = parts.controllerName;
    this.secrets = new FollowedSecrets(parts.client, this.replanSoon);
    this.paced = new Paced(ctx.clock, () => this.replan());
    this.listen();
  }

  readonly controllerName: string;

  /** All there is has been read, and is served or on its way to be. */
  get synced(): boolean {
    return this.state !== 'awaited' && !this.paced.isWaiting && (this.hasBackends || this.plan.gateways.size === 0);
  }

  /** Whether the kinds are there, and what there is of them is known. */
  get isFollowed(): boolean {
    return this.state === 'followed';
  }

  /** Calls back after everything has been planned anew. */
  onPlanned(callback: () => void): void {
    this.told.push(callback);
  }

  /** Classes of ours. */
  classes(): GatewayClass[] {
    return this.sources.classes.list().filter(({ spec }) => spec.controllerName === this.controllerName);
  }

  serviceOf(gateway: Gateway): Service | undefined {
    const { namespace, name } = gatewayServiceName(gateway);
    const service = this.sources.published.get(`${namespace}/${name}`);
    return isServiceOf(gateway, service) ? service : undefined;
  }

  /** Where a Gateway is served, or why it is not. */
  servedAt(gateway: Gateway): Served {
    const service = this.serviceOf(gateway);
    const address = addressOf(service);
    if (address !== undefined) return { address };
    const { name } = gatewayServiceName(gateway);
    return {
      words: service ? `the Service ${name} has no address yet` : `there is no Service ${name} of the Gateway yet`,
    };
  }

  /** Follows until the context aborts. What is served goes on as it is then. */
  async run(): Promise<void> {
    const stopped = this.sources.definitions.run(this.ctx);
    this.secrets.follow(this.ctx);
    await Promise.race([this.sources.definitions.synced(), stopped]);
    this.look();
    await stopped;
    this.paced.stop();
  }

  private listen(): void {
    const { definitions, published, namespaces, ...kinds } = this.sources;
    definitions.addHandler({ added: () => this.look() });
    const { classes, gateways, httpRoutes, grpcRoutes, grants } = kinds;
    for (const informer of [classes, gateways, httpRoutes, grpcRoutes, grants] as Informer<KubeObject>[])
      informer.addHandler({ added: this.replanSoon, updated: this.changed, deleted: this.replanSoon });
    namespaces.addHandler({ added: this.replanSoon, updated: this.relabelled, deleted: this.replanSoon });
    published.addHandler({ added: this.replanSoon, updated: this.replanSoon, deleted: this.replanSoon });
    this.backends.onServices(this.replanSoon);
  }

  private readonly replanSoon = (): void => {
    if (this.isFollowed) this.paced.ask();
  };

  /** What is written into a status says nothing new. */
  private readonly changed = (object: KubeObject, old: KubeObject): void => {
    const { generation, deletionTimestamp } = object.metadata;
    if (generation !== old.metadata.generation || deletionTimestamp) this.replanSoon();
  };

  private readonly relabelled = (object: KubeObject, old: KubeObject): void => {
    if (JSON.stringify(object.metadata.labels) !== JSON.stringify(old.metadata.labels)) this.replanSoon();
  };

  /** The kinds are asked for when all of them have been defined. */
  private look(): void {
    const { definitions } = this.sources;
    if (this.state !== 'undefined' || this.ctx.signal.aborted) return;
    if (!DEFINITIONS.every((name) => definitions.get(name))) return;
    this.state = 'awaited';
    this.follow()
      .then(() => {
        this.state = 'followed';
        this.markFollowed();
        this.paced.ask();
      })
      .catch(() => undefined);
  }

  private async follow(): Promise<void> {
    const { definitions: _, published, ...kinds } = this.sources;
    const informers = Object.values(kinds) as Informer<KubeObject>[];
    for (const informer of informers) informer.run(this.ctx).catch(() => undefined);
    await Promise.all([...informers, published].map((informer) => informer.synced()));
  }

  private replan(): void {
    const { sources, site, backends } = this;
    const gateways = sources.gateways.list();
    if (gateways.length > 0 && !this.hasBackends) return this.awaitBackends();
    this.plan = planGateways({
      classes: this.classes(),
      gateways,
      httpRoutes: sources.httpRoutes.list(),
      grpcRoutes: sources.grpcRoutes.list(),
      grants: sources.grants.list(),
      namespaceLabels: (namespace) => sources.namespaces.get(namespace)?.metadata.labels ?? {},
      findService: backends.service,
      certificate: (secret) => site.certificate(secret, this.secrets),
    });
    this.secrets.want(this.plan.secrets);
    site.engine.want(PLANNER, this.plan.backends);
    site.engine.serve(PLANNER, this.entrances());
    for (const callback of this.told) callback();
  }

  /** The first Gateway makes Services and endpoints be followed. */
  private awaitBackends(): void {
    this.backends
      .need()
      .then(() => {
        this.hasBackends = true;
        this.paced.ask();
      })
      .catch(() => undefined);
  }

  private entrances(): Map<string, EntranceSpec> {
    const all = [...this.plan.gateways].map(([key, planned]) => [key, this.entranceOf(key, planned)] as const);
    return new Map(all.filter((one): one is [string, EntranceSpec] => one[1] !== undefined));
  }

  private entranceOf(key: string, planned: PlannedGateway): EntranceSpec | undefined {
    const served = this.servedAt(planned.gateway);
    if ('words' in served || !isServed(planned)) return undefined;
    return { address: served.address, ports: planned.ports.map((port) => this.portOf(key, port)) };
  }

  private portOf(key: string, { port, hosts, certificates }: PlannedPort) {
    if (!certificates) return { port, hosts };
    return { port, hosts, certificates: this.tableOf(`${key} ${port}`, certificates) };
  }

  /** The same table as long as it holds the same. */
  private tableOf(at: string, certificates: NonNullable<PlannedPort['certificates']>): CertificateTable {
    const text = JSON.stringify(certificates.map(({ host, certificate }) => [host, String(certificate.cert)]));
    const known = this.tables.get(at);
    if (known?.text === text) return known.table;
    const table = new CertificateTable(certificates);
    this.tables.set(at, { text, table });
    return table;
  }
}
