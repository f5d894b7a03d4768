import type { Pod, Volume } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { podText } from '../pod/identity.js';
import { followsSources } from '../volumes/directory-volumes.js';
import type { NodeServices } from './services.js';

/** As upstream's kubelet syncs every Pod anew. All look at the same moments, so that what they share is asked for once. */
const PERIOD_MILLISECONDS = 60_000;
/** The volume that every Pod is given holds a token for an hour, and a certificate that hardly ever changes. */
const ACCESS_PERIOD_MILLISECONDS = 600_000;
const ACCESS_PREFIX = 'kube-api-access-';

const periodOf = (volumes: readonly Volume[]): number =>
  volumes.every(({ name }) => name.startsWith(ACCESS_PREFIX)) ? ACCESS_PERIOD_MILLISECONDS : PERIOD_MILLISECONDS;

const nextPeriod = (now: number, period: number) => (Math.floor(now / period) + 1) * period;

/** Keeps the volumes of a running Pod up to date with ConfigMaps, Secrets and the Pod itself. */
export class VolumeRefresh {
  private due: number | undefined;

  constructor(private readonly node: NodeServices) {}

  /** The Pod's own labels or annotations changed. */
  soon(): void {
    if (this.due !== undefined) this.due = 0;
  }

  /** Answers when to look again; undefined for a Pod without such volumes. What cannot be read now stays as it was. */
  async follow(ctx: Context, pod: Pod): Promise<number | undefined> {
    const followed = (pod.spec?.volumes ?? []).filter(followsSources);
    if (followed.length === 0) return undefined;
    const now = ctx.clock.now();
    if (this.due !== undefined && this.due <= now && this.node.isFollowing()) {
      await this.node.volumes.refresh(ctx, pod).catch((error: unknown) => {
        ctx.logger.debug('the volumes of a Pod could not be refreshed', { pod: podText(pod), error });
      });
    }
    if (this.due === undefined || this.due <= now) this.due = nextPeriod(now, periodOf(followed));
    return this.due;
  }
}
