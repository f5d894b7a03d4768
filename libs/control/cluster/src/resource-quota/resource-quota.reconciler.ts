import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { type Counted, evaluatorOf, kindCountedBy, type QuotaKind } from '@binnacle/apis-kubernetes/quota';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { ObjectKey, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { CountedKinds } from './counted-kinds.js';
import { grew, planQuota } from './plan.js';

export interface ResourceQuotaReconcilerOptions {
  readonly quotas: SharedInformer<ResourceQuota>;
  readonly quotaClient: ResourceClient<ResourceQuota>;
  /** Kinds of which more than the number counts. */
  readonly whole: ReadonlyArray<{ readonly kind: QuotaKind; readonly informer: SharedInformer<KubeObject> }>;
  readonly kinds: CountedKinds;
}

/** The kinds something of which a quota bounds, each once. */
export function kindsOf({ spec }: ResourceQuota): QuotaKind[] {
  const kinds = Object.keys(spec?.hard ?? {}).flatMap((name) => kindCountedBy(name) ?? []);
  return [...new Map(kinds.map((kind) => [`${kind.group}/${kind.plural}`, kind])).values()];
}

/** Says what of a quota is used. Behaves as kubernetes pkg/controller/resourcequota. */
export class ResourceQuotaReconciler implements Reconciler {
  /** When quotas were last seen to grow. */
  private readonly grownAt = new Map<ObjectKey, number>();

  constructor(private readonly options: ResourceQuotaReconcilerOptions) {}

  /** A server has counted something, or nobody here knows whether one has. */
  noteChange(key: ObjectKey, quota: ResourceQuota, old: ResourceQuota | undefined, now: number): void {
    if (!old || grew(old, quota)) this.grownAt.set(key, now);
  }

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const quota = this.options.quotas.get(key);
    if (!quota) {
      this.grownAt.delete(key);
      return done;
    }
    const { counted, unknown } = await this.count(ctx, quota);
    const plan = planQuota(quota, counted, this.grownAt.get(key) ?? 0, ctx.clock.now());
    if (plan.status) await this.write(ctx, { ...quota, status: plan.status });
    const times = [...(plan.again === undefined ? [] : [plan.again]), ...(unknown ? [this.options.kinds.again] : [])];
    return times.length > 0 ? againAt(Math.min(...times)) : done;
  }

  private async count(ctx: Context, quota: ResourceQuota): Promise<{ counted: Counted[]; unknown: boolean }> {
    const counted: Counted[] = [];
    let unknown = false;
    for (const kind of kindsOf(quota)) {
      const evaluator = evaluatorOf(kind);
      const objects = await this.objects(ctx, kind, quota.metadata.namespace ?? '');
      if (evaluator && objects) counted.push({ evaluator, objects });
      else unknown = true;
    }
    return { counted, unknown };
  }

  private objects(ctx: Context, kind: QuotaKind, namespace: string): Promise<readonly object[] | undefined> {
    const whole = this.options.whole.find((one) => one.kind.group === kind.group && one.kind.plural === kind.plural);
    return whole ? Promise.resolve(whole.informer.list(namespace)) : this.options.kinds.list(ctx, kind, namespace);
  }

  /** Only over what was looked at: a count that a server makes meanwhile is not lost. */
  private async write(ctx: Context, quota: ResourceQuota): Promise<void> {
    const written = await this.options.quotaClient.updateStatus(ctx, quota);
    await this.options.quotas.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
