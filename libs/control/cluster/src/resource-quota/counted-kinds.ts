import type { QuotaKind } from '@binnacle/apis-kubernetes/quota';
import type { Enqueue, Source } from '@binnacle/client-controller';
import { createInformer, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { type DiscoveredResource, discover, supports } from '../discovery/discovery.js';

/** Kinds that nobody serves are looked for again after this time. */
const LOOK_AGAIN_MILLISECONDS = 30_000;

const keyOf = ({ group, plural }: QuotaKind): string => `${group}/${plural}`;
/** To count objects it is enough to know that they are there. */
const onlyName = ({ apiVersion, kind, metadata }: KubeObject): KubeObject => {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } as KubeObject['metadata'] };
};

/** The objects of kinds of which only the number counts, followed from when a quota first asks for them. */
export class CountedKinds {
  private readonly followed = new Map<string, SharedInformer<KubeObject>>();
  private known: ReadonlyMap<string, DiscoveredResource> = new Map();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private follow: (informer: SharedInformer<KubeObject>) => void = () => undefined;

  /** `changed` is told the namespace and kind of what was made or has gone. */
  constructor(
    private readonly client: KubeClient,
    private readonly changed: (namespace: string, kind: QuotaKind, enqueue: Enqueue) => void,
  ) {}

  /** Wakes for what it follows. */
  get source(): Source {
    let wake: Enqueue | undefined;
    return {
      start: (enqueue) => (wake = enqueue),
      synced: async () => undefined,
      run: (ctx) => this.run(ctx, () => wake),
    };
  }

  private run(ctx: Context, wake: () => Enqueue | undefined): Promise<void> {
    const runs: Promise<void>[] = [];
    this.enqueue = wake;
    this.follow = (informer) => void runs.push(informer.run(ctx));
    return new Promise((resolve) => {
      const end = () => void Promise.all(runs).then(() => resolve());
      if (ctx.signal.aborted) end();
      else ctx.signal.addEventListener('abort', end, { once: true });
    });
  }

  private enqueue: () => Enqueue | undefined = () => undefined;

  /** The objects of a kind in a namespace; undefined where nobody serves it. */
  async list(ctx: Context, kind: QuotaKind, namespace: string): Promise<readonly object[] | undefined> {
    const informer = this.followed.get(keyOf(kind)) ?? (await this.begin(ctx, kind));
    await informer?.synced();
    return informer?.list(namespace);
  }

  /** When it may be known of a kind that is served by nobody. */
  get again(): number {
    return this.lookedAt + LOOK_AGAIN_MILLISECONDS;
  }

  private async begin(ctx: Context, kind: QuotaKind): Promise<SharedInformer<KubeObject> | undefined> {
    const resource = await this.find(ctx, kind);
    if (!resource) return undefined;
    const present = this.followed.get(keyOf(kind));
    if (present) return present;
    const informer = createInformer(this.client.metadata(resource), { transform: onlyName });
    this.followed.set(keyOf(kind), informer);
    const tell = ({ metadata }: KubeObject) => {
      const enqueue = this.enqueue();
      if (enqueue && informer.hasSynced) this.changed(metadata.namespace ?? '', kind, enqueue);
    };
    informer.addHandler({ added: tell, deleted: tell });
    this.follow(informer);
    return informer;
  }

  private async find(ctx: Context, kind: QuotaKind): Promise<DiscoveredResource | undefined> {
    const found = this.known.get(keyOf(kind));
    if (found || ctx.clock.now() < this.again) return found;
    this.lookedAt = ctx.clock.now();
    const served = (await discover(ctx, this.client)).filter(
      (each) => each.namespaced && supports(each, 'create', 'list', 'watch', 'delete'),
    );
    this.known = new Map(served.map((resource) => [keyOf(resource), resource]));
    return this.known.get(keyOf(kind));
  }
}
