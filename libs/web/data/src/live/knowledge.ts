import type { Status } from '@binnacle/machinery-meta';
import type { LiveView } from './collection.js';
import type { Connection } from './connection.js';

/**
 * `loading`: nothing can be said yet. `current`: all of it is known, and as it is now. `held`: as it was when the reader paused.
 * `stale`: as it was when the server was last heard. `partial`: some of it may not be seen. `refused`: none of it may.
 * `absent`: the server has nothing of the kind.
 */
export type Certainty = 'loading' | 'current' | 'held' | 'stale' | 'partial' | 'refused' | 'absent';

/** What every number, every "none" and every "all" on a page stands on. */
export interface Knowledge {
  readonly certainty: Certainty;
  /** `held` and `stale`: the moment for which it is true, in milliseconds since the epoch. */
  readonly asOf: number;
  /** `partial` and `refused`: why. */
  readonly error?: Status;
}

/** What can be said from one view, the line being as it is. */
export function knowledgeOf(view: LiveView, { state, asOf, paused, pausedAt }: Connection): Knowledge {
  const { phase, error } = view;
  if (phase === 'absent' || phase === 'loading') return { certainty: phase, asOf: 0 };
  if (phase === 'denied' || phase === 'failed') return { certainty: 'refused', asOf: 0, ...(error && { error }) };
  if (phase === 'stale') return { certainty: 'stale', asOf: view.asOf };
  if (paused) return { certainty: 'held', asOf: Math.max(pausedAt, view.asOf) };
  return state === 'live' ? { certainty: 'current', asOf } : { certainty: 'stale', asOf };
}

const oldest = (all: readonly Knowledge[]): number => Math.min(...all.map(({ asOf }) => asOf));

/** What can be said from several together: no more than from the worst of them. */
export function combine(all: readonly Knowledge[]): Knowledge {
  const served = all.filter(({ certainty }) => certainty !== 'absent');
  const of = (wanted: Certainty) => served.filter(({ certainty }) => certainty === wanted);
  const refused = of('refused');
  if (served.length === 0) return { certainty: 'absent', asOf: 0 };
  if (of('loading').length > 0) return { certainty: 'loading', asOf: 0 };
  if (refused[0]) return { ...refused[0], certainty: refused.length === served.length ? 'refused' : 'partial' };
  if (of('stale').length > 0) return { certainty: 'stale', asOf: oldest(of('stale')) };
  if (of('held').length > 0) return { certainty: 'held', asOf: oldest(of('held')) };
  return { certainty: 'current', asOf: oldest(served) };
}
