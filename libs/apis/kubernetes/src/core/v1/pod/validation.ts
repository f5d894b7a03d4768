import { type FieldError, type FieldPath, fieldPath, forbidden } from '@binnacle/machinery-validation';
import { each, validateMeta } from '@binnacle/apis-registry';
import type { Pod } from '../index.js';
import { validatePodAnnotations } from './annotation-validation.js';
import { validatePodSpec } from './spec-validation.js';

const SPEC = fieldPath('spec');
const ANNOTATIONS = fieldPath('metadata', 'annotations');

/** A token speaks for an account, so there must be one. */
function validateTokens({ spec }: Pod, path: FieldPath): FieldError[] {
  if (spec?.serviceAccountName) return [];
  return each(spec?.volumes, path.child('volumes'), ({ projected }, at) =>
    each(projected?.sources, at.child('projected', 'sources'), ({ serviceAccountToken }, sourceAt) => {
      if (!serviceAccountToken) return [];
      const why = 'must not be specified when serviceAccountName is not set';
      return [forbidden(sourceAt.child('serviceAccountToken'), why)];
    }),
  );
}

/** Rules of a Pod at any time of its life. Behaves as kubernetes validatePodMetadataAndSpec. */
export function validatePod(pod: Pod): FieldError[] {
  return [
    ...validateMeta(pod, true),
    ...validatePodAnnotations(pod.metadata.annotations, pod.spec, ANNOTATIONS),
    ...validatePodSpec(pod.spec ?? { containers: [] }, SPEC, { isPod: true }),
    ...validateTokens(pod, SPEC),
  ];
}

/** A Pod waits at its gates before it gets a node. */
function validateGates({ spec }: Pod): FieldError[] {
  if (!spec?.nodeName || !spec.schedulingGates?.length) return [];
  return [forbidden(SPEC.child('nodeName'), 'cannot be set until all schedulingGates have been cleared')];
}

/** Rules of a new Pod. Behaves as kubernetes ValidatePodCreate. */
export function validatePodCreate(pod: Pod): FieldError[] {
  const early = pod.spec?.ephemeralContainers?.length;
  return [
    ...(early ? [forbidden(SPEC.child('ephemeralContainers'), 'cannot be set on create')] : []),
    ...validateGates(pod),
  ];
}
