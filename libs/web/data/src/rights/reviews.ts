import { clusterPrefix } from '@binnacle/machinery-meta';
import { call } from '../http.js';
import type { Right } from './right.js';
import type { ViewedAs } from '../view-as.js';
import type { NamespaceRules, PathRule, ResourceRule } from './rules.js';

/** Where all questions about rights are asked: an answer of 403 there tells of no right that was taken away. */
export const REVIEWS = '/apis/authorization.k8s.io/v1/';

interface Asking {
  readonly signal?: AbortSignal | undefined;
  /** As whom it is asked. */
  readonly as?: ViewedAs | undefined;
}

/** Throws where nothing was answered, which says neither yes nor no. */
async function ask<T>(cluster: string, kind: string, spec: object, { signal, as }: Asking): Promise<T> {
  const path = `${clusterPrefix(cluster)}${REVIEWS}${kind.toLowerCase()}s`;
  const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec };
  const options = { method: 'POST', body, ...(signal && { signal }), ...(as && { as }) };
  const { status } = await call<{ readonly status?: T }>(path, options);
  if (!status) throw new Error(`the server answers a ${kind} with nothing`);
  return status;
}

/** Whether whoever asks has a right. */
export async function fetchAccess(cluster: string, right: Right, signal?: AbortSignal): Promise<boolean> {
  const spec = { resourceAttributes: right };
  const status = await ask<{ allowed?: boolean }>(cluster, 'SelfSubjectAccessReview', spec, { signal });
  return status.allowed === true;
}

interface ToldRules {
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly PathRule[];
  readonly incomplete?: boolean;
}

/** What whoever asks, or somebody they may be, may do in a namespace. */
export async function fetchRules(cluster: string, namespace: string, asking: Asking = {}): Promise<NamespaceRules> {
  const status = await ask<ToldRules>(cluster, 'SelfSubjectRulesReview', { namespace }, asking);
  const { resourceRules = [], nonResourceRules = [], incomplete = false } = status;
  return { resourceRules, nonResourceRules, incomplete };
}
