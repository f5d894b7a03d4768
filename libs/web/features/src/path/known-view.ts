import type { Known } from '@binnacle/apis-request-path';
import type { KubeObject, LiveView } from '@binnacle/web-data';

/** What a live list tells, for who must know how much of it may be seen. */
export function knownOf<T extends KubeObject>({ phase, items }: LiveView): Known<T> {
  switch (phase) {
    case 'live':
    case 'stale':
      return { state: 'known', items: items as unknown as readonly T[] };
    case 'denied':
    case 'failed':
      return { state: 'refused' };
    default:
      return { state: phase };
  }
}
