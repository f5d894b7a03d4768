import type { Context } from '@binnacle/machinery-context';
import { isUnauthorized } from '@binnacle/machinery-meta';
import type { UserInfo } from '../user-info.js';
import type { OpenRights } from './open-rights.js';

/** That it stands open is a use of the session it was opened by, which is noted so often. */
const USED_EVERY_MILLISECONDS = 5 * 60_000;

/** Who is on the other end, and where they said who they are. */
export interface Connected extends Context {
  readonly user: UserInfo;
  readonly cluster: string;
}

const NOTHING = (): void => undefined;

/** A connection that lasts for as long as whoever opened it is believed, whatever else they may do by it. */
export class HeldConnection {
  private letGo = NOTHING;
  private cancelUse = NOTHING;
  private isOver = false;

  constructor(
    private readonly open: Pick<OpenRights, 'hold'>,
    /** Asks again who is on the other end. Rejects with Unauthorized for who is not believed any more. */
    private readonly identify: () => Promise<unknown>,
    /** Hangs up. Called once at most. */
    private readonly hangUp: () => void,
  ) {}

  /** `since`: which revocations were known before it was asked who that is. */
  begin({ user, cluster, clock }: Connected, since: number): void {
    if (this.isOver) return;
    this.letGo = this.open.hold({ user, cluster, since }, { end: () => this.end() });
    this.useLater({ clock });
  }

  /** It is gone. */
  close(): void {
    this.isOver = true;
    this.cancelUse();
    this.letGo();
  }

  private end(): void {
    if (this.isOver) return;
    this.close();
    this.hangUp();
  }

  private useLater(at: Pick<Context, 'clock'>): void {
    this.cancelUse = at.clock.after(USED_EVERY_MILLISECONDS, () => void this.use(at));
  }

  private async use(at: Pick<Context, 'clock'>): Promise<void> {
    try {
      await this.identify();
    } catch (error) {
      if (isUnauthorized(error)) return this.end();
      // Whatever else went wrong says nothing about who is there.
    }
    if (!this.isOver) this.useLater(at);
  }
}
