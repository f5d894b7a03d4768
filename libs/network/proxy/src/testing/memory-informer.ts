import type { Informer, InformerHandler, ObjectKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';

const keyOf = ({ metadata: { namespace, name } }: KubeObject) => (namespace ? `${namespace}/${name}` : (name ?? ''));

/** An informer over objects that a test hands it, in place of a server. */
export class MemoryInformer<T extends KubeObject> implements Informer<T> {
  private readonly objects = new Map<ObjectKey, T>();
  private readonly handlers: InformerHandler<T>[] = [];
  private readonly indexes = new Map<string, (object: T) => readonly string[]>();

  constructor(initial: readonly T[] = []) {
    for (const object of initial) this.objects.set(keyOf(object), object);
  }

  set(object: T): void {
    const key = keyOf(object);
    const old = this.objects.get(key);
    this.objects.set(key, object);
    for (const handler of this.handlers) old ? handler.updated?.(object, old) : handler.added?.(object);
  }

  remove(key: ObjectKey): void {
    const old = this.objects.get(key);
    this.objects.delete(key);
    if (old) for (const handler of this.handlers) handler.deleted?.(old);
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(key);
  }

  list(namespace?: string): readonly T[] {
    return [...this.objects.values()].filter((object) => !namespace || object.metadata.namespace === namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.list().filter((object) => this.indexes.get(index)?.(object).includes(value));
  }

  addHandler(handler: InformerHandler<T>): void {
    this.handlers.push(handler);
    for (const object of this.objects.values()) handler.added?.(object);
  }

  addIndex(name: string, keys: (object: T) => readonly string[]): void {
    this.indexes.set(name, keys);
  }

  run(ctx: Context): Promise<void> {
    return new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  synced(): Promise<void> {
    return Promise.resolve();
  }

  waitFor(): Promise<void> {
    return Promise.resolve();
  }
}
