import { type FieldError, type FieldPath, forbidden, invalid } from '@binnacle/machinery-validation';
import type { PodSpec } from '../index.js';
import { validateLink } from '../../../links/index.js';
import { ANNOTATION_CONFIG_MIRROR, ANNOTATION_POD_DELETION_COST } from '../../../well-known/index.js';

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
  const mirror = annotations?.[ANNOTATION_CONFIG_MIRROR];
  if (mirror !== undefined && !spec?.nodeName) {
    const why = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(invalid(path.key(ANNOTATION_CONFIG_MIRROR), mirror, why));
  }
  const cost = annotations?.[ANNOTATION_POD_DELETION_COST];
  if (cost !== undefined && !isDeletionCost(cost))
    errors.push(invalid(path.key(ANNOTATION_POD_DELETION_COST), cost, 'must be a 32bit integer'));
  errors.push(...validateLink(annotations, path));
  return errors;
}

/** A Pod is a mirror Pod for life, or never. */
export function validateMirrorChange(next: Annotations = {}, old: Annotations = {}, path: FieldPath): FieldError[] {
  const [before, after] = [old[ANNOTATION_CONFIG_MIRROR], next[ANNOTATION_CONFIG_MIRROR]];
  if (before === after) return [];
  const why =
    before === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation';
  return [forbidden(path.key(ANNOTATION_CONFIG_MIRROR), why)];
}
