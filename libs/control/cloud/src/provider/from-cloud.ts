import type { Enqueue, Source } from '@binnacle/client-controller';
import type { ObjectKey } from '@binnacle/client-informers';

/** What tells by itself that something wants another look. */
interface Followed {
  follow?(changed: (key: ObjectKey) => void): void;
}

/** Wakes a controller for what its cloud tells by itself; `doubt` hears of it first. */
export function fromCloud(cloud: Followed, doubt: (key: ObjectKey) => void = () => undefined): Source {
  return {
    start: (enqueue: Enqueue) =>
      cloud.follow?.((key) => {
        doubt(key);
        enqueue(key);
      }),
    synced: async () => undefined,
  };
}
