import { type FieldError, type FieldPath, FIELD_IMMUTABLE, fieldPath, invalid } from '@binnacle/machinery-validation';
import type { ResourceList } from '../../../registry/quantities.js';
import { eachEntry, validateMeta, validateStatusMeta } from '../../../registry/rules.js';
import type { ResourceQuota } from '../index.js';
import { validateAmount, validateResourceName } from '../pod/resource-validation.js';

const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
];

function validateList(list: ResourceList | undefined, path: FieldPath): FieldError[] {
  return eachEntry(list, path, (name, amount, at) => [
    ...validateResourceName(name, at),
    ...validateAmount(name, amount, at),
  ]);
}

function validateScopes(scopes: readonly string[], path: FieldPath): FieldError[] {
  const unknown = scopes.filter((scope) => !SCOPES.includes(scope));
  const conflicts = CONFLICTS.filter((pair) => pair.every((scope) => scopes.includes(scope)));
  return [
    ...unknown.map(() => invalid(path, scopes, 'unsupported scope')),
    ...conflicts.map(() => invalid(path, scopes, 'conflicting scopes')),
  ];
}

/** Behaves as kubernetes ValidateResourceQuota. */
export function validateResourceQuota(quota: ResourceQuota): FieldError[] {
  return [
    ...validateMeta(quota, true),
    ...validateList(quota.spec?.hard, fieldPath('spec', 'hard')),
    ...validateScopes(quota.spec?.scopes ?? [], fieldPath('spec', 'scopes')),
  ];
}

export function validateResourceQuotaUpdate(next: ResourceQuota, old: ResourceQuota): FieldError[] {
  const scopesOf = ({ spec }: ResourceQuota) => [...new Set(spec?.scopes)].sort().join();
  if (scopesOf(next) === scopesOf(old)) return [];
  return [invalid(fieldPath('spec', 'scopes'), next.spec?.scopes ?? [], FIELD_IMMUTABLE)];
}

export function validateResourceQuotaStatusUpdate({ metadata, status }: ResourceQuota): FieldError[] {
  return [
    ...validateStatusMeta(metadata),
    ...validateList(status?.hard, fieldPath('status', 'hard')),
    ...validateList(status?.used, fieldPath('status', 'used')),
  ];
}
