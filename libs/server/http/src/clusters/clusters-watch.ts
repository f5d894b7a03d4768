import type { ClusterDirectory } from '@binnacle/server-registry';
import type { ClusterMove } from '@binnacle/server-storage';
import type { AnswerSink, ApiRequest, StreamAnswer } from '../request/api-request.js';
import { clusterObject, endOfInitialState, type NetworkOf } from './cluster-object.js';

const SHORTEST_MILLISECONDS = 1_800_000;
const SPREAD_MILLISECONDS = 1_800_000;

/** What a reader has not been told yet: of each cluster the newest, so that one who is slow misses only what is outdated. */
class Untold {
  private readonly moves = new Map<string, { readonly type: string; readonly move: ClusterMove }>();
  private readonly known = new Map<string, string>();
  private wake: () => void = () => undefined;
  private ended = false;

  add(moves: readonly ClusterMove[]): void {
    for (const move of moves) this.take(move);
    this.wake();
  }

  /** Nothing more is told. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Resolves to what there is to tell as soon as there is something; undefined once it has ended. */
  async next(): Promise<readonly { readonly type: string; readonly move: ClusterMove }[] | undefined> {
    while (!this.ended && this.moves.size === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.ended) return undefined;
    const all = [...this.moves.values()];
    this.moves.clear();
    return all;
  }

  private take(move: ClusterMove): void {
    const { name, incarnation, deleted = false } = move;
    const known = this.known.get(name);
    if (deleted) this.known.delete(name);
    else this.known.set(name, incarnation);
    const type = deleted ? 'DELETED' : known === incarnation ? 'MODIFIED' : 'ADDED';
    const pending = this.moves.get(name);
    this.moves.delete(name);
    this.moves.set(name, { type: type === 'MODIFIED' && pending ? pending.type : type, move });
  }
}

/**
 * Tells of every cluster there is, then of every move, one JSON object a line as a watch does. Whoever lost the stream opens it
 * again, and sees by the resourceVersions what moved meanwhile.
 */
export function watchClusters(request: ApiRequest, directory: ClusterDirectory, networkOf: NetworkOf): StreamAnswer {
  const { ctx, initialized = () => undefined } = request;
  const stream = async (sink: AnswerSink, signal: AbortSignal): Promise<void> => {
    const untold = new Untold();
    const end = () => untold.end();
    const stop = directory.follow((moves) => untold.add(moves));
    const cancel = ctx.clock.after(SHORTEST_MILLISECONDS + Math.random() * SPREAD_MILLISECONDS, end);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await deliver(untold, sink, { networkOf, initialized });
    } finally {
      signal.removeEventListener('abort', end);
      cancel();
      stop();
    }
  };
  return { status: 200, contentType: 'application/json', stream };
}

interface Telling {
  readonly networkOf: NetworkOf;
  readonly initialized: () => void;
}

async function deliver(untold: Untold, sink: AnswerSink, { networkOf, initialized }: Telling): Promise<void> {
  let isInitial = true;
  for (let items = await untold.next(); items; items = await untold.next()) {
    const lines = items.map(({ type, move }) => frame({ type, object: clusterObject(move, networkOf) }));
    if (isInitial) lines.push(frame(endOfInitialState));
    await sink.write(lines.join(''));
    if (isInitial) initialized();
    isInitial = false;
  }
}

const frame = (event: object): string => `${JSON.stringify(event)}\n`;
