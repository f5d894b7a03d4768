import { type FieldError, type FieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from '../index.js';
import { isStandardOfQuota } from '../resource-names.js';

const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const OF_PODS = ['pods', ...COMPUTE];

/** What can be counted in each scope. */
const SCOPES = new Map<string, readonly string[]>([
  ['Terminating', OF_PODS],
  ['NotTerminating', OF_PODS],
  ['BestEffort', ['pods']],
  ['NotBestEffort', OF_PODS],
  ['PriorityClass', OF_PODS],
  ['CrossNamespacePodAffinity', OF_PODS],
  ['VolumeAttributesClass', ['persistentvolumeclaims', 'requests.storage']],
]);
/** Scopes that have no values. */
const PLAIN = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];
const ONLY_EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';
const SOME_VALUE = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
const NO_VALUE = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";

/** The standard resources of a quota that a scope says nothing of. */
function foreignTo(scope: string, { hard = {} }: ResourceQuotaSpec): string[] {
  const fitting = SCOPES.get(scope);
  return fitting ? Object.keys(hard).filter((name) => isStandardOfQuota(name) && !fitting.includes(name)) : [];
}

function conflicts(scopes: readonly string[], spec: ResourceQuotaSpec, path: FieldPath): FieldError[] {
  return CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() =>
    invalid(path, spec.scopes ?? null, 'conflicting scopes'),
  );
}

/** Behaves as kubernetes validateResourceQuotaScopes. */
export function validateScopes(spec: ResourceQuotaSpec, path: FieldPath): FieldError[] {
  const { scopes = [] } = spec;
  return [
    ...scopes.flatMap((scope) => [
      ...(SCOPES.has(scope) ? [] : [invalid(path, scopes, 'unsupported scope')]),
      ...foreignTo(scope, spec).map(() => invalid(path, scopes, 'unsupported scope applied to resource')),
    ]),
    ...conflicts(scopes, spec, path),
  ];
}

function validateValues({ operator, values = [] }: ScopedResourceSelectorRequirement, path: FieldPath): FieldError[] {
  if (operator === 'In' || operator === 'NotIn')
    return values.length > 0 ? [] : [required(path.child('values'), SOME_VALUE)];
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return values.length > 0 ? [invalid(path.child('values'), values, NO_VALUE)] : [];
  return [invalid(path.child('operator'), operator, 'not a valid selector operator')];
}

/** Behaves as kubernetes validateScopeSelector, whose paths do not tell one expression from another. */
export function validateScopeSelector(spec: ResourceQuotaSpec, selectorPath: FieldPath): FieldError[] {
  const path = selectorPath.child('matchExpressions');
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  const errors = expressions.flatMap((expression) => {
    const { scopeName, operator } = expression;
    return [
      ...(SCOPES.has(scopeName) ? [] : [invalid(path.child('scopeName'), scopeName, 'unsupported scope')]),
      ...foreignTo(scopeName, spec).map(() =>
        invalid(path, spec.scopeSelector, 'unsupported scope applied to resource'),
      ),
      ...(PLAIN.includes(scopeName) && operator !== 'Exists'
        ? [invalid(path.child('operator'), operator, ONLY_EXISTS)]
        : []),
      ...validateValues(expression, path),
    ];
  });
  const scopes = expressions.map(({ scopeName }) => scopeName);
  return [...errors, ...conflicts(scopes, spec, path)];
}
