interface Entry {
  delay: number;
  updated: number;
}

/** Doubling delays by key, forgotten after twice the longest delay. Behaves as client-go util/flowcontrol Backoff. */
export class BackOff {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly initial: number,
    private readonly longest: number,
  ) {}

  /** When what last happened at `event`, or else when it was last tried, may be tried again; undefined means now. */
  until(key: string, event: number | undefined, now: number): number | undefined {
    const since = event ?? this.entries.get(key)?.updated;
    const entry = since === undefined ? undefined : this.current(key, since);
    if (since === undefined || !entry) return undefined;
    const until = since + entry.delay;
    return until > now ? until : undefined;
  }

  delay(key: string): number {
    return this.entries.get(key)?.delay ?? 0;
  }

  /** Counts one more try. */
  next(key: string, now: number): void {
    const entry = this.current(key, now);
    const delay = entry ? Math.min(entry.delay * 2, this.longest) : this.initial;
    this.entries.set(key, { delay, updated: now });
  }

  forget(prefix: string): void {
    for (const key of this.entries.keys()) {
      if (key.startsWith(prefix)) this.entries.delete(key);
    }
  }

  private current(key: string, at: number): Entry | undefined {
    const entry = this.entries.get(key);
    return entry && at - entry.updated <= this.longest * 2 ? entry : undefined;
  }
}

/** As Go prints a duration of whole seconds: `10s`, `1m20s`, `5m0s`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
