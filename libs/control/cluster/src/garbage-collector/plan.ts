import type { DeletionPropagation, KubeObject, OwnerReference } from '@binnacle/machinery-meta';
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from '@binnacle/machinery-meta';

/** What became of an owner: it is there; it waits for this dependent to go; it is gone. */
export type OwnerState = 'solid' | 'waiting' | 'absent';

export type GarbageAction =
  | { readonly kind: 'keep' }
  /** Has an owner that lives: only the references to the others go. */
  | { readonly kind: 'drop-references'; readonly uids: readonly string[] }
  | { readonly kind: 'delete'; readonly propagation: DeletionPropagation };

function ownPropagation(object: KubeObject): DeletionPropagation {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(ORPHAN_FINALIZER)) return 'Orphan';
  return finalizers.includes(FOREGROUND_FINALIZER) ? 'Foreground' : 'Background';
}

/** What to do with an object whose owners are in these states. Behaves as kubernetes garbagecollector attemptToDeleteItem. */
export function planItem(
  object: KubeObject,
  owners: ReadonlyArray<{ reference: OwnerReference; state: OwnerState }>,
  hasDependents: boolean,
): GarbageAction {
  const of = (state: OwnerState) =>
    owners.filter((owner) => owner.state === state).map(({ reference }) => reference.uid);
  if (owners.length === 0) return { kind: 'keep' };
  if (of('solid').length > 0) {
    const uids = [...of('absent'), ...of('waiting')];
    return uids.length > 0 ? { kind: 'drop-references', uids } : { kind: 'keep' };
  }
  if (of('waiting').length > 0 && hasDependents) return { kind: 'delete', propagation: 'Foreground' };
  return { kind: 'delete', propagation: ownPropagation(object) };
}
