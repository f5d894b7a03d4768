import { type Informer, keyOf, type ObjectKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';

/** Wakes a controller for a key, now or after a delay in milliseconds. */
export interface Enqueue {
  (key: ObjectKey): void;
  after(key: ObjectKey, delay: number): void;
}

/** Something that turns events into keys. */
export interface Source {
  start(enqueue: Enqueue): void;
  synced(): Promise<void>;
  /** For a source with work of its own: does it until the context aborts. */
  run?(ctx: Context): Promise<void>;
}

type Keys = Iterable<ObjectKey> | ObjectKey | undefined;

function each(keys: Keys, enqueue: Enqueue): void {
  if (keys === undefined) return;
  if (typeof keys === 'string') return enqueue(keys);
  for (const key of keys) enqueue(key);
}

/** Every change of an object wakes its own key. */
export function fromObjects<T extends KubeObject>(informer: Informer<T>): Source {
  return fromMapped(informer, keyOf);
}

/** Every change wakes the keys that the object, before and after, maps to. */
export function fromMapped<T extends KubeObject>(informer: Informer<T>, keys: (object: T) => Keys): Source {
  return fromChanges(informer, (object, old, enqueue) => {
    if (old) each(keys(old), enqueue);
    each(keys(object), enqueue);
  });
}

export interface ChangeHandler<T> {
  /** `old` is there for updates; `deleted` says that `object` is the last state of a deleted one. */
  (object: T, old: T | undefined, enqueue: Enqueue, deleted: boolean): void;
}

/** For controllers that look at what changed before they wake anybody. */
export function fromChanges<T extends KubeObject>(informer: Informer<T>, handle: ChangeHandler<T>): Source {
  return {
    start: (enqueue) =>
      informer.addHandler({
        added: (object) => handle(object, undefined, enqueue, false),
        updated: (object, old) => handle(object, old, enqueue, false),
        deleted: (object) => handle(object, undefined, enqueue, true),
      }),
    synced: () => informer.synced(),
  };
}

/** The key of the object's controlling owner, when that is of `kind`. */
export function controllerKey(kind: string): (object: KubeObject) => ObjectKey | undefined {
  return ({ metadata }) => {
    const owner = metadata.ownerReferences?.find((reference) => reference.controller);
    if (owner?.kind !== kind) return undefined;
    return metadata.namespace ? `${metadata.namespace}/${owner.name}` : owner.name;
  };
}
