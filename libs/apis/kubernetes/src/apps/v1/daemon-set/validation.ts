import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
  validateImmutable,
  validateLabelSelector,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import {
  intOrPercentValue,
  matcherIfReadable,
  validateAtMost100Percent,
  validateCollisionCount,
  validateIntOrPercent,
  validateMeta,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import {
  validatePodTemplate,
  validateRunsForever,
  validateTemplateIsSelected,
} from '../../../core/v1/pod/template-validation.js';
import type { DaemonSet, DaemonSetSpec, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from '../index.js';
import { validateTemplateGeneration } from './template-generation.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const STRATEGIES = ['RollingUpdate', 'OnDelete'];

function validateSelector({ selector, template }: DaemonSetSpec): FieldError[] {
  const path = SPEC.child('selector');
  const empty = matcherIfReadable(selector)?.matchesEverything;
  return [
    ...validateLabelSelector(selector, path),
    ...validateTemplateIsSelected(template, selector, SPEC.child('template')),
    ...(empty ? [invalid(path, selector, 'empty selector is invalid for daemonset')] : []),
  ];
}

/** A node lacks its Pod for a while or has two of them, never both. */
function validateEither({ maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet, path: FieldPath): FieldError[] {
  const [unavailable, surge] = [intOrPercentValue(maxUnavailable) !== 0, intOrPercentValue(maxSurge) !== 0];
  if (unavailable !== surge) return [];
  return unavailable
    ? [invalid(path.child('maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero')]
    : [required(path.child('maxUnavailable'), 'cannot be 0 when maxSurge is 0')];
}

function validateRollingUpdate(update: RollingUpdateDaemonSet, path: FieldPath): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = update;
  return [
    ...validateIntOrPercent(maxUnavailable, path.child('maxUnavailable')),
    ...validateIntOrPercent(maxSurge, path.child('maxSurge')),
    ...validateAtMost100Percent(maxUnavailable, path.child('maxUnavailable')),
    ...validateAtMost100Percent(maxSurge, path.child('maxSurge')),
    ...validateEither(update, path),
  ];
}

function validateStrategy(strategy: DaemonSetUpdateStrategy, path: FieldPath): FieldError[] {
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') return [];
  // As upstream prints its own structure, which has no JSON names.
  if (type !== 'RollingUpdate') return [notSupported(path, { Type: type, RollingUpdate: null }, STRATEGIES)];
  if (!rollingUpdate) return [required(path.child('rollingUpdate'))];
  return validateRollingUpdate(rollingUpdate, path.child('rollingUpdate'));
}

/** Behaves as kubernetes pkg/apis/apps/validation ValidateDaemonSet. */
export function validateDaemonSet(set: DaemonSet): FieldError[] {
  const { spec } = set;
  const meta = validateMeta(set, true);
  if (!spec) return meta;
  return [
    ...meta,
    ...validateSelector(spec),
    ...validatePodTemplate(spec.template, SPEC.child('template')),
    ...validateRunsForever(spec.template, SPEC.child('template'), 'DaemonSet'),
    ...validateNonNegative(spec.minReadySeconds, SPEC.child('minReadySeconds')),
    ...validateTemplateGeneration(set),
    ...validateStrategy(spec.updateStrategy ?? {}, SPEC.child('updateStrategy')),
    ...validateNonNegative(spec.revisionHistoryLimit, SPEC.child('revisionHistoryLimit')),
  ];
}

export function validateDaemonSetUpdate(next: DaemonSet, old: DaemonSet): FieldError[] {
  return validateImmutable(next.spec?.selector, old.spec?.selector, SPEC.child('selector'));
}

const COUNTS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

export function validateDaemonSetStatusUpdate(next: DaemonSet, old: DaemonSet): FieldError[] {
  return [
    ...validateStatusMeta(next.metadata),
    ...COUNTS.flatMap((count) => validateNonNegative(next.status?.[count], STATUS.child(count))),
    ...validateCollisionCount(next.status, old.status, STATUS),
  ];
}
