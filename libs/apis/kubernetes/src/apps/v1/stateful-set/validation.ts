import type { LabelSelector } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isDns1123Label,
  nameIsDnsLabel,
  required,
  semanticEqual,
  validateAnnotations,
  validateLabelSelector,
  validateLabels,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import {
  each,
  matcherIfReadable,
  validateCollisionCount,
  validateFinalizers,
  validateMeta,
  validateReplicaCounts,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import { validateClaimSpec } from '../../../core/v1/persistent-volume-claim/spec-validation.js';
import type { PodTemplateSpec, Volume } from '../../../core/v1/index.js';
import { validatePodAnnotations } from '../../../core/v1/pod/annotation-validation.js';
import {
  validatePodTemplate,
  validateRunsForever,
  validateTemplateIsSelected,
} from '../../../core/v1/pod/template-validation.js';
import type { StatefulSet, StatefulSetSpec } from '../index.js';
import { validatePolicies } from './policy-validation.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const TEMPLATE = SPEC.child('template');

function validateSelector(selector: LabelSelector | undefined, path: FieldPath): FieldError[] {
  if (!selector) return [required(path)];
  const errors = validateLabelSelector(selector, path);
  if (!matcherIfReadable(selector)?.matchesEverything) return errors;
  return [...errors, invalid(path, selector, 'empty selector is invalid for statefulset')];
}

/** The template as the controller fills it in: names and claims are its own. */
function templateAsMade({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const { subdomain: _, hostname: __, ...spec } = template.spec ?? { containers: [] };
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const claims = new Map<string, Volume>();
  for (const { metadata } of volumeClaimTemplates) {
    const name = metadata?.name ?? '';
    claims.set(name, { name, persistentVolumeClaim: { claimName: name } });
  }
  const others = (spec.volumes ?? []).filter(({ name }) => !claims.has(name));
  return { ...template, spec: { ...spec, volumes: [...claims.values(), ...others] } };
}

/** Labels and annotations are judged twice, as upstream does. */
function validateTemplate(spec: StatefulSetSpec): FieldError[] {
  if (!matcherIfReadable(spec.selector)) return [invalid(SPEC.child('selector'), spec.selector, '')];
  const template = templateAsMade(spec);
  const { labels, annotations } = template.metadata ?? {};
  const at = TEMPLATE.child('annotations');
  return [
    ...validateTemplateIsSelected(template, spec.selector, TEMPLATE),
    ...validatePodTemplate(template, TEMPLATE),
    ...validateLabels(labels, TEMPLATE.child('labels')),
    ...validateAnnotations(annotations, at),
    ...validatePodAnnotations(annotations, template.spec, at),
  ];
}

/** Rules of what may be changed, and of what is new besides. */
function validateSpec(spec: StatefulSetSpec, isNew: boolean): FieldError[] {
  const { serviceName } = spec;
  const named = isNew && serviceName ? isDns1123Label(serviceName) : [];
  return [
    ...validatePolicies(spec, SPEC),
    ...(isNew
      ? each(spec.volumeClaimTemplates, SPEC.child('volumeClaimTemplates'), (claim, at) =>
          validateClaimSpec(claim.spec ?? {}, at.child('spec')),
        )
      : []),
    ...validateNonNegative(spec.replicas, SPEC.child('replicas')),
    ...validateNonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...validateNonNegative(spec.ordinals?.start, SPEC.child('ordinals.start')),
    ...invalidEach(SPEC.child('serviceName'), serviceName, named),
    ...validateSelector(spec.selector, SPEC.child('selector')),
    ...validateTemplate(spec),
    ...validateRunsForever(spec.template, TEMPLATE, 'StatefulSet'),
  ];
}

/** Behaves as kubernetes pkg/apis/apps/validation ValidateStatefulSet. */
export function validateNewStatefulSet(set: StatefulSet): FieldError[] {
  return [...validateMeta(set, true, nameIsDnsLabel), ...(set.spec ? validateSpec(set.spec, true) : [])];
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const satisfies readonly (keyof StatefulSetSpec)[];
const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

function fixedPart(spec: StatefulSetSpec | undefined): Partial<StatefulSetSpec> {
  const fixed: Partial<StatefulSetSpec> = { ...spec };
  for (const field of CHANGEABLE) delete fixed[field];
  return fixed;
}

/** Behaves as kubernetes ValidateStatefulSetUpdate. */
export function validateStatefulSetUpdate(
  { metadata, spec: next }: StatefulSet,
  { spec: old }: StatefulSet,
): FieldError[] {
  const errors = [...validateFinalizers(metadata), ...(next ? validateSpec(next, false) : [])];
  return semanticEqual(fixedPart(next), fixedPart(old)) ? errors : [...errors, forbidden(SPEC, FIXED)];
}

const WITHIN_REPLICAS = ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'];
const COUNTS = ['replicas', ...WITHIN_REPLICAS, 'observedGeneration', 'collisionCount'];

export function validateStatefulSetStatusUpdate(next: StatefulSet, old: StatefulSet): FieldError[] {
  return [
    ...validateReplicaCounts({ ...next.status }, STATUS, COUNTS, WITHIN_REPLICAS, 'status.readyReplicas'),
    ...validateStatusMeta(next.metadata),
    ...validateCollisionCount(next.status, old.status, STATUS),
  ];
}
