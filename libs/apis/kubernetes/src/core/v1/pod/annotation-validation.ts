import { type FieldError, type FieldPath, forbidden, invalid } from '@binnacle/machinery-validation';
import type { PodSpec } from '../index.js';

/** Marks the API's image of a static Pod; its value identifies the manifest. */
export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
const MAX_INT32 = 2 ** 31 - 1;

type Annotations = Readonly<Record<string, string>>;

/** The form Go's ParseInt takes, without signs or zeros that would compare unequal as text. */
function isDeletionCost(text: string): boolean {
  const cost = Number(text);
  return /^(-?[1-9]\d*|0)$/.test(text) && Math.abs(cost) <= MAX_INT32;
}

export function validatePodAnnotations(
  annotations: Annotations | undefined,
  spec: PodSpec | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const mirror = annotations?.[MIRROR_ANNOTATION];
  if (mirror !== undefined && !spec?.nodeName) {
    const why = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(path.key(MIRROR_ANNOTATION), mirror, why));
  }
  const cost = annotations?.[DELETION_COST];
  if (cost !== undefined && !isDeletionCost(cost))
    errors.push(invalid(path.key(DELETION_COST), cost, 'must be a 32bit integer'));
  return errors;
}

/** A Pod is a mirror Pod for life, or never. */
export function validateMirrorChange(next: Annotations = {}, old: Annotations = {}, path: FieldPath): FieldError[] {
  const [before, after] = [old[MIRROR_ANNOTATION], next[MIRROR_ANNOTATION]];
  if (before === after) return [];
  const why =
    before === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation';
  return [forbidden(path.key(MIRROR_ANNOTATION), why)];
}
