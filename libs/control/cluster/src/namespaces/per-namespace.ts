import type { Namespace } from '@binnacle/apis-kubernetes/core/v1';
import { type Controller, createController, done, fromChanges, fromObjects } from '@binnacle/client-controller';
import { type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, isForbidden, isNotFound, type KubeObject } from '@binnacle/machinery-meta';

/** One object of a fixed name that every living namespace must have. */
export interface PerNamespace<T extends KubeObject> {
  readonly controller: string;
  readonly name: string;
  readonly namespaces: SharedInformer<Namespace>;
  readonly objects: SharedInformer<T>;
  readonly client: ResourceClient<T>;
  /** What to write over `existing`, or to make; undefined when that is right already. */
  desired(namespace: string, existing: T | undefined): T | undefined;
}

async function ensure<T extends KubeObject>(ctx: Context, what: PerNamespace<T>, namespace: string): Promise<void> {
  const existing = what.objects.get(`${namespace}/${what.name}`);
  const next = what.desired(namespace, existing);
  if (!next) return;
  try {
    const written = existing ? await what.client.update(ctx, next) : await what.client.create(ctx, next);
    await what.objects.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  } catch (error) {
    // Made by another meanwhile, or the namespace has begun to go: an event of either follows.
    if (!isAlreadyExists(error) && !isNotFound(error) && !isForbidden(error)) throw error;
  }
}

/** Makes the object where it is missing, mends it where it was changed and makes it again where it was deleted. */
export function perNamespaceController<T extends KubeObject>(what: PerNamespace<T>): Controller {
  return createController({
    name: what.controller,
    reconciler: {
      async reconcile(ctx, key) {
        const namespace = what.namespaces.get(key);
        if (namespace && !namespace.metadata.deletionTimestamp) await ensure(ctx, what, splitKey(key).name);
        return done;
      },
    },
    sources: [
      fromObjects(what.namespaces),
      fromChanges(what.objects, ({ metadata }, _, enqueue) => {
        if (metadata.name === what.name && metadata.namespace) enqueue(metadata.namespace);
      }),
    ],
  });
}
