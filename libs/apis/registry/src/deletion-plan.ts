import {
  type DeleteOptions,
  FOREGROUND_FINALIZER,
  type KubeObject,
  formatTime,
  ORPHAN_FINALIZER,
  type ObjectMeta,
} from '@binnacle/machinery-meta';
import type { DeletionPlan, Strategy } from './definition.js';

type Options = Pick<DeleteOptions, 'gracePeriodSeconds' | 'orphanDependents' | 'propagationPolicy'>;
type DeletionRules<T extends KubeObject> = Pick<Strategy<T>, 'defaultPropagation' | 'gracePeriodSeconds'>;

type Propagates = Pick<Strategy<KubeObject>, 'defaultPropagation'>;

function orphans(options: Options, finalizers: readonly string[], strategy: Propagates): boolean {
  if (options.orphanDependents !== undefined) return options.orphanDependents;
  if (options.propagationPolicy) return options.propagationPolicy === 'Orphan';
  if (finalizers.includes(ORPHAN_FINALIZER)) return true;
  if (finalizers.includes(FOREGROUND_FINALIZER)) return false;
  return strategy.defaultPropagation === 'Orphan';
}

function waitsForDependents(options: Options, finalizers: readonly string[]): boolean {
  if (options.orphanDependents !== undefined) return false;
  if (options.propagationPolicy) return options.propagationPolicy === 'Foreground';
  return finalizers.includes(FOREGROUND_FINALIZER) && !finalizers.includes(ORPHAN_FINALIZER);
}

/** The finalizers that tell the garbage collector what to do with the dependents. */
export function propagationFinalizers(meta: ObjectMeta, options: Options, strategy: Propagates): string[] {
  const present = meta.finalizers ?? [];
  if (strategy.defaultPropagation === 'Unsupported') return [...present];
  const kept = present.filter((name) => name !== ORPHAN_FINALIZER && name !== FOREGROUND_FINALIZER);
  if (orphans(options, present, strategy)) kept.push(ORPHAN_FINALIZER);
  if (waitsForDependents(options, present)) kept.push(FOREGROUND_FINALIZER);
  return kept;
}

function withFinalizers(meta: ObjectMeta, finalizers: string[]): ObjectMeta {
  const { finalizers: _, ...rest } = meta;
  return finalizers.length > 0 ? { ...rest, finalizers } : rest;
}

/** Marks an object as going away at `now + grace`; the generation moves with the first mark only. */
function marked<T extends KubeObject>(object: T, grace: number, now: number): T {
  const { metadata } = object;
  const generation = metadata.generation ? { generation: metadata.generation + 1 } : {};
  const first = metadata.deletionTimestamp ? {} : { ...generation, deletionTimestamp: formatTime(now + grace * 1000) };
  return { ...object, metadata: { ...metadata, ...first, deletionGracePeriodSeconds: grace } };
}

/** A deletion under way may only be shortened. */
function shortened<T extends KubeObject>(object: T, requested: number | undefined): T | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds: current = 0 } = object.metadata;
  if (requested === undefined || requested >= current || !deletionTimestamp) return undefined;
  const started = Date.parse(deletionTimestamp) - current * 1000;
  const metadata = {
    ...object.metadata,
    deletionTimestamp: formatTime(started + requested * 1000),
    deletionGracePeriodSeconds: requested,
  };
  return { ...object, metadata };
}

function planPending<T extends KubeObject>(object: T, options: Options): DeletionPlan<T> {
  const { metadata } = object;
  const pending = (metadata.finalizers ?? []).length > 0;
  if (!metadata.deletionGracePeriodSeconds) return pending ? { act: 'wait' } : { act: 'remove', last: object };
  const next = shortened(object, options.gracePeriodSeconds);
  if (!next) return { act: 'wait' };
  if (next.metadata.deletionGracePeriodSeconds === 0 && !pending) return { act: 'remove', last: next };
  return { act: 'mark', next };
}

/** Who asks again may think differently of the dependents: that is how one gets out of a foreground deletion that hangs. */
function planAnew<T extends KubeObject>(object: T, options: Options, strategy: DeletionRules<T>): DeletionPlan<T> {
  const before = object.metadata.finalizers ?? [];
  const finalizers = propagationFinalizers(object.metadata, options, strategy);
  const next = { ...object, metadata: withFinalizers(object.metadata, finalizers) };
  if (finalizers.length === 0) return { act: 'remove', last: next };
  const known = new Set(before);
  const same = finalizers.length === before.length && finalizers.every((name) => known.has(name));
  return same ? { act: 'wait' } : { act: 'mark', next };
}

/**
 * Decides a DELETE. Behaves as kubernetes apiserver pkg/registry/rest BeforeDelete and pkg/registry/generic Store.Delete,
 * with one difference: an object that goes at once is removed in one step, without being marked first.
 */
export function planDeletion<T extends KubeObject>(
  object: T,
  options: Options,
  strategy: DeletionRules<T>,
  now: number,
): DeletionPlan<T> {
  if (object.metadata.deletionTimestamp) {
    return strategy.gracePeriodSeconds ? planPending(object, options) : planAnew(object, options, strategy);
  }
  const finalizers = propagationFinalizers(object.metadata, options, strategy);
  const draft = { ...object, metadata: withFinalizers(object.metadata, finalizers) };
  const grace = strategy.gracePeriodSeconds?.(object, options.gracePeriodSeconds);
  if (grace !== undefined && (grace > 0 || finalizers.length > 0)) {
    return { act: 'mark', next: marked(draft, grace, now) };
  }
  if (finalizers.length > 0) return { act: 'mark', next: marked(draft, 0, now) };
  return { act: 'remove', last: grace === undefined ? draft : marked(draft, 0, now) };
}

/** Whether an update took away the last thing that kept a dying object. */
export function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return Boolean(deletionTimestamp) && !deletionGracePeriodSeconds && !(finalizers ?? []).length;
}
