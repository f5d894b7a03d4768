import { setMaxListeners } from 'node:events';
import type { ClusterObject, KubeClient } from '@binnacle/client-rest';
import type { CancelTimer, Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { ClusterFeed, type ClusterSink } from './cluster-feed.js';
import { ClusterLife, type Idle, type Reason } from './cluster-life.js';
import type { LogicalCluster, Settle } from './types.js';

export interface ClustersOptions {
  /** Milliseconds a cluster stays awake after it moved last. */
  readonly idleAfter?: number;
  /** Milliseconds one stays awake that was only looked at. */
  readonly lookFor?: number;
  /** So many are awake at a time. */
  readonly awakeAtOnce?: number;
  /** So many of those there were before this process are looked at at a time. */
  readonly unseenAtOnce?: number;
  /** Told the uids of all there are, when that is known and whenever one is no more and what worked in it has ended. */
  readonly onlyThese?: (uids: ReadonlySet<string>) => void;
}

const DEFAULTS: Required<ClustersOptions> = {
  idleAfter: 60_000,
  lookFor: 1_000,
  awakeAtOnce: 100,
  unseenAtOnce: 8,
  onlyThese: () => undefined,
};
const CHECK_MILLISECONDS = 500;
/** Where the work in a cluster ended by itself it begins again after this long. */
const AGAIN_MILLISECONDS = 5_000;
const REASONS: readonly Reason[] = ['moved', 'due', 'unseen'];

/**
 * Works in every logical cluster of a server, in those that move: a cluster comes to life when somebody changes something in it
 * or something is due there, and rests when nothing has happened for a while. One at rest costs its entry here; `main`
 * never rests.
 */
export class Clusters implements ClusterSink {
  private readonly lives = new Map<string, ClusterLife>();
  private readonly wanted: Record<Reason, Set<string>> = { moved: new Set(), due: new Set(), unseen: new Set() };
  private readonly awake = new Map<ClusterLife, Reason>();
  private readonly options: Required<ClustersOptions>;
  private ctx: Context | undefined;
  private settle: Settle | undefined;
  private cancelCheck: CancelTimer | undefined;
  private cancelDue: CancelTimer = () => undefined;

  constructor(
    private readonly client: KubeClient,
    options: ClustersOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  get counts(): { readonly known: number; readonly awake: number } {
    return { known: this.lives.size, awake: this.awake.size };
  }

  /** Runs until the context aborts, and then until all work has ended. */
  async run(ctx: Context, settle: Settle): Promise<void> {
    this.ctx = ctx;
    this.settle = settle;
    // Every cluster listens to it.
    setMaxListeners(0, ctx.signal);
    this.begin(ctx, { name: DEFAULT_CLUSTER, uid: '', network: {}, client: this.client }, 0);
    this.want(DEFAULT_CLUSTER, 'moved');
    await new ClusterFeed(this.client, this).run(ctx);
    this.cancelCheck?.();
    this.cancelDue();
    await Promise.all([...this.awake.keys()].map((life) => life.ended));
    this.lives.clear();
  }

  present(object: ClusterObject, isInitial: boolean): void {
    const { name = '', uid = '', resourceVersion } = object.metadata;
    const revision = Number(resourceVersion ?? 0);
    const known = this.lives.get(name);
    if (known && (known.cluster.uid === uid || name === DEFAULT_CLUSTER)) return this.moved(known, revision);
    if (known) this.remove(name);
    if (!this.ctx) return;
    const client = this.client.inCluster(name);
    this.begin(this.ctx, { name, uid, network: object.spec ?? {}, client }, revision);
    this.want(name, isInitial ? 'unseen' : 'moved');
  }

  gone(name: string, uid: string): void {
    const life = this.lives.get(name);
    if (name === DEFAULT_CLUSTER || life?.cluster.uid !== uid) return;
    this.remove(name);
    void life.ended.then(() => this.tellKnown());
  }

  complete(names: ReadonlySet<string>): void {
    for (const name of [...this.lives.keys()]) if (name !== DEFAULT_CLUSTER && !names.has(name)) this.remove(name);
    this.tellKnown();
  }

  private tellKnown(): void {
    const all = [...this.lives.values()].map(({ cluster }) => cluster.uid);
    if (!this.ctx?.signal.aborted) this.options.onlyThese(new Set(all));
  }

  private begin(ctx: Context, cluster: LogicalCluster, revision: number): void {
    this.lives.set(cluster.name, new ClusterLife(ctx, cluster, revision));
  }

  private moved(life: ClusterLife, revision: number): void {
    if (!this.ctx || revision <= life.revision) return;
    life.revision = revision;
    if (!life.moved(this.ctx.clock.now())) this.want(life.cluster.name, 'moved');
  }

  private remove(name: string): void {
    for (const reason of REASONS) this.wanted[reason].delete(name);
    this.lives.get(name)?.end();
    this.lives.delete(name);
  }

  private want(name: string, reason: Reason): void {
    this.wanted[reason].add(name);
    this.wakeNext();
  }

  /** Those that moved first, then what is due, then what has not been looked at. */
  private wakeNext(): void {
    for (const reason of REASONS) {
      for (const name of this.wanted[reason]) {
        if (!this.hasRoom(reason)) break;
        this.wake(name, reason);
      }
    }
    this.checkLater();
  }

  private hasRoom(reason: Reason): boolean {
    const { awakeAtOnce, unseenAtOnce } = this.options;
    if (this.awake.size >= awakeAtOnce) return false;
    if (reason !== 'unseen') return true;
    return [...this.awake.values()].filter((other) => other === 'unseen').length < unseenAtOnce;
  }

  private wake(name: string, reason: Reason): void {
    const { settle, ctx } = this;
    const life = this.lives.get(name);
    // One that is about to rest is woken when it has.
    if (!settle || !ctx || ctx.signal.aborted || !life || life.isAwake) return;
    for (const each of REASONS) this.wanted[each].delete(name);
    this.awake.set(life, reason);
    life.wake(settle, reason, (failed) => this.rested(life, failed));
  }

  private rested(life: ClusterLife, failed: boolean): void {
    this.awake.delete(life);
    const { ctx } = this;
    if (!ctx || ctx.signal.aborted) return;
    const { name } = life.cluster;
    if (failed) life.dueAt = ctx.clock.now() + AGAIN_MILLISECONDS;
    if (this.lives.get(name) === life) this.dueLater(ctx);
    this.wakeNext();
  }

  private dueLater(ctx: Context): void {
    this.cancelDue();
    const times = [...this.lives.values()].flatMap(({ dueAt }) => dueAt ?? []);
    if (times.length === 0) return;
    this.cancelDue = ctx.clock.after(Math.max(1, Math.min(...times) - ctx.clock.now()), () => {
      this.wantDue(ctx.clock.now());
      this.dueLater(ctx);
    });
  }

  private wantDue(now: number): void {
    for (const [name, life] of this.lives) {
      if (life.dueAt === undefined || life.dueAt > now) continue;
      life.dueAt = undefined;
      this.want(name, 'due');
    }
  }

  /** While only `main` is awake nothing has to be checked. */
  private checkLater(): void {
    const { ctx } = this;
    const isQuiet = [...this.awake.keys()].every(({ cluster }) => cluster.name === DEFAULT_CLUSTER);
    if (!ctx || ctx.signal.aborted || this.cancelCheck || isQuiet) return;
    this.cancelCheck = ctx.clock.after(CHECK_MILLISECONDS, () => {
      this.cancelCheck = undefined;
      this.check(ctx.clock.now());
      this.checkLater();
    });
  }

  private check(now: number): void {
    const { idleAfter, lookFor, awakeAtOnce } = this.options;
    const idle: Idle = { moved: idleAfter, looked: lookFor };
    const isCrowded = this.awake.size >= awakeAtOnce && REASONS.some((reason) => this.wanted[reason].size > 0);
    for (const life of this.awake.keys()) {
      if (life.cluster.name !== DEFAULT_CLUSTER && life.mayRest(now, idle, isCrowded)) life.rest();
    }
  }
}
