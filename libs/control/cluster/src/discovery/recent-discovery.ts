import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { discover, type DiscoveredResource } from './discovery.js';

/** As long as upstream's mapper of kinds does not ask again. */
const FRESH_MILLISECONDS = 30_000;
/** Who misses a kind has it looked for sooner, but not each who misses one. */
const MISSED_MILLISECONDS = 10_000;

/**
 * Finds resources by their kinds, and remembers what is served: however many look for what nobody serves, not every look asks for
 * every group.
 */
export class RecentDiscovery {
  private askedAt = Number.NEGATIVE_INFINITY;
  private known: Promise<readonly DiscoveredResource[]> = Promise.resolve([]);

  constructor(private readonly client: Pick<KubeClient, 'raw'>) {}

  /** Undefined where nobody serves the kind. Rejects where that cannot be known. */
  async find(ctx: Context, group: string, kind: string): Promise<DiscoveredResource | undefined> {
    const among = (all: readonly DiscoveredResource[]) =>
      all.find((each) => each.group === group && each.kind === kind);
    const found = among(await this.within(ctx, FRESH_MILLISECONDS).catch(() => []));
    return found ?? among(await this.within(ctx, MISSED_MILLISECONDS));
  }

  private within(ctx: Context, age: number): Promise<readonly DiscoveredResource[]> {
    const now = ctx.clock.now();
    if (now - this.askedAt >= age) {
      this.askedAt = now;
      this.known = discover(ctx, this.client);
    }
    return this.known;
  }
}
