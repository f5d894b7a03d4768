import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { type DeleteOptions, formatTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type DeletionPlan, isFinished, planDeletion, propagationFinalizers } from './deletion-plan.js';

type NamespaceObject = UnstructuredObject & {
  spec?: { finalizers?: string[] };
  status?: { phase?: string };
};

const contentFinalizers = (object: NamespaceObject): string[] => object.spec?.finalizers ?? [];

/** A namespace goes when both its own finalizers and those of its content are gone. */
export function isNamespaceFinished(object: UnstructuredObject): boolean {
  return isFinished(object) && contentFinalizers(object as NamespaceObject).length === 0;
}

/** DELETE marks a namespace Terminating; the namespace controller empties it and lifts the finalizer. */
export function planNamespaceDeletion(
  object: UnstructuredObject,
  options: DeleteOptions,
  strategy: ResourceDefinition['strategy'],
  now: number,
): DeletionPlan {
  const namespace = object as NamespaceObject;
  if (object.metadata.deletionTimestamp) {
    return contentFinalizers(namespace).length > 0 ? { act: 'wait' } : planDeletion(object, options, strategy, now);
  }
  const finalizers = propagationFinalizers(object.metadata, options, strategy);
  const metadata = { ...object.metadata, deletionTimestamp: formatTime(now) };
  delete metadata.finalizers;
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  const next = { ...namespace, metadata, status: { ...namespace.status, phase: 'Terminating' } };
  return isNamespaceFinished(next) ? { act: 'remove', last: next } : { act: 'mark', next };
}
