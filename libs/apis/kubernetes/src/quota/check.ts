import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../core/v1/index.js';
import type { Evaluator, QuotaRequest } from './evaluator.js';
import {
  addLists,
  amountOf,
  exceeded,
  excess,
  mask,
  type ResourceList,
  withoutZeros,
  written,
} from './resource-list.js';

/** Why a quota does not let a write through. */
export class QuotaRefusal extends Error {}

/** A write and what is known of its kind. */
export interface Charge {
  readonly evaluator: Evaluator;
  readonly request: QuotaRequest<object>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function scopesOf({ spec }: ResourceQuota): ScopedResourceSelectorRequirement[] {
  const scopes = (spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...scopes, ...(spec?.scopeSelector?.matchExpressions ?? [])];
}

/** Whether a quota is about an object. */
export function isAbout(quota: ResourceQuota, evaluator: Evaluator, object: object): boolean {
  const counted = Object.keys(quota.status?.hard ?? {}).some((name) => evaluator.counts(name));
  return counted && scopesOf(quota).every((scope) => evaluator.matchesScope(scope, object));
}

/** What a write adds to what a quota counts. */
function added(quota: ResourceQuota, { evaluator, request, now }: Charge): ResourceList {
  const { object, old } = request;
  const usage = evaluator.usage(object, now);
  const before = old && isAbout(quota, evaluator, old) ? evaluator.usage(old, now) : {};
  return withoutZeros(excess(usage, before));
}

function refuseUnclear(quota: ResourceQuota, { evaluator, request }: Charge): void {
  const { hard = {}, used = {} } = quota.status ?? {};
  const { name } = quota.metadata;
  const names = Object.keys(hard).filter((each) => evaluator.counts(each));
  const missing = evaluator.missing?.(names, request.object);
  if (missing) throw new QuotaRefusal(`failed quota: ${name}: ${missing}`);
  if (names.every((each) => amountOf(used, each) !== undefined)) return;
  throw new QuotaRefusal(`status unknown for quota: ${name}, resources: ${names.sort().join(',')}`);
}

function refuseExcess(quota: ResourceQuota, requested: ResourceList, next: ResourceList): void {
  const { hard = {}, used = {} } = quota.status ?? {};
  const over = exceeded(mask(next, Object.keys(requested)), hard);
  if (over.length === 0) return;
  const [what, now, most] = [requested, used, hard].map((list) => written(mask(list, over)));
  throw new QuotaRefusal(`exceeded quota: ${quota.metadata.name}, requested: ${what}, used: ${now}, limited: ${most}`);
}

/**
 * The quota once a write has been counted; the very same where it uses nothing of it. Behaves as kubernetes apiserver
 * pkg/admission/plugin/resourcequota CheckRequest.
 * @throws QuotaRefusal
 */
export function charged(quota: ResourceQuota, charge: Charge): ResourceQuota {
  const { evaluator, request } = charge;
  if (!isAbout(quota, evaluator, request.object)) return quota;
  refuseUnclear(quota, charge);
  const requested = mask(added(quota, charge), Object.keys(quota.status?.hard ?? {}));
  if (Object.keys(requested).length === 0) return quota;
  const next = addLists(quota.status?.used ?? {}, requested);
  if (request.subresource !== 'status') refuseExcess(quota, requested, next);
  return { ...quota, status: { ...quota.status, used: { ...next } } };
}
