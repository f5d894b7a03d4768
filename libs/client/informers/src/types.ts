import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';

/** `namespace/name`, or `name` for cluster-scoped objects. */
export type ObjectKey = string;

export interface InformerHandler<T extends KubeObject> {
  added?(object: T): void;
  updated?(object: T, old: T): void;
  deleted?(object: T): void;
}

/** Reads from an informer's local, eventually consistent copy. Objects are shared and frozen: never mutate them. */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(namespace?: string): readonly T[];
  /** Objects for which the named index function gave `value`. */
  byIndex(index: string, value: string): readonly T[];
}

/** Keeps a local copy of a resource by list and watch, for ever, through every kind of failure. */
export interface Informer<T extends KubeObject> extends Lister<T> {
  /** Hears of every object there is and of every change after that. */
  addHandler(handler: InformerHandler<T>): void;
  /** Adding an index of the same name again is harmless. */
  addIndex(name: string, keys: (object: T) => readonly string[]): void;
  /** Runs until the context aborts. */
  run(ctx: Context): Promise<void>;
  /** Resolves after the first full list has been delivered to the handlers. */
  synced(): Promise<void>;
  /** Resolves when the copy has reached `resourceVersion`: read your own writes. */
  waitFor(ctx: Context, resourceVersion: string): Promise<void>;
}
