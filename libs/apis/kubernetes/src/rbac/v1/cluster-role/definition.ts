import type { LabelSelector } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  nameIsPathSegment,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { validatePolicyRule } from '../rules.js';
import { addressOf, allVerbs, defaultPrinter, each, matcherIfReadable, validateMeta } from '@binnacle/apis-registry';
import type { AggregationRule, ClusterRole } from '../index.js';

const SELECTORS = fieldPath('aggregationRule', 'clusterRoleSelectors');

function validateSelector(selector: LabelSelector, path: FieldPath): FieldError[] {
  const errors = validateLabelSelector(selector, path);
  // Upstream prints what it could not make of it.
  return matcherIfReadable(selector) ? errors : [...errors, invalid(path, null, 'invalid label selector.')];
}

/** Rules that are gathered from other roles come from some. */
function validateAggregation(rule: AggregationRule | undefined): FieldError[] {
  if (!rule) return [];
  const why = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
  const none = rule.clusterRoleSelectors?.length ? [] : [required(SELECTORS, why)];
  return [...none, ...each(rule.clusterRoleSelectors, SELECTORS, validateSelector)];
}

export const clusterRoles = defineResource<ClusterRole>({
  ...addressOf(refs.clusterroles),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  example: { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] },
  strategy: {
    validate: (role) => [
      ...validateMeta(role, false, nameIsPathSegment),
      ...each(role.rules, fieldPath('rules'), (rule, at) => validatePolicyRule(rule, false, at)),
      ...validateAggregation(role.aggregationRule),
    ],
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer: defaultPrinter,
  fields: {},
});
