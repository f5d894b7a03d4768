import { newTooManyRequests } from '@binnacle/machinery-meta';
import type { CallerContext } from '@binnacle/server-registry';
import { presentCluster } from '@binnacle/server-storage';
import type { LiveShare } from './live-session.js';

/** What each identity has open, however it came. */
export class OpenByIdentity implements LiveShare {
  private readonly open = new Map<string, number>();

  /** `what`: in the plural, for the words of a refusal. */
  constructor(
    private readonly most: number,
    private readonly what: string,
  ) {}

  enter({ cluster, user }: CallerContext): () => void {
    const key = JSON.stringify([presentCluster(cluster), user.name]);
    const count = this.open.get(key) ?? 0;
    if (count >= this.most)
      throw newTooManyRequests(`${user.name} has ${this.most} ${this.what} open, and may have no more`, 1);
    this.open.set(key, count + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (this.open.get(key) ?? 1) - 1;
      if (now > 0) this.open.set(key, now);
      else this.open.delete(key);
    };
  }
}
