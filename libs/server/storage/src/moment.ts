import { isPast, type Moment, momentOf, parseMoment, presentCluster } from '@binnacle/machinery-meta';
import { StorageError } from './errors.js';

/** A cluster as it was at a moment, as `<cluster>@<revision or RFC 3339 time>` names it. No cluster's own name holds an `@`. */
export interface ClusterAt {
  readonly cluster: string;
  readonly moment: Moment;
}

export { isPast, presentCluster };

/** Throws `invalid` for a name that no cluster may have. */
export function checkClusterName(name: string): void {
  if (isPast(name))
    throw new StorageError('invalid', `no cluster may be named ${JSON.stringify(name)}: it holds an "@"`);
}

/** Splits the name of a cluster at a moment; undefined for that of a cluster itself. Throws `invalid` for another moment. */
export function parseClusterAt(name: string): ClusterAt | undefined {
  const text = momentOf(name);
  if (text === undefined) return undefined;
  const moment = parseMoment(text);
  if (moment) return { cluster: presentCluster(name), moment };
  const why = `${JSON.stringify(text.slice(0, 100))} is neither a revision nor a time such as 2026-01-31T10:00:00Z`;
  throw new StorageError('invalid', why);
}
