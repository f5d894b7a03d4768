import type { CancelTimer, Context } from '@binnacle/machinery-context';
import {
  type Change,
  type ClusterListener,
  type ClusterMove,
  isSignOfLife,
  type Revision,
  signsOfLife,
} from '@binnacle/server-storage';
import type { Pool } from 'pg';
import { translated } from '../errors.js';

/** What others commit is looked at together, this many milliseconds after it was heard of. */
const GATHER = 50;
const RETRY_AFTER = 1_000;
/** Lost notifications are made up for at least this often. */
const CHECK_EVERY = 10_000;
const ALL = 'select id, name, revision, created_at, place from clusters where deleted_at is null order by id';
/** Of each range of a cluster's revisions, the newest that is more than a sign of life. */
const STIRRED = `
  select asked.id, (
    select max(c.revision) from changes c where c.cluster = asked.id and c.revision > asked.after
      and c.revision <= asked.up_to and split_part(c.key, chr(31), 1) <> all($4)
  ) from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as asked (id, after, up_to)`;
/** The revision that tells of a cluster's deletion. */
export const DELETED = -1;

interface Known {
  move: ClusterMove;
  /** Up to here it is known what changed. */
  seen: Revision;
  newest: Revision;
}

type Row = [id: string, name: string, revision: string, createdAt: string, place: number];

function knownOf([incarnation, name, text, createdAt, place]: Row): Known {
  const revision = Number(text);
  const move = { name, incarnation, revision, createdAt: Number(createdAt), place };
  return { move, seen: revision, newest: revision };
}

/**
 * Which clusters move: by what this process commits, at once; by what others commit, after one question for all of them.
 * Costs nothing while nobody follows, and a few words a cluster otherwise.
 */
export class ClusterMoves {
  private readonly listeners = new Set<ClusterListener>();
  private readonly known = new Map<string, Known>();
  private loading: Promise<void> | undefined;
  private reloads = false;
  private cancel: CancelTimer | undefined;
  private cancelCheck: CancelTimer = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly pool: Pick<Pool, 'query'>,
  ) {}

  async follow(listener: ClusterListener): Promise<() => void> {
    this.loading ??= this.begin();
    await this.loading;
    listener([...this.known.values()].map(({ move }) => move));
    this.listeners.add(listener);
    return () => this.leave(listener);
  }

  /** Changes this process committed. */
  published(id: string, base: Revision, changes: readonly Change[]): void {
    const known = this.known.get(id);
    if (!known) return this.unknown();
    const last = base + changes.length;
    if (base > known.seen) return this.noticed(id, last);
    if (last <= known.seen) return;
    known.seen = last;
    known.newest = Math.max(known.newest, last);
    const stirred = changes.findLast(({ object }) => !isSignOfLife(object.key.resource));
    if (stirred) this.moved(known, stirred.object.revision);
  }

  /** Somebody committed up to this revision, or deleted the cluster. */
  noticed(id: string, revision: Revision): void {
    if (!this.loading) return;
    const known = this.known.get(id);
    if (revision === DELETED) return known && this.gone(id, known);
    if (!known) return this.unknown();
    if (revision <= known.newest) return;
    known.newest = revision;
    this.askLater(GATHER);
  }

  close(): void {
    this.listeners.clear();
    this.rest();
  }

  private async begin(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      this.rest();
      throw translated(error, 'the clusters cannot be listed');
    }
    this.checkLater();
  }

  private leave(listener: ClusterListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.rest();
  }

  private rest(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.cancelCheck();
    this.loading = undefined;
    this.known.clear();
  }

  private checkLater(): void {
    this.cancelCheck = this.ctx.clock.after(CHECK_EVERY, () => {
      this.unknown();
      this.checkLater();
    });
  }

  private unknown(): void {
    if (!this.loading) return;
    this.reloads = true;
    this.askLater(GATHER);
  }

  private askLater(delay: number): void {
    this.cancel ??= this.ctx.clock.after(delay, () => {
      void this.ask();
    });
  }

  private async ask(): Promise<void> {
    let next = GATHER;
    try {
      if (this.reloads) await this.load();
      await this.look();
    } catch (error) {
      next = RETRY_AFTER;
      if (this.loading) this.ctx.logger.warn('cannot see which clusters move', { error: String(error) });
    }
    this.cancel = undefined;
    if (this.loading && (this.reloads || this.behind().length > 0)) this.askLater(next);
  }

  private async load(): Promise<void> {
    this.reloads = false;
    const { rows } = await this.pool.query<Row>({ text: ALL, rowMode: 'array' });
    const living = new Set(rows.map(([id]) => id));
    for (const [id, known] of this.known) if (!living.has(id)) this.gone(id, known);
    for (const row of rows) this.take(row);
  }

  private take(row: Row): void {
    const found = knownOf(row);
    const known = this.known.get(row[0]);
    if (known) known.newest = Math.max(known.newest, found.newest);
    else {
      this.known.set(row[0], found);
      this.tell(found.move);
    }
  }

  private behind(): [string, Known][] {
    return [...this.known].filter(([, { seen, newest }]) => newest > seen);
  }

  private async look(): Promise<void> {
    const behind = this.behind();
    if (behind.length === 0) return;
    const ranges = behind.map(([id, { seen, newest }]) => [id, seen, newest] as const);
    const values = [0, 1, 2].map((at) => ranges.map((range) => range[at]));
    type Stirred = [id: string, revision: string | null];
    const query = { name: 'stirred', text: STIRRED, values: [...values, signsOfLife], rowMode: 'array' as const };
    const { rows } = await this.pool.query<Stirred>(query);
    const stirred = new Map(rows);
    for (const [id, , newest] of ranges) this.looked(id, newest, Number(stirred.get(id) ?? 0));
  }

  private looked(id: string, upTo: Revision, stirred: Revision): void {
    const known = this.known.get(id);
    if (!known) return;
    known.seen = Math.max(known.seen, upTo);
    if (stirred > known.move.revision) this.moved(known, stirred);
  }

  private moved(known: Known, revision: Revision): void {
    known.move = { ...known.move, revision };
    this.tell(known.move);
  }

  private gone(id: string, { move }: Known): void {
    this.known.delete(id);
    this.tell({ ...move, deleted: true });
  }

  private tell(move: ClusterMove): void {
    for (const listener of this.listeners) listener([move]);
  }
}
