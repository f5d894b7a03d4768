import {
  countGeneration,
  type DeletionPlan,
  keep,
  planDeletion as usualDeletion,
  startGeneration,
} from '@binnacle/apis-registry';
import type { DeleteOptions } from '@binnacle/machinery-meta';
import { noteStoredVersion } from './defaults.js';
import { withCondition } from './conditions.js';
import { CLEANUP_FINALIZER, type CustomResourceDefinition } from './types.js';

/** A new definition has no status but the version that its objects will be stored in. */
export function prepareForCreate(definition: CustomResourceDefinition): void {
  definition.status = { acceptedNames: { plural: '', kind: '' } };
  startGeneration(definition);
  noteStoredVersion(definition);
}

export function prepareForUpdate(next: CustomResourceDefinition, old: CustomResourceDefinition): void {
  keep(next, old, 'status');
  countGeneration(next, old, 'spec');
  noteStoredVersion(next);
}

/** Definitions go after all objects of their kind. */
function waiting(definition: CustomResourceDefinition, now: number): CustomResourceDefinition {
  const { metadata, status = {} } = definition;
  const finalizers = [...new Set([...(metadata.finalizers ?? []), CLEANUP_FINALIZER])];
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon';
  const pending = { type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending', message } as const;
  const conditions = [...withCondition(status.conditions ?? [], pending, now)];
  return { ...definition, metadata: { ...metadata, finalizers }, status: { ...status, conditions } };
}

export function planDeletion(
  definition: CustomResourceDefinition,
  options: DeleteOptions,
  now: number,
): DeletionPlan<CustomResourceDefinition> {
  const isFirst = !definition.metadata.deletionTimestamp;
  return usualDeletion(isFirst ? waiting(definition, now) : definition, options, {}, now);
}
