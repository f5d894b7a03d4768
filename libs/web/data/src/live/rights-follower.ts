import type { Clock } from '@binnacle/machinery-context';
import type { FollowRightsMessage, SubscribeAnswer } from '@binnacle/machinery-live';

/** The line, as far as rights are followed over it. */
export interface RightsLine {
  followRights(message: FollowRightsMessage): Promise<SubscribeAnswer>;
  unsubscribe(id: string): void;
  /** Of a subscription that nobody has had. */
  newId(): string;
  sessionLost(): void;
}

interface Followed {
  readonly cluster: string;
  readonly changed: () => void;
  /** Empty while nothing is asked of the line. */
  id: string;
  cancel: (() => void) | undefined;
}

/** Several changes that come together are asked about once. */
const SETTLE_MILLISECONDS = 100;
const RETRY_MILLISECONDS = 3_000;

/**
 * Hears of it when what the reader may do may have changed. The server tells once; it is asked to tell again before anything is
 * asked anew, so that no change falls between.
 */
export class RightsFollower {
  private readonly followed = new Set<Followed>();
  private linked = false;

  constructor(
    private readonly line: RightsLine,
    private readonly clock: Clock,
  ) {}

  /** `changed` is called whenever what is known of rights in the cluster may be out of date, also when a line is there (again). */
  follow(cluster: string, changed: () => void): () => void {
    const one: Followed = { cluster, changed, id: '', cancel: undefined };
    this.followed.add(one);
    if (this.linked) void this.open(one);
    return () => {
      this.followed.delete(one);
      this.close(one);
    };
  }

  connected(): void {
    this.linked = true;
    for (const one of this.followed) void this.open(one);
  }

  disconnected(): void {
    this.linked = false;
    for (const one of this.followed) {
      one.cancel?.();
      one.id = '';
    }
  }

  /** The server has told what it was asked to tell. */
  told(id: string): void {
    for (const one of this.followed) {
      if (one.id !== id) continue;
      one.id = '';
      this.openAfter(one, SETTLE_MILLISECONDS);
    }
  }

  private async open(one: Followed): Promise<void> {
    this.close(one);
    const id = this.line.newId();
    one.id = id;
    const answer = await this.line.followRights({ id, cluster: one.cluster });
    if (one.id !== id) return;
    if (!('error' in answer)) return one.changed();
    one.id = '';
    if (answer.error.code === 401) return this.line.sessionLost();
    this.openAfter(one, RETRY_MILLISECONDS);
  }

  private openAfter(one: Followed, milliseconds: number): void {
    one.cancel = this.clock.after(milliseconds, () => {
      if (this.linked && this.followed.has(one)) void this.open(one);
    });
  }

  private close(one: Followed): void {
    one.cancel?.();
    if (one.id) this.line.unsubscribe(one.id);
    one.id = '';
  }
}
