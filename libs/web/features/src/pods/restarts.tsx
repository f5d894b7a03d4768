import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { Age } from '../objects/age.js';
import { podState } from './pod-status.js';

/** How often containers were started anew, and how long ago the last time was. */
export function Restarts({ pod }: { pod: Pod }) {
  const { restarts, restartedAt } = podState(pod);
  if (restarts === 0) return <span className="text-ink-3">0</span>;
  return (
    <span>
      {restarts}
      {restartedAt && (
        <span className="ml-1 text-xs text-ink-3">
          (<Age time={restartedAt} />)
        </span>
      )}
    </span>
  );
}
