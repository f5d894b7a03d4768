import { type DeletionPlan, isFinished, planDeletion, propagationFinalizers } from '@binnacle/apis-registry';
import { type DeleteOptions, formatTime } from '@binnacle/machinery-meta';
import type { Namespace } from '../index.js';

const contentFinalizers = ({ spec }: Namespace): readonly string[] => spec?.finalizers ?? [];

/** A namespace goes when both its own finalizers and those of its content are gone. */
export function isNamespaceFinished(namespace: Namespace): boolean {
  return isFinished(namespace) && contentFinalizers(namespace).length === 0;
}

/** DELETE marks a namespace Terminating; the namespace controller empties it and lifts the finalizer. */
export function planNamespaceDeletion(
  namespace: Namespace,
  options: DeleteOptions,
  now: number,
): DeletionPlan<Namespace> {
  if (namespace.metadata.deletionTimestamp) {
    return contentFinalizers(namespace).length > 0 ? { act: 'wait' } : planDeletion(namespace, options, {}, now);
  }
  const finalizers = propagationFinalizers(namespace.metadata, options, {});
  const metadata = { ...namespace.metadata, deletionTimestamp: formatTime(now) };
  delete metadata.finalizers;
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  const next = { ...namespace, metadata, status: { ...namespace.status, phase: 'Terminating' as const } };
  return isNamespaceFinished(next) ? { act: 'remove', last: next } : { act: 'mark', next };
}
