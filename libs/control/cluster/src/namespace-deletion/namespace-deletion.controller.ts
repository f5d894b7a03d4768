import type { Namespace, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  done,
  fromChanges,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { ContentDeleter } from './content-deleter.js';
import { type ContentReport, deletionConditions } from './plan.js';

const FINALIZER = 'kubernetes';
/** Content that goes gracefully is looked for again soon at first and less often later. */
const SOONEST_MILLISECONDS = 100;
const LATEST_MILLISECONDS = 10_000;

interface NamespaceDeletionOptions {
  readonly namespaces: SharedInformer<Namespace>;
  readonly client: ResourceClient<Namespace>;
  readonly deleter: ContentDeleter;
}

/** Empties namespaces that are being deleted, then lets them go. Behaves as kubernetes pkg/controller/namespace. */
class NamespaceDeletionReconciler implements Reconciler {
  private readonly waits = new Map<string, number>();

  constructor(private readonly options: NamespaceDeletionOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const namespace = this.options.namespaces.get(key);
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec?.finalizers?.includes(FINALIZER)) {
      this.waits.delete(key);
      return done;
    }
    const report = await this.options.deleter.deleteContent(ctx, key);
    const current = await this.writeConditions(ctx, namespace, report);
    if (report.remaining.length > 0 || report.deletionErrors.length > 0 || report.discoveryError) {
      const wait = this.waits.get(key) ?? SOONEST_MILLISECONDS;
      this.waits.set(key, Math.min(wait * 1.5, LATEST_MILLISECONDS));
      return againAt(ctx.clock.now() + wait);
    }
    this.waits.delete(key);
    await this.finalize(ctx, current);
    return done;
  }

  private async writeConditions(ctx: Context, namespace: Namespace, report: ContentReport): Promise<Namespace> {
    const conditions = deletionConditions(namespace, report, ctx.clock.now());
    if (semanticEqual(conditions, namespace.status?.conditions)) return namespace;
    const status = { ...namespace.status, phase: 'Terminating', conditions };
    const written = await ignoreNotFound(this.options.client.updateStatus(ctx, { ...namespace, status }));
    if (written) await this.options.namespaces.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written ?? namespace;
  }

  private async finalize(ctx: Context, namespace: Namespace): Promise<void> {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    const body = { ...namespace, spec: { ...namespace.spec, finalizers } };
    await ignoreNotFound(this.options.client.updateSubresource(ctx, body, 'finalize'));
  }
}

/** Pods are what takes long to go: the end of each is worth a look. */
function fromPods(pods: SharedInformer<Pod>, namespaces: SharedInformer<Namespace>): Source {
  return fromChanges(pods, ({ metadata: { namespace = '' } }, _, enqueue, deleted) => {
    if (deleted && namespaces.get(namespace)?.metadata.deletionTimestamp) {
      enqueue.after(namespace, SOONEST_MILLISECONDS);
    }
  });
}

export function namespaceDeletionController({ client, informers }: ControllerDeps): Controller {
  const namespaces = informers.for<Namespace>(refs.namespaces);
  const deleter = new ContentDeleter(client);
  return createController({
    name: 'namespace',
    reconciler: new NamespaceDeletionReconciler({
      namespaces,
      client: client.resource<Namespace>(refs.namespaces),
      deleter,
    }),
    sources: [
      fromChanges(namespaces, (namespace, old, enqueue) => {
        const news = !old?.metadata.deletionTimestamp || !semanticEqual(old.spec, namespace.spec);
        if (namespace.metadata.deletionTimestamp && news) enqueue(keyOf(namespace));
      }),
      fromPods(informers.for<Pod>(refs.pods), namespaces),
    ],
    workers: 10,
  });
}
