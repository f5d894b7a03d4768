import { type Invitation, INVITATIONS } from '@binnacle/apis-iam';
import { type Context, sleep } from '@binnacle/machinery-context';
import { ignoreNotFound, parseTime } from '@binnacle/machinery-meta';
import { parseBody } from '@binnacle/server-storage';
import { type PeopleSource, scopeOf } from '../directory/people-directory.js';
import type { PeopleObjects } from '../objects/people-objects.js';

const RETRY_MILLISECONDS = 1_000;
/** The time that stands still in a suspended machine is caught up with after this. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

const endOf = ({ spec }: Invitation): number => parseTime(spec?.expiresAt) ?? Number.POSITIVE_INFINITY;
const isPending = ({ status }: Invitation): boolean => (status?.phase ?? 'Pending') === 'Pending';

/**
 * Writes of an invitation whose time is over that it has expired, as that comes to pass: so its status, its row and every protocol say
 * the same. Each server does it; whoever comes second finds it done. Nothing is decided by it: a link is looked at by its own time.
 */
export class ExpiringInvitations {
  private cancel: () => void = () => undefined;

  constructor(
    private readonly source: PeopleSource,
    private readonly objects: Pick<PeopleObjects, 'context' | 'edit'>,
  ) {}

  /** Goes on until the context ends. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      try {
        const watch = await this.source.watch(ctx, scopeOf(INVITATIONS), {});
        await this.settle(ctx);
        for await (const _items of watch) await this.settle(ctx);
      } catch (error) {
        if (!ctx.signal.aborted) ctx.logger.debug('invitations are not followed for a moment', { error });
      }
      await sleep(ctx, RETRY_MILLISECONDS).catch(() => undefined);
    }
    this.cancel();
  }

  /** Marks those whose time is over, and comes back when that of the next is. */
  private async settle(ctx: Context): Promise<void> {
    this.cancel();
    const pending = (await this.all(ctx)).filter(isPending);
    const now = ctx.clock.now();
    for (const invitation of pending.filter((one) => endOf(one) <= now)) await this.expire(ctx, invitation);
    const next = Math.min(...pending.map(endOf).filter((end) => end > now));
    if (!Number.isFinite(next)) return;
    this.cancel = ctx.clock.after(Math.min(next - now, LONGEST_WAIT_MILLISECONDS), () => {
      this.settle(ctx).catch((error: unknown) => ctx.logger.debug('invitations are not looked at', { error }));
    });
  }

  private async all(ctx: Context): Promise<Invitation[]> {
    const { items } = await this.source.list(ctx, scopeOf(INVITATIONS), { revision: { at: 'latest' } });
    return items.map((stored) => parseBody(stored) as unknown as Invitation);
  }

  private async expire(ctx: Context, { metadata: { name = '' } }: Invitation): Promise<void> {
    const mark = (invitation: Invitation) => {
      if (isPending(invitation) && endOf(invitation) <= ctx.clock.now()) invitation.status = { phase: 'Expired' };
    };
    await ignoreNotFound(this.objects.edit<Invitation>(this.objects.context(ctx), INVITATIONS, name, mark, 'status'));
  }
}
