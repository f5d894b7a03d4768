import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { Paced } from '../engine/paced.js';
import { type IngressPlan, planIngresses } from '../plan/plan-ingresses.js';
import { HostTable, INGRESS_HOSTS } from '../table/host-table.js';
import type { BackendFollower } from './backend-follower.js';
import { FollowedSecrets } from './followed-secrets.js';
import type { ClusterSite } from './cluster-site.js';
import type { OurIngresses } from './our-ingresses.js';

const PLANNER = 'ingresses';
const [HTTP, HTTPS] = [80, 443];

/** Follows the Ingresses of one logical cluster, and has them served. */
export class IngressFollower {
  private readonly secrets: FollowedSecrets;
  private readonly paced: Paced;
  private state: 'unread' | 'unwanted' | 'awaited' | 'followed' = 'unread';

  constructor(
    private readonly ctx: Context,
    private readonly site: ClusterSite,
    readonly ours: OurIngresses,
    private readonly backends: BackendFollower,
    client: KubeClient,
  ) {
    this.secrets = new FollowedSecrets(client, this.replanSoon);
    this.paced = new Paced(ctx.clock, () => this.replan());
    this.listen();
  }

  /** All there is has been read, and is served or on its way to be. */
  get synced(): boolean {
    return this.isReady && !this.paced.isWaiting;
  }

  private get isReady(): boolean {
    return this.state === 'unwanted' || this.state === 'followed';
  }

  /** Follows until the context aborts. What is served goes on as it is then. */
  async run(): Promise<void> {
    const { ctx, ours } = this;
    const { ingresses, classes, published } = ours.objects;
    const first = [ingresses, classes, published];
    const stopped = Promise.all(first.map((informer) => informer.run(ctx)));
    this.secrets.follow(ctx);
    await Promise.race([Promise.all(first.map((informer) => informer.synced())), stopped]);
    this.begin();
    await stopped;
    this.paced.stop();
  }

  private listen(): void {
    const { ingresses, classes, published } = this.ours.objects;
    const replan = { added: this.anyChanged, updated: this.anyChanged, deleted: this.anyChanged };
    ingresses.addHandler({ ...replan, updated: this.ingressChanged });
    classes.addHandler(replan);
    published.addHandler(replan);
    this.backends.onServices(this.replanSoon);
  }

  private readonly replanSoon = (): void => {
    if (this.isReady) this.paced.ask();
  };

  private readonly anyChanged = (): void => {
    if (this.state === 'unwanted') this.begin();
    this.replanSoon();
  };

  /** Status, which is ours to write, says nothing new. */
  private readonly ingressChanged = (ingress: Ingress, old: Ingress): void => {
    const facts = ({ metadata, spec }: Ingress) => JSON.stringify([metadata.annotations, spec]);
    if (facts(ingress) !== facts(old)) this.anyChanged();
  };

  private begin(): void {
    if (this.ctx.signal.aborted) return;
    if (this.ours.list().length === 0) return this.ready('unwanted');
    this.state = 'awaited';
    this.backends
      .need()
      .then(() => this.ready('followed'))
      .catch(() => undefined);
  }

  private ready(state: 'unwanted' | 'followed'): void {
    this.state = state;
    this.paced.ask();
  }

  private replan(): void {
    const { site, ours, backends } = this;
    const ingresses = ours.list();
    const plan = planIngresses(ingresses, backends.service);
    this.secrets.want(new Set(plan.certificates.map(({ secret }) => secret)));
    const unshown = site.show(plan.certificates, this.secrets);
    site.problems.tell(ingresses, merged(plan.problems, unshown));
    site.engine.want(PLANNER, plan.backends);
    site.published = ours.published;
    this.serve(ingresses.length > 0 ? plan : undefined);
  }

  private serve(plan: IngressPlan | undefined): void {
    const { address } = this.ours;
    const { engine, certificates } = this.site;
    if (address === undefined || !plan) return engine.serve(PLANNER, new Map());
    const hosts = new HostTable(plan.hosts, INGRESS_HOSTS);
    const ports = [
      { port: HTTP, hosts },
      { port: HTTPS, hosts, certificates },
    ];
    engine.serve(PLANNER, new Map([['entrance', { address, ports }]]));
  }
}

type Problems = ReadonlyMap<string, readonly string[]>;

function merged(one: Problems, other: Problems): Problems {
  const all = new Map(one);
  for (const [key, words] of other) all.set(key, [...(all.get(key) ?? []), ...words]);
  return all;
}
