import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { initContainers, mainContainers } from './identity.js';

const COUNTED = ['cpu', 'memory'] as const;

/** Behaves as kubernetes pkg/apis/core/v1/helper/qos. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const resources = [...mainContainers(pod), ...initContainers(pod)].map((container) => container.resources ?? {});
  const asks = resources.some(({ requests, limits }) => COUNTED.some((name) => requests?.[name] ?? limits?.[name]));
  if (!asks) return 'BestEffort';
  const guaranteed = resources.every(({ requests, limits }) =>
    COUNTED.every((name) => {
      const limit = limits?.[name];
      return limit !== undefined && String(requests?.[name] ?? limit) === String(limit);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
