import type { Context } from '@binnacle/machinery-context';
import { newBadRequest, StatusError } from '@binnacle/machinery-meta';
import {
  type ChangeLog,
  type ClusterAt,
  type Head,
  type HistoryStore,
  isStorageError,
  parseClusterAt,
  type Revision,
  StorageError,
} from '@binnacle/server-storage';

/** A state of a cluster's log: the newest, or that of a moment. */
export interface LogState {
  readonly cluster: string;
  readonly revision: Revision;
  /** History goes back to here. */
  readonly oldest: Revision;
  readonly incarnation: string;
  readonly isPast: boolean;
}

const REMEMBERED = 1_000;

/** 410, in words. */
export function beyondHistory(cluster: string, { oldest }: Pick<Head, 'oldest'>, asked: string): StatusError {
  const why = `${asked} of cluster ${JSON.stringify(cluster)} is beyond the history that is kept`;
  return new StatusError(410, 'Expired', `${why}: it goes back to revision ${oldest}`);
}

function badMoment(error: unknown): unknown {
  return error instanceof StorageError && error.code === 'invalid' ? newBadRequest(error.message) : error;
}

/** Finds out which state of a log a cluster's name stands for. */
export class Moments {
  /** Revisions of times after which something was written, and which therefore stay what they are. */
  private readonly known = new Map<string, Revision>();

  constructor(private readonly log: Pick<ChangeLog, 'head'> & Pick<HistoryStore, 'revisionAt'>) {}

  /** Rejects with BadRequest for a moment that is none or has not come, with Expired for one beyond the history. */
  async resolve(ctx: Context, name: string): Promise<LogState> {
    const at = parse(name);
    const cluster = at?.cluster ?? name;
    const head = await this.log.head(ctx, cluster);
    if (!at) return { ...head, cluster, isPast: false };
    return { ...head, cluster, revision: await this.revisionOf(ctx, at, head), isPast: true };
  }

  private async revisionOf(ctx: Context, { cluster, moment }: ClusterAt, head: Head): Promise<Revision> {
    if ('time' in moment) return this.ofTime(ctx, cluster, moment.time, head);
    const { revision } = moment;
    const named = `revision ${revision}`;
    if (revision > head.revision) {
      throw newBadRequest(
        `${named} of cluster ${JSON.stringify(cluster)} has not come: the newest is ${head.revision}`,
      );
    }
    if (revision < head.oldest) throw beyondHistory(cluster, head, named);
    return revision;
  }

  private async ofTime(ctx: Context, cluster: string, time: number, head: Head): Promise<Revision> {
    const named = new Date(time).toISOString();
    if (time > ctx.clock.now()) throw newBadRequest(`${named} has not come yet`);
    const key = `${head.incarnation} ${time}`;
    const revision = this.known.get(key) ?? (await this.search(ctx, cluster, time, head));
    if (revision < head.oldest) throw beyondHistory(cluster, head, named);
    if (revision < head.revision) this.remember(key, revision);
    return Math.min(revision, head.revision);
  }

  private async search(ctx: Context, cluster: string, time: number, head: Head): Promise<Revision> {
    try {
      return await this.log.revisionAt(ctx, cluster, time);
    } catch (error) {
      throw isStorageError(error, 'expired') ? beyondHistory(cluster, head, new Date(time).toISOString()) : error;
    }
  }

  private remember(key: string, revision: Revision): void {
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(key, revision);
  }
}

function parse(name: string): ClusterAt | undefined {
  try {
    return parseClusterAt(name);
  } catch (error) {
    throw badMoment(error);
  }
}
