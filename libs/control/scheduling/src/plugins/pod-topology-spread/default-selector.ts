import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { ReplicationController, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import type { LabelSelector } from '@binnacle/machinery-meta';
import type { PodInfo } from '../../pod/pod-info.js';
import type { DefaultSelector } from './sources.js';

export interface SelectorSources {
  readonly services: Lister<Service>;
  readonly replicaSets: Lister<ReplicaSet>;
  readonly replicationControllers: Lister<ReplicationController>;
}

function selects(selector: Readonly<Record<string, string>>, labels: PodInfo['labels']): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

function serviceLabels({ namespace, labels }: PodInfo, services: Lister<Service>): Record<string, string> {
  const selectors = services.list(namespace).map((service) => service.spec?.selector ?? {});
  return Object.assign({}, ...selectors.filter((selector) => selects(selector, labels)));
}

function controllerSelector(controller: ReplicationController | undefined): LabelSelector | undefined {
  const matchLabels = controller?.spec?.selector;
  return matchLabels && { matchLabels };
}

function ownerSelector(pod: PodInfo, sources: SelectorSources): LabelSelector | undefined {
  const owner = pod.pod.metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return undefined;
  const key = `${pod.namespace}/${owner.name}`;
  if (owner.kind === 'ReplicaSet') return sources.replicaSets.get(key)?.spec?.selector;
  if (owner.kind === 'ReplicationController') return controllerSelector(sources.replicationControllers.get(key));
  return undefined;
}

/** What a Pod without constraints of its own is spread among: its Services' and its owner's Pods. */
export function defaultSelector(sources: SelectorSources): DefaultSelector {
  return (pod) => {
    const services = serviceLabels(pod, sources.services);
    const owner = ownerSelector(pod, sources);
    if (Object.keys(services).length === 0 && !owner) return undefined;
    return { ...owner, matchLabels: { ...services, ...owner?.matchLabels } };
  };
}
