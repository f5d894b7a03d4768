import { type Context, untilEnded, withSignal } from '@binnacle/machinery-context';
import { type Revision, SortedMap, sortKey, type StorageReader, type StoredObject } from '@binnacle/server-storage';

/** All objects of one resource at one revision. */
export interface PastResource {
  readonly cluster: string;
  readonly incarnation: string;
  readonly resource: string;
  readonly revision: Revision;
}

export type ResourceState = SortedMap<StoredObject>;

export interface PastStatesLimits {
  /** Bytes of bodies that one state may hold; larger ones are not kept. */
  readonly stateBytes: number;
  /** Of all of them. */
  readonly bytes: number;
  /** Milliseconds a state is kept after its last use. */
  readonly idleAfter: number;
  /** Milliseconds a state is kept at most: history may end meanwhile. */
  readonly longest: number;
}

const LIMITS: PastStatesLimits = { stateBytes: 16 << 20, bytes: 64 << 20, idleAfter: 60_000, longest: 300_000 };
const PARALLEL_LOADS = 2;

/** However small they are. */
const MOST_STATES = 500;

interface Loaded {
  readonly state: ResourceState;
  readonly bytes: number;
}

interface Entry {
  readonly key: string;
  readonly state: Promise<ResourceState | undefined>;
  readonly since: number;
  /** Ends its loading when nobody waits for it any more. */
  readonly abort: AbortController;
  waiting: number;
  bytes: number;
  lastUsed: number;
  isLoaded: boolean;
}

/**
 * A few states of the past, for all who look at them: reading one costs what has happened since. Dropped when nobody has
 * looked for a minute, when they are too many, and after five minutes in any case.
 */
export class PastStates {
  /** Those used longest ago first. */
  private readonly entries = new Map<string, Entry>();
  private readonly queue: (() => void)[] = [];
  private loading = 0;
  private held = 0;
  private cancelSweep: (() => void) | undefined;

  constructor(
    private readonly server: Context,
    private readonly store: Pick<StorageReader, 'list'>,
    private readonly limits: PastStatesLimits = LIMITS,
  ) {}

  /** Of bodies. */
  get bytes(): number {
    return this.held;
  }

  /** Undefined where it is too large to be kept. */
  read(ctx: Context, of: PastResource): Promise<ResourceState | undefined> {
    const entry = this.find(of) ?? this.begin(of);
    if (entry.isLoaded) return entry.state;
    entry.waiting += 1;
    return untilEnded(ctx, entry.state).finally(() => {
      entry.waiting -= 1;
      if (entry.waiting > 0 || entry.isLoaded) return;
      this.drop(entry);
      entry.abort.abort(new Error('nobody waits for this state of the past'));
    });
  }

  /** The same where it is here already. */
  known(of: PastResource): Promise<ResourceState | undefined> | undefined {
    const entry = this.find(of);
    return entry?.isLoaded ? entry.state : undefined;
  }

  private find(of: PastResource): Entry | undefined {
    const entry = this.entries.get(keyOf(of));
    if (!entry) return undefined;
    entry.lastUsed = this.server.clock.now();
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    return entry;
  }

  private begin(of: PastResource): Entry {
    const now = this.server.clock.now();
    const abort = new AbortController();
    const loading = this.inTurn(() => this.load(of, abort.signal));
    const state = loading.then((loaded) => loaded?.state);
    const used = { since: now, lastUsed: now, waiting: 0, bytes: 0, isLoaded: false };
    const entry: Entry = { key: keyOf(of), state, abort, ...used };
    this.entries.set(entry.key, entry);
    loading.then(
      (loaded) => this.keep(entry, loaded?.bytes ?? 0),
      () => this.drop(entry),
    );
    this.sweepLater();
    return entry;
  }

  private keep(entry: Entry, bytes: number): void {
    entry.isLoaded = true;
    if (this.entries.get(entry.key) !== entry) return;
    entry.bytes = bytes;
    this.held += bytes;
    for (const oldest of this.entries.values()) {
      if (this.held <= this.limits.bytes && this.entries.size <= MOST_STATES) return;
      if (oldest.isLoaded) this.drop(oldest);
    }
  }

  private drop(entry: Entry): void {
    if (this.entries.get(entry.key) !== entry) return;
    this.entries.delete(entry.key);
    this.held -= entry.bytes;
  }

  private async load(of: PastResource, signal: AbortSignal): Promise<Loaded | undefined> {
    signal.throwIfAborted();
    const { cluster, resource, revision } = of;
    const options = { revision: { at: 'exact', revision } as const, bytes: this.limits.stateBytes };
    const ctx = withSignal(this.server, signal);
    const { items, more } = await this.store.list(ctx, { cluster, resource }, options);
    if (more) return undefined;
    const state: ResourceState = new SortedMap();
    let bytes = 0;
    for (const object of items) {
      state.set(sortKey(object.key), object);
      bytes += object.body.length;
    }
    return { state, bytes };
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.loading >= PARALLEL_LOADS) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.loading += 1;
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.loading -= 1;
    }
  }

  private sweepLater(): void {
    this.cancelSweep ??= this.server.clock.after(this.limits.idleAfter, () => this.sweep());
  }

  private sweep(): void {
    this.cancelSweep = undefined;
    const now = this.server.clock.now();
    for (const entry of [...this.entries.values()]) {
      const isDue = now - entry.lastUsed >= this.limits.idleAfter || now - entry.since >= this.limits.longest;
      if (entry.isLoaded && isDue) this.drop(entry);
    }
    if (this.entries.size > 0) this.sweepLater();
  }
}

function keyOf({ incarnation, resource, revision }: PastResource): string {
  return `${incarnation} ${revision} ${resource}`;
}
