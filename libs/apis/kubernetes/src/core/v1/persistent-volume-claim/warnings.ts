import { fieldPath } from '@binnacle/machinery-validation';
import { ANNOTATION_BETA_STORAGE_CLASS } from '../../../well-known/index.js';
import type { PersistentVolumeClaim } from '../index.js';
import { claimSpecWarnings } from './spec-rules.js';

const ANNOTATION = fieldPath('metadata', 'annotations').key(ANNOTATION_BETA_STORAGE_CLASS);

/** Behaves as kubernetes pkg/api/persistentvolumeclaim GetWarningsForPersistentVolumeClaim. */
export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): string[] {
  const annotated = metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS] !== undefined;
  return [
    ...(annotated ? [`${ANNOTATION}: deprecated since v1.8; use "storageClassName" attribute instead`] : []),
    ...claimSpecWarnings(spec, fieldPath('spec')),
  ];
}
