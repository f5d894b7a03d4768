import { matcherIfReadable } from '@binnacle/apis-registry';
import type { LabelSelector } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  validateAnnotations,
  validateLabels,
} from '@binnacle/machinery-validation';
import type { PodTemplateSpec } from '../index.js';
import { validatePodAnnotations } from './annotation-validation.js';
import { validatePodSpec } from './spec-validation.js';

/** Behaves as kubernetes ValidatePodTemplateSpec. */
export function validatePodTemplate(template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const { metadata = {}, spec } = template;
  const annotations = path.child('annotations');
  const errors = [
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(metadata.annotations, annotations),
    ...validatePodAnnotations(metadata.annotations, spec, annotations),
    ...validatePodSpec(spec ?? { containers: [] }, path.child('spec'), { isPod: false }),
  ];
  if (!spec?.ephemeralContainers?.length) return errors;
  const why = 'ephemeral containers not allowed in pod template';
  return [...errors, forbidden(path.child('spec', 'ephemeralContainers'), why)];
}

/** What a controller makes it must find again. */
export function validateTemplateIsSelected(
  template: PodTemplateSpec,
  selector: LabelSelector | undefined,
  path: FieldPath,
): FieldError[] {
  const labels = template.metadata?.labels;
  if (matcherIfReadable(selector)?.matches(labels) ?? true) return [];
  const why = '`selector` does not match template `labels`';
  return [invalid(path.child('metadata', 'labels'), labels ?? null, why)];
}

/** Pods that are kept running never end by themselves. `kind` is the controller's, for the message. */
export function validateRunsForever(template: PodTemplateSpec, path: FieldPath, kind: string): FieldError[] {
  const { restartPolicy = '', activeDeadlineSeconds } = template.spec ?? {};
  const errors =
    restartPolicy === 'Always' ? [] : [notSupported(path.child('spec', 'restartPolicy'), restartPolicy, ['Always'])];
  if (activeDeadlineSeconds === undefined) return errors;
  const why = `activeDeadlineSeconds in ${kind} is not Supported`;
  return [...errors, forbidden(path.child('spec', 'activeDeadlineSeconds'), why)];
}

/**
 * The template of a controller that keeps a number of Pods running: its Pods must match the selector and run for ever.
 * `kind` is the controller's, for the message. Behaves as kubernetes ValidatePodTemplateSpecForReplicaSet.
 */
export function validateReplicatedTemplate(
  template: PodTemplateSpec | undefined,
  selector: LabelSelector | undefined,
  path: FieldPath,
  kind: string,
): FieldError[] {
  if (!template) return [required(path)];
  return [
    ...validateTemplateIsSelected(template, selector, path),
    ...validatePodTemplate(template, path),
    ...validateRunsForever(template, path, kind),
  ];
}
