import { ANNOTATION_CONFIG_MIRROR } from '../../../well-known/index.js';
import { countGeneration, keep, type PartRules } from '@binnacle/apis-registry';
import { type FieldError, fieldPath, forbidden, semanticEqual } from '@binnacle/machinery-validation';
import type { Pod } from '../index.js';
import { validatePod } from './validation.js';

const PATH = fieldPath('spec', 'ephemeralContainers');
const KEPT_METADATA = ['deletionTimestamp', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

function prepare(next: Pod, old: Pod): void {
  const added = next.spec?.ephemeralContainers;
  keep(next, old, 'spec', 'status');
  keep(next.metadata, old.metadata, ...KEPT_METADATA);
  next.spec = { ...old.spec, containers: old.spec?.containers ?? [] };
  if (added) next.spec.ephemeralContainers = added;
  else delete next.spec.ephemeralContainers;
  countGeneration(next, old, 'spec');
}

/** What was added once stays as it is. */
function validateKept(next: Pod, old: Pod): FieldError[] {
  const now = new Map((next.spec?.ephemeralContainers ?? []).map((container) => [container.name, container]));
  return (old.spec?.ephemeralContainers ?? []).flatMap((container) => {
    const name = JSON.stringify(container.name);
    const after = now.get(container.name);
    if (!after) return [forbidden(PATH, `existing ephemeral containers ${name} may not be removed\n`)];
    if (semanticEqual(after, container)) return [];
    return [forbidden(PATH, `existing ephemeral containers ${name} may not be changed\n`)];
  });
}

function validate(next: Pod, old: Pod): FieldError[] {
  if (old.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined)
    return [forbidden(fieldPath(), 'static pods do not support ephemeral containers')];
  return [...validatePod(next), ...validateKept(next, old)];
}

/** Containers that are added to a Pod that runs. Behaves as kubernetes pkg/registry/core/pod EphemeralContainersStrategy. */
export const ephemeralContainerRules: PartRules<Pod> = {
  prepareForUpdate: prepare,
  validateUpdate: validate,
  fields: [['spec', 'ephemeralContainers']],
};
