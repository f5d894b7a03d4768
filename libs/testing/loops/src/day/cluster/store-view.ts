import type { ResourceRef } from '@binnacle/client-rest';
import type { KubeObject } from '@binnacle/machinery-meta';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { type Change, type MemoryStorage, parseBody, type StoredObject } from '@binnacle/server-storage';

/** A change as the rules look at it. */
export interface Told {
  readonly type: Change['type'];
  readonly resource: string;
  readonly object: KubeObject;
  readonly user: string;
}

const MOST_AT_ONCE = 5_000;
const nameOf = ({ group, plural }: ResourceRef): string => (group ? `${group}/${plural}` : plural);

/** What is in the store now: not as a server or a client knows it. */
export class StoreView {
  private readonly parsed = new WeakMap<StoredObject, KubeObject>();
  private readonly listeners: Array<(told: Told) => void> = [];
  /** Changes so far. */
  changes = 0;
  /** What was written again and again in one moment, if anything was. */
  storm: string | undefined;
  private moment = 0;
  private within = 0;

  constructor(
    private readonly storage: MemoryStorage,
    private readonly now: () => number,
    /** Told once, in the middle of it. */
    private readonly stormy: () => void,
  ) {
    storage.follow(DEFAULT_CLUSTER, 0, {
      changes: (batch) => this.heard(batch),
      failed: (error) => {
        throw error;
      },
    });
  }

  list<T extends KubeObject>(ref: ResourceRef, namespace?: string): T[] {
    const scope = { cluster: DEFAULT_CLUSTER, resource: nameOf(ref), ...(namespace && { namespace }) };
    return (this.storage.peekAll(scope) ?? []).map((stored) => this.read(stored) as T);
  }

  get<T extends KubeObject>(ref: ResourceRef, name: string, namespace = ''): T | undefined {
    const stored = this.storage.peek({ cluster: DEFAULT_CLUSTER, resource: nameOf(ref), namespace, name });
    return stored && (this.read(stored) as T);
  }

  count(ref: ResourceRef): number {
    return this.storage.peekAll({ cluster: DEFAULT_CLUSTER, resource: nameOf(ref) })?.length ?? 0;
  }

  /** Calls back with every change of what is no sign of life. */
  onChange(listener: (told: Told) => void): void {
    this.listeners.push(listener);
  }

  private heard(batch: readonly Change[]): void {
    for (const { type, object, actor } of batch) {
      this.changes += 1;
      const { resource, namespace, name } = object.key;
      this.weather(`${resource} ${namespace}/${name} by ${actor.user}`);
      if (resource.endsWith('leases') || resource === 'events' || this.listeners.length === 0) continue;
      for (const listener of this.listeners) listener({ type, resource, object: this.read(object), user: actor.user });
    }
  }

  /** A loop that wakes itself without a pause would never let time move. */
  private weather(what: string): void {
    this.within = this.now() === this.moment ? this.within + 1 : 0;
    this.moment = this.now();
    if (this.within < MOST_AT_ONCE || this.storm) return;
    this.storm = what;
    this.stormy();
  }

  private read(stored: StoredObject): KubeObject {
    const known = this.parsed.get(stored);
    if (known) return known;
    const object = parseBody(stored) as KubeObject;
    this.parsed.set(stored, object);
    return object;
  }
}
