import type { ContainerStatus, Pod } from '../../../core/v1/index.js';
import { findCondition, parseTime } from '@binnacle/machinery-meta';

function sidecarStatuses({ spec, status }: Pod): ContainerStatus[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const names = new Set(sidecars.map(({ name }) => name));
  return (status?.initContainerStatuses ?? []).filter(({ name }) => names.has(name));
}

/** When the last of its containers ended, where all have. */
function containersFinishedAt(pod: Pod): number | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...sidecarStatuses(pod)];
  const times = statuses.map(({ state }) => parseTime(state?.terminated?.finishedAt));
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return Math.max(...(times as number[]));
}

function unreadySince(pod: Pod): number | undefined {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  return ready?.status === 'False' ? parseTime(ready.lastTransitionTime) : undefined;
}

function deletedAt({ metadata }: Pod): number | undefined {
  const gone = parseTime(metadata.deletionTimestamp);
  return gone === undefined ? undefined : gone - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
}

/** When a Pod ended, as well as it can be told. Behaves as kubernetes pkg/controller/job/backoff_utils.go. */
export function finishedAt(pod: Pod): number {
  return (
    containersFinishedAt(pod) ?? unreadySince(pod) ?? deletedAt(pod) ?? parseTime(pod.metadata.creationTimestamp) ?? 0
  );
}
