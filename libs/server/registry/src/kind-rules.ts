import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { DeleteOptions, UnstructuredObject } from '@binnacle/machinery-meta';
import type { DeletionPlan } from './deletion-plan.js';
import { isFinished, planDeletion } from './deletion-plan.js';
import { isNamespaceFinished, planNamespaceDeletion } from './namespace-rules.js';

/** Where the life of a few kinds ends differently from everybody else's. */
export interface KindRules {
  readonly planDeletion: (
    object: UnstructuredObject,
    options: DeleteOptions,
    strategy: ResourceDefinition['strategy'],
    now: number,
  ) => DeletionPlan;
  /** Whether an update took away the last thing that kept a dying object. */
  readonly isFinished: (object: UnstructuredObject) => boolean;
}

const USUAL: KindRules = { planDeletion, isFinished };
const NAMESPACES: KindRules = { planDeletion: planNamespaceDeletion, isFinished: isNamespaceFinished };

export function rulesOf({ group, names }: Pick<ResourceDefinition, 'group' | 'names'>): KindRules {
  return group === '' && names.plural === 'namespaces' ? NAMESPACES : USUAL;
}

/** DELETE of these answers the object, of all others a Status. */
const ANSWER_DELETED = new Set([
  'pods',
  'podtemplates',
  'persistentvolumes',
  'persistentvolumeclaims',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'storageclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

export function answersDeletedObject({ group, names }: Pick<ResourceDefinition, 'group' | 'names'>): boolean {
  return ANSWER_DELETED.has(group ? `${names.plural}.${group}` : names.plural);
}
