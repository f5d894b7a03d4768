import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Enqueue, fromChanges, type Source } from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import { controllerOf, type KubeObject, type LabelSelector } from '@binnacle/machinery-meta';
import { type LabelMatcher, matcherFromLabelSelector } from '@binnacle/machinery-selectors';

/** Status reports of many Pods come in bursts; one look at all of them is enough. */
const GATHER_MILLISECONDS = 20;

export interface PodOwners<T extends KubeObject> {
  readonly kind: string;
  get(key: string): T | undefined;
  list(namespace?: string): readonly T[];
  matcher(owner: T): LabelMatcher;
}

/** The owners of one kind that choose their Pods by a selector. */
export function ownersOf<T extends KubeObject & { readonly spec?: { readonly selector?: LabelSelector } }>(
  kind: string,
  owners: Lister<T>,
): PodOwners<T> {
  return {
    kind,
    get: (key) => owners.get(key),
    list: (namespace) => owners.list(namespace),
    matcher: ({ spec }) => matcherFromLabelSelector(spec?.selector),
  };
}

function ownerKey<T extends KubeObject>(owners: PodOwners<T>, pod: Pod): string | undefined {
  const reference = controllerOf(pod);
  if (reference?.kind !== owners.kind) return undefined;
  const key = `${pod.metadata.namespace}/${reference.name}`;
  return owners.get(key)?.metadata.uid === reference.uid ? key : undefined;
}

/** Everybody whose selector chooses an orphan may want to adopt it. */
function wakeAdopters<T extends KubeObject>(owners: PodOwners<T>, pod: Pod, enqueue: Enqueue): void {
  for (const owner of owners.list(pod.metadata.namespace)) {
    if (owners.matcher(owner).matches(pod.metadata.labels)) enqueue(keyOf(owner));
  }
}

/** Wakes the owner of a Pod that changed; for an orphan, all who might adopt it. */
export function fromPods<T extends KubeObject>(pods: SharedInformer<Pod>, owners: PodOwners<T>): Source {
  return fromChanges(pods, (pod, old, enqueue, deleted) => {
    const key = ownerKey(owners, pod);
    const before = old && ownerKey(owners, old);
    if (before && before !== key) enqueue(before);
    if (key) {
      if (old) enqueue.after(key, GATHER_MILLISECONDS);
      else enqueue(key);
    } else if (!controllerOf(pod) && !deleted) wakeAdopters(owners, pod, enqueue);
  });
}
