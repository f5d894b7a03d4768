import { setMaxListeners } from 'node:events';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody } from '../body.js';
import type {
  Actor,
  Attributes,
  Change,
  Key,
  Storage,
  StorageReader,
  StoredObject,
  Watch,
  WatchItem,
} from '../types.js';

/** What the suite runs against: `reader` may be a cache in front of `storage`. */
export interface StorageUnderTest {
  readonly storage: Storage;
  readonly reader: StorageReader;
  close(): Promise<void>;
}

export type MakeStorage = (ctx: Context) => Promise<StorageUnderTest>;

export const ALICE: Actor = { user: 'alice', client: 'suite/1' };

export function testContext(): Context & { clock: FakeClock } {
  const { signal } = new AbortController();
  // Every watch of a test file listens to it.
  setMaxListeners(0, signal);
  return { signal, clock: new FakeClock(), logger: silentLogger };
}

export interface Shape {
  namespace?: string;
  resource?: string;
  labels?: Record<string, string>;
  node?: string;
  text?: string;
}

/** Writes and reads of one cluster, as short as the tests want them. */
export class Bench {
  constructor(
    readonly ctx: Context,
    readonly under: StorageUnderTest,
    readonly cluster: string,
  ) {}

  key(name: string, shape: Shape = {}): Key {
    const { namespace = 'default', resource = 'pods' } = shape;
    return { cluster: this.cluster, resource, namespace, name };
  }

  create(name: string, shape: Shape = {}): Promise<StoredObject> {
    return this.under.storage.write(this.ctx, { op: 'create', ...this.content(this.key(name, shape), shape) });
  }

  update(object: Pick<StoredObject, 'key' | 'revision'>, shape: Shape = {}): Promise<StoredObject> {
    const { key, revision: expected } = object;
    return this.under.storage.write(this.ctx, { op: 'update', expected, ...this.content(key, shape) });
  }

  remove(object: StoredObject): Promise<StoredObject> {
    const { key, revision: expected, body, attributes } = object;
    return this.under.storage.write(this.ctx, { op: 'delete', expected, key, body, attributes, actor: ALICE });
  }

  private content(key: Key, shape: Shape) {
    const attributes: Attributes = {
      labels: shape.labels ?? {},
      fields: shape.node ? { 'spec.nodeName': shape.node } : {},
    };
    return { key, body: bodyOf(key, shape), attributes, actor: ALICE };
  }
}

export function bodyOf(key: Key, shape: Shape): Buffer {
  return encodeBody({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: key.name, namespace: key.namespace, labels: shape.labels ?? {} },
    spec: { nodeName: shape.node ?? '', text: shape.text ?? '' },
  });
}

/** Reads a watch item by item. */
export class WatchReader {
  private readonly items: AsyncIterator<readonly WatchItem[]>;
  private ready: WatchItem[] = [];

  constructor(readonly watch: Watch) {
    this.items = watch[Symbol.asyncIterator]();
  }

  async next(): Promise<WatchItem> {
    while (this.ready.length === 0) {
      const result = await this.items.next();
      if (result.done) throw new Error('the watch has ended');
      this.ready.push(...result.value);
    }
    return this.ready.shift() as WatchItem;
  }

  async change(): Promise<Change> {
    const item = await this.next();
    if (item.kind !== 'change') throw new Error(`expected a change, not the bookmark ${item.revision}`);
    return item.change;
  }

  /** The next `count` changes, each as `TYPE name@revision`. */
  async changes(count: number): Promise<string[]> {
    const seen: string[] = [];
    while (seen.length < count) seen.push(line(await this.change()));
    return seen;
  }
}

export function line(change: Change): string {
  return `${change.type} ${change.object.key.name}@${change.object.revision}`;
}
