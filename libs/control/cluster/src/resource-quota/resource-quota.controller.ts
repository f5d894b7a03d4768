import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { evaluatorOf, type QuotaKind } from '@binnacle/apis-kubernetes/quota';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, type Enqueue, fromChanges, type Source } from '@binnacle/client-controller';
import { keyOf, type SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { CountedKinds } from './counted-kinds.js';
import { ResourceQuotaReconciler } from './resource-quota.reconciler.js';

/** Many Pods go at once; one look at those that are left is enough. */
const GATHER_MILLISECONDS = 200;
const WHOLE = [refs.pods, refs.services, refs.persistentvolumeclaims, refs.resourceclaims];

interface Deps {
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
}

/** Whether a change of an object may be one of what it uses. */
function mayMatter(object: KubeObject, old: KubeObject | undefined): boolean {
  if (!old) return true;
  const part = ({ spec, status, metadata }: KubeObject & { spec?: unknown; status?: { phase?: string } }) =>
    JSON.stringify([spec, status?.phase, metadata.deletionTimestamp]);
  return part(object) !== part(old);
}

/** Keeps the status of quotas true. */
export function resourceQuotaController(ctx: Context, { client, informers }: Deps): Controller {
  const quotas = informers.for<ResourceQuota>(refs.resourcequotas);
  const whole = WHOLE.map((kind) => ({ kind, informer: informers.for<KubeObject>(kind) }));
  const wake = (namespace: string, kind: QuotaKind, enqueue: Enqueue) => {
    const evaluator = evaluatorOf(kind);
    for (const quota of quotas.list(namespace)) {
      const concerned = Object.keys(quota.spec?.hard ?? {}).some((name) => evaluator?.counts(name));
      if (concerned) enqueue.after(keyOf(quota), GATHER_MILLISECONDS);
    }
  };
  const kinds = new CountedKinds(client, wake);
  const quotaClient = client.resource<ResourceQuota>(refs.resourcequotas);
  const reconciler = new ResourceQuotaReconciler({ quotas, quotaClient, whole, kinds });
  const fromQuotas = fromChanges(quotas, (quota, old, enqueue, deleted) => {
    if (!deleted) reconciler.noteChange(keyOf(quota), quota, old, ctx.clock.now());
    enqueue(keyOf(quota));
  });
  const fromWhole = whole.map(
    ({ kind, informer }): Source =>
      fromChanges(informer, (object, old, enqueue) => {
        const { namespace = '' } = object.metadata;
        if (quotas.list(namespace).length > 0 && mayMatter(object, old)) wake(namespace, kind, enqueue);
      }),
  );
  return createController({ name: 'resourcequota', reconciler, sources: [fromQuotas, ...fromWhole, kinds.source] });
}
