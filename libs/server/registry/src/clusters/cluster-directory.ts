import type { CancelTimer, Context } from '@binnacle/machinery-context';
import type { ClusterListener, ClusterMove, ClusterStore, ClusterWatcher } from '@binnacle/server-storage';

/** Milliseconds between two tellings of one cluster. The first after a pause goes out at once. */
const TELL_EVERY = 250;
/** Batches that are committed together are told together. */
const GATHER = 5;

interface Entry {
  move: ClusterMove;
  toldAt: number;
}

/** Every logical cluster, and where it has got to: a few words each, whatever is in them. */
export class ClusterDirectory {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<ClusterListener>();
  private readonly untold = new Map<string, ClusterMove>();
  private timer: { readonly due: number; readonly cancel: CancelTimer } | undefined;
  private stopFollowing: () => void = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly storage: ClusterWatcher & Pick<ClusterStore, 'listClusters'>,
  ) {}

  /** Resolves once every cluster there is is known. */
  async start(): Promise<void> {
    this.stopFollowing = await this.storage.followClusters(this.ctx, (moves) => this.moved(moves));
  }

  stop(): void {
    this.stopFollowing();
    this.timer?.cancel();
    this.listeners.clear();
  }

  get all(): readonly ClusterMove[] {
    return [...this.entries.values()].map(({ move }) => move);
  }

  /** Also of a cluster that another server has just made. */
  async find(ctx: Context, name: string): Promise<ClusterMove | undefined> {
    const known = this.entries.get(name)?.move;
    return known ?? (await this.storage.listClusters(ctx)).find((cluster) => cluster.name === name);
  }

  /** Tells of everything there is, then of every move, a busy cluster's a few times a second, until the returned call. */
  follow(listener: ClusterListener): () => void {
    listener(this.all);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private moved(moves: readonly ClusterMove[]): void {
    for (const move of moves) this.take(move);
    this.tellLater();
  }

  private take(move: ClusterMove): void {
    const { name, incarnation, deleted } = move;
    const known = this.entries.get(name);
    // What is told late of a cluster that is gone is not about the one of its name that came after.
    if (deleted && known && known.move.incarnation !== incarnation) return;
    const toldAt = known?.toldAt ?? Number.NEGATIVE_INFINITY;
    if (deleted) this.entries.delete(name);
    else this.entries.set(name, { move, toldAt });
    if (this.listeners.size > 0) this.untold.set(name, move);
  }

  /** A cluster that was quiet does not wait for those that are busy. */
  private tellLater(): void {
    if (this.untold.size === 0) return;
    const soonest = this.ctx.clock.now() + GATHER;
    const due = Math.max(soonest, Math.min(...[...this.untold.keys()].map((name) => this.dueAt(name))));
    if (this.timer && this.timer.due <= due) return;
    this.timer?.cancel();
    const cancel = this.ctx.clock.after(due - this.ctx.clock.now(), () => {
      this.timer = undefined;
      this.tell();
      this.tellLater();
    });
    this.timer = { due, cancel };
  }

  private dueAt(name: string): number {
    return (this.entries.get(name)?.toldAt ?? Number.NEGATIVE_INFINITY) + TELL_EVERY;
  }

  private tell(): void {
    const now = this.ctx.clock.now();
    const due = [...this.untold].filter(([name]) => this.dueAt(name) <= now);
    for (const [name] of due) {
      this.untold.delete(name);
      const entry = this.entries.get(name);
      if (entry) entry.toldAt = now;
    }
    const moves = due.map(([, move]) => move);
    if (moves.length > 0) for (const listener of this.listeners) listener(moves);
  }
}
