import type { Pending } from '@binnacle/client-controller';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import type { LogicalCluster, Resident, Settle } from './types.js';

/** Why a cluster is woken: somebody changed something, something is due, or it has not been looked at yet. */
export type Reason = 'moved' | 'due' | 'unseen';

interface Waking {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly since: number;
  movedAt: number | undefined;
  ending: boolean;
}

/** How long a cluster stays awake, in milliseconds: after it moved last, and where it was only looked at. */
export interface Idle {
  readonly moved: number;
  readonly looked: number;
}

const NOTHING: Pending = { busy: false };

/** A context that ends with another, or when it is told to, and leaves nothing behind then. */
function childOf(ctx: Context): {
  readonly ctx: Context;
  readonly abort: AbortController;
  readonly forget: () => void;
} {
  const abort = new AbortController();
  const end = () => abort.abort(ctx.signal.reason);
  ctx.signal.addEventListener('abort', end, { once: true });
  if (ctx.signal.aborted) end();
  return { ctx: withSignal(ctx, abort.signal), abort, forget: () => ctx.signal.removeEventListener('abort', end) };
}

/** One cluster in this process, mostly at rest. */
export class ClusterLife {
  /** When it is to be woken by itself. */
  dueAt: number | undefined;
  private resident: Resident | undefined;
  private waking: Waking | undefined;
  /** Of the resident. */
  private whole: ReturnType<typeof childOf> | undefined;

  constructor(
    private readonly ctx: Context,
    readonly cluster: LogicalCluster,
    /** The newest revision it is known to have got to. */
    public revision: number,
  ) {}

  get isAwake(): boolean {
    return this.waking !== undefined;
  }

  get ended(): Promise<void> {
    return this.waking?.ended ?? Promise.resolve();
  }

  /** Somebody changed something; false where it is at rest, or about to be, and has to be woken. */
  moved(now: number): boolean {
    if (!this.waking || this.waking.ending) return false;
    this.waking.movedAt = now;
    return true;
  }

  wake(settle: Settle, reason: Reason, done: (failed: boolean) => void): void {
    this.dueAt = undefined;
    const whole = (this.whole ??= childOf(this.named()));
    this.resident ??= settle(whole.ctx, this.cluster);
    const { ctx, abort, forget } = childOf(whole.ctx);
    const since = ctx.clock.now();
    const ended = this.live(ctx, this.resident).then((failed) => {
      forget();
      this.waking = undefined;
      if (!this.resident?.stays) this.giveUp();
      done(failed);
    });
    this.waking = { abort, ended, since, movedAt: reason === 'moved' ? since : undefined, ending: false };
  }

  /** Whether it may rest now: nothing has happened for long enough, and nothing is to be done soon. */
  mayRest(now: number, idle: Idle, isCrowded: boolean): boolean {
    const { waking } = this;
    if (!waking || waking.ending) return false;
    const long = waking.movedAt === undefined || isCrowded ? idle.looked : idle.moved;
    if (now - Math.max(waking.since, waking.movedAt ?? 0) < long) return false;
    const { busy, nextAt = Number.POSITIVE_INFINITY } = this.pending();
    return !busy && nextAt - now > idle.looked;
  }

  rest(): void {
    if (!this.waking || this.waking.ending) return;
    this.dueAt = this.pending().nextAt;
    this.waking.ending = true;
    this.waking.abort.abort(new Error('the cluster rests'));
  }

  /** The cluster is no more. */
  end(): void {
    if (this.waking) this.waking.ending = true;
    this.giveUp();
  }

  private named(): Context {
    const { ctx, cluster } = this;
    return cluster.name === DEFAULT_CLUSTER ? ctx : { ...ctx, logger: ctx.logger.child({ cluster: cluster.name }) };
  }

  private giveUp(): void {
    this.whole?.abort.abort(new Error('the work in the cluster is given up'));
    this.whole?.forget();
    this.whole = undefined;
    this.resident = undefined;
  }

  private pending(): Pending {
    return this.resident?.pending() ?? NOTHING;
  }

  private async live(ctx: Context, resident: Resident): Promise<boolean> {
    try {
      await resident.live(ctx);
      return !ctx.signal.aborted;
    } catch (error) {
      if (ctx.signal.aborted) return false;
      ctx.logger.error('the work in a cluster ended', { cluster: this.cluster.name, error });
      return true;
    }
  }
}
