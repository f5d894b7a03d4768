import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { Informer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { NodeMap, type EndpointLimits, nodeFacts, type userspaceMode } from '@binnacle/network-proxy';
import { Paced } from '../engine/paced.js';
import { type IngressPlan, planIngresses } from '../plan/plan-ingresses.js';
import { HostTable, INGRESS_HOSTS } from '../table/host-table.js';
import { FollowedSecrets } from './followed-secrets.js';
import type { OurClass } from './ingress-classes.js';
import type { IngressSite } from './ingress-site.js';
import { type IngressObjects, OurIngresses } from './our-ingresses.js';

export interface IngressSources extends IngressObjects {
  readonly nodes: Informer<Node>;
  /** Followed as soon as there is an Ingress of ours. */
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
}

export interface IngressOptions {
  readonly mode: Pick<ReturnType<typeof userspaceMode>, 'carries' | 'clusterAddress'>;
  readonly limits?: EndpointLimits;
  readonly ours: OurClass;
}

const BY_SERVICE = 'service';
const ENTRANCE = 'ingress';
const PLANNER = 'ingress';
const [HTTP, HTTPS] = [80, 443];

function serviceOf({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[LABEL_SERVICE_NAME];
  return name ? [`${metadata.namespace}/${name}`] : [];
}

/** Follows the Ingresses of one logical cluster and what they lead to, and has them served. */
export class IngressFollower {
  readonly ours: OurIngresses;
  private readonly nodes: NodeMap;
  private readonly secrets: FollowedSecrets;
  private readonly paced: Paced;
  private backends: 'unread' | 'unwanted' | 'awaited' | 'followed' = 'unread';

  constructor(
    private readonly ctx: Context,
    private readonly site: IngressSite,
    private readonly sources: IngressSources,
    client: KubeClient,
    private readonly options: IngressOptions,
  ) {
    this.ours = new OurIngresses(sources, options.ours);
    this.nodes = new NodeMap(options.mode.clusterAddress, options.limits);
    this.secrets = new FollowedSecrets(client, this.replanSoon);
    this.paced = new Paced(ctx.clock, () => this.replan());
    this.listen();
  }

  /** All there is has been read, and is served or on its way to be. */
  get synced(): boolean {
    return this.isReady && !this.paced.isWaiting;
  }

  private get isReady(): boolean {
    return this.backends === 'unwanted' || this.backends === 'followed';
  }

  /** Something of ours has changed that the Secrets may know of. */
  readonly replanSoon = (): void => {
    if (this.isReady) this.paced.ask();
  };

  /** Follows until the context aborts. What is served goes on as it is then. */
  async run(): Promise<void> {
    const { ctx } = this;
    const { ingresses, classes, nodes, published } = this.sources;
    const first = [ingresses, classes, nodes, published];
    const stopped = Promise.all(first.map((informer) => informer.run(ctx)));
    this.secrets.follow(ctx);
    await Promise.race([Promise.all(first.map((informer) => informer.synced())), stopped]);
    this.followBackends();
    await stopped;
    this.paced.stop();
  }

  private listen(): void {
    const { ingresses, classes, nodes, published, services, slices } = this.sources;
    const replan = { added: this.anyChanged, updated: this.anyChanged, deleted: this.anyChanged };
    ingresses.addHandler({ ...replan, updated: this.ingressChanged });
    classes.addHandler(replan);
    published.addHandler(replan);
    services.addHandler({ added: this.replanSoon, updated: this.serviceChanged, deleted: this.replanSoon });
    slices.addIndex(BY_SERVICE, serviceOf);
    const endpoints = (slice: EndpointSlice) => {
      if (this.isReady) for (const key of serviceOf(slice)) this.site.engine.endpointsChanged(key);
    };
    slices.addHandler({
      added: endpoints,
      updated: (slice, old) => [slice, old].forEach(endpoints),
      deleted: endpoints,
    });
    nodes.addHandler({
      added: (node) => this.nodeSeen(node),
      updated: (node) => this.nodeSeen(node),
      deleted: ({ metadata }) => this.nodesChanged(this.nodes.delete(metadata.name ?? '')),
    });
  }

  private readonly anyChanged = (): void => {
    if (this.backends === 'unwanted') this.followBackends();
    this.replanSoon();
  };

  /** Status, which is ours to write, says nothing new. */
  private readonly ingressChanged = (ingress: Ingress, old: Ingress): void => {
    const facts = ({ metadata, spec }: Ingress) => JSON.stringify([metadata.annotations, spec]);
    if (facts(ingress) !== facts(old)) this.anyChanged();
  };

  /** Only its type and ports are looked at. */
  private readonly serviceChanged = (service: Service, old: Service): void => {
    const facts = ({ spec }: Service) => JSON.stringify([spec?.type, spec?.ports]);
    if (facts(service) !== facts(old)) this.replanSoon();
  };

  /** Services and endpoints cost something to follow: nobody does where there is no Ingress of ours. */
  private followBackends(): void {
    const { ctx } = this;
    const { services, slices } = this.sources;
    if (ctx.signal.aborted) return;
    if (this.ours.list().length === 0) return this.begin('unwanted');
    this.backends = 'awaited';
    for (const informer of [services, slices]) informer.run(ctx).catch(() => undefined);
    Promise.all([services.synced(), slices.synced()])
      .then(() => this.begin('followed'))
      .catch(() => undefined);
  }

  private begin(backends: 'unwanted' | 'followed'): void {
    this.backends = backends;
    const { slices } = this.sources;
    this.site.engine.look({ nodes: this.nodes, slices: (service) => slices.byIndex(BY_SERVICE, service) });
    this.paced.ask();
  }

  private nodeSeen(node: Node): void {
    this.nodesChanged(this.nodes.set(nodeFacts(node, this.options.mode.carries(node))));
  }

  private nodesChanged(changed: boolean): void {
    if (changed && this.isReady) this.site.engine.nodesChanged();
  }

  private replan(): void {
    const { sources, site } = this;
    const ingresses = this.ours.list();
    const plan = planIngresses(ingresses, (namespace, name) => sources.services.get(`${namespace}/${name}`));
    this.secrets.want(new Set(plan.certificates.map(({ secret }) => secret)));
    const unshown = site.show(plan.certificates, this.secrets);
    site.problems.tell(ingresses, merged(plan.problems, unshown));
    site.engine.want(PLANNER, plan.backends);
    site.published = this.ours.published;
    this.serve(ingresses.length > 0 ? plan : undefined);
  }

  private serve(plan: IngressPlan | undefined): void {
    const { address } = this.ours;
    const { engine, certificates } = this.site;
    if (address === undefined || !plan) return engine.serve(ENTRANCE, undefined);
    const hosts = new HostTable(plan.hosts, INGRESS_HOSTS);
    const ports = [
      { port: HTTP, hosts },
      { port: HTTPS, hosts, certificates },
    ];
    engine.serve(ENTRANCE, { address, ports });
  }
}

type Problems = ReadonlyMap<string, readonly string[]>;

function merged(one: Problems, other: Problems): Problems {
  const all = new Map(one);
  for (const [key, words] of other) all.set(key, [...(all.get(key) ?? []), ...words]);
  return all;
}
