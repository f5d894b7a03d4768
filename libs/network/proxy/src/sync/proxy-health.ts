/** As upstream: twice the period of its full syncs. */
const LATE_MILLISECONDS = 60_000;

/** What `/healthz` tells, as kubernetes pkg/proxy/healthcheck writes it. Times are RFC 3339. */
export interface HealthReport {
  readonly lastUpdated: string;
  readonly currentTime: string;
  readonly nodeEligible?: boolean;
  readonly healthy: boolean;
  readonly status: { readonly IPv4?: { readonly lastUpdated: string; readonly healthy: boolean } };
}

/** One proxier's part. */
interface Part {
  lastUpdated: number | undefined;
  /** Since when something waits. */
  pendingSince: number | undefined;
}

const NEVER = '0001-01-01T00:00:00Z';
const timeText = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? NEVER : new Date(milliseconds).toISOString();

/** Whether what Services want is carried out in time, in all clusters. Behaves as kubernetes ProxyHealthServer. */
export class ProxyHealth {
  private readonly parts = new Map<object, Part>();

  queued(owner: object, now: number): void {
    const part = this.parts.get(owner) ?? { lastUpdated: undefined, pendingSince: undefined };
    part.pendingSince ??= now;
    this.parts.set(owner, part);
  }

  updated(owner: object, now: number): void {
    this.parts.set(owner, { lastUpdated: now, pendingSince: undefined });
  }

  /** It works no more: nothing of it can be late. */
  forget(owner: object): void {
    this.parts.delete(owner);
  }

  /** A part that starts up is healthy until it has been up to date once. */
  isHealthy(now: number): boolean {
    return [...this.parts.values()].every(
      ({ lastUpdated, pendingSince }) =>
        lastUpdated === undefined || pendingSince === undefined || now - pendingSince < LATE_MILLISECONDS,
    );
  }

  report(now: number): HealthReport {
    const healthy = this.isHealthy(now);
    const updates = [...this.parts.values()].flatMap(({ lastUpdated }) => lastUpdated ?? []);
    const latest = updates.length > 0 ? Math.max(...updates) : undefined;
    return {
      // Who is healthy has just been, for who knows older releases.
      lastUpdated: timeText(healthy ? now : latest),
      currentTime: timeText(now),
      healthy,
      status: latest === undefined ? {} : { IPv4: { lastUpdated: timeText(latest), healthy } },
    };
  }
}
