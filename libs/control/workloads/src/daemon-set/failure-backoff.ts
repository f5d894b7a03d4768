const FIRST = 1_000;
const LONGEST = 15 * 60_000;

interface Entry {
  readonly delay: number;
  readonly since: number;
}

/**
 * How long a failed daemon is left as it is, so that a kubelet that refuses it is not asked again and again: a second, then twice
 * as long each time. Forgets what is long over. Behaves as kubernetes client-go util/flowcontrol Backoff.
 */
export class FailureBackoff {
  private readonly entries = new Map<string, Entry>();

  /** When the failed daemon under `key` may be deleted; undefined where that is now. */
  endOf(key: string, now: number): number | undefined {
    const entry = this.entries.get(key);
    const end = entry && entry.since + entry.delay;
    return end !== undefined && now < end ? end : undefined;
  }

  /** It was deleted: the next one waits longer. */
  next(key: string, now: number): void {
    for (const [other, { since }] of this.entries) if (now - since > 2 * LONGEST) this.entries.delete(other);
    const before = this.entries.get(key);
    const delay = before ? Math.min(2 * before.delay, LONGEST) : FIRST;
    this.entries.set(key, { delay, since: now });
  }
}
