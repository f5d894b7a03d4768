import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf } from '@binnacle/client-informers';
import { formatTime } from '@binnacle/machinery-context';
import { type ObjectMeta, parseTime } from '@binnacle/machinery-meta';

export const LAST_CHANGE_TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

interface Known {
  readonly service: number;
  /** When each Pod's readiness changed last, by the Pod's name. */
  readonly pods: ReadonlyMap<string, number>;
}

/** Milliseconds since the epoch at which a Pod became ready, or ceased to be; undefined where it says neither. */
function readinessTime({ status }: Pod): number | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return parseTime(ready?.lastTransitionTime);
}

function knownOf({ metadata }: Service, pods: readonly Pod[]): Known {
  const times = pods.flatMap((pod) => {
    const time = readinessTime(pod);
    return time === undefined ? [] : [[pod.metadata.name ?? '', time] as const];
  });
  return { service: parseTime(metadata.creationTimestamp) ?? 0, pods: new Map(times) };
}

/**
 * What first led to a change of a Service's endpoints, so that others can tell how long it took to reach them. Behaves as
 * kubernetes staging endpointslice/util/trigger_time_tracker.go.
 */
export class TriggerTimes {
  private readonly known = new Map<string, Known>();

  /** To be called at each look at a Service. RFC 3339; undefined where nothing has changed that has a time. */
  of(service: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOf(service);
    const [before, now] = [this.known.get(key), knownOf(service, pods)];
    this.known.set(key, now);
    if (!before) return service.metadata.creationTimestamp;
    const changed = [...now.pods].filter(([name, time]) => time > (before.pods.get(name) ?? 0)).map(([, time]) => time);
    if (now.service > before.service) changed.push(now.service);
    return changed.length > 0 ? formatTime(Math.min(...changed)) : undefined;
  }

  forget(key: string): void {
    this.known.delete(key);
  }
}

/** Says in an object what led to its change, or nothing more of an earlier one. */
export function withTriggerTime<T extends { readonly metadata: ObjectMeta }>(object: T, time: string | undefined): T {
  const { [LAST_CHANGE_TRIGGER_TIME]: _, ...others } = object.metadata.annotations ?? {};
  const annotations = { ...others, ...(time && { [LAST_CHANGE_TRIGGER_TIME]: time }) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
