import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { fromChanges, type Source } from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import { endpointChanged } from './pod-endpoint.js';

/** A rollout changes many Pods at once; one look at all of them is enough. */
const GATHER_MILLISECONDS = 20;

export function servicesOf(pod: Pod, services: Lister<Service>): string[] {
  return services
    .list(pod.metadata.namespace)
    .filter(({ spec }) => spec?.selector && matcherFromSet(spec.selector).matches(pod.metadata.labels))
    .map(keyOf);
}

/** `gather` is in milliseconds. Wakes the Services that choose the Pod, and those that chose it before its labels changed. */
export function fromServicePods(
  pods: SharedInformer<Pod>,
  services: Lister<Service>,
  gather = GATHER_MILLISECONDS,
): Source {
  return fromChanges(pods, (pod, old, enqueue) => {
    const relabelled = old !== undefined && !semanticEqual(old.metadata.labels, pod.metadata.labels);
    if (old && !relabelled && !endpointChanged(old, pod)) return;
    const keys = [...servicesOf(pod, services), ...(old && relabelled ? servicesOf(old, services) : [])];
    for (const key of new Set(keys)) enqueue.after(key, gather);
  });
}
