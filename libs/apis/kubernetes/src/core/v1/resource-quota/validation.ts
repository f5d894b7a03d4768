import { type FieldError, type FieldPath, FIELD_IMMUTABLE, fieldPath, invalid } from '@binnacle/machinery-validation';
import { type ResourceList, eachEntry, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type { ResourceQuota } from '../index.js';
import { validateAmount, validateResourceName } from '../pod/resource-validation.js';
import { isStandardOfQuota } from '../resource-names.js';
import { validateScopes, validateScopeSelector } from './scopes.js';

const SPEC = fieldPath('spec');

function validateQuotaResourceName(name: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(name, path);
  if (name.includes('/') || isStandardOfQuota(name)) return errors;
  return [...errors, invalid(path, name, 'must be a standard resource for quota')];
}

function validateList(list: ResourceList | undefined, path: FieldPath): FieldError[] {
  return eachEntry(list, path, (name, amount, at) => [
    ...validateQuotaResourceName(name, at),
    ...validateAmount(name, amount, at),
  ]);
}

/** Behaves as kubernetes ValidateResourceQuota. */
export function validateResourceQuota(quota: ResourceQuota): FieldError[] {
  return [
    ...validateMeta(quota, true),
    ...validateList(quota.spec?.hard, SPEC.child('hard')),
    ...validateScopes(quota.spec ?? {}, SPEC.child('scopes')),
    ...validateScopeSelector(quota.spec ?? {}, SPEC.child('scopeSelector')),
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
