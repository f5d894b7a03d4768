import { newTooManyRequests } from '@binnacle/machinery-meta';
import type { CallerContext } from '@binnacle/server-registry';
import { presentCluster } from '@binnacle/server-storage';
import { LIMITS } from '../cost/limits.js';

type Kind = 'operations' | 'subscriptions' | 'connections';

const MOST: Readonly<Record<Kind, number>> = {
  operations: LIMITS.operationsAtOnce,
  subscriptions: LIMITS.subscriptionsAtOnce,
  connections: LIMITS.connectionsAtOnce,
};

/** What each identity has running, however it came. */
export class Identities {
  private readonly running = new Map<string, number>();

  /** Answers what ends it. Throws TooManyRequests where the identity has as many of them running as it may. */
  enter({ cluster, user }: CallerContext, kind: Kind): () => void {
    const key = JSON.stringify([kind, presentCluster(cluster), user.name]);
    const count = this.running.get(key) ?? 0;
    if (count >= MOST[kind])
      throw newTooManyRequests(
        `${user.name} has ${count} ${kind} open; at most ${MOST[kind]} are allowed at a time`,
        1,
      );
    this.running.set(key, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (this.running.get(key) ?? 1) - 1;
      if (now > 0) this.running.set(key, now);
      else this.running.delete(key);
    };
  }
}
