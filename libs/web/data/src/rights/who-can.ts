import { clusterPrefix } from '@binnacle/machinery-meta';
import { call } from '../http.js';
import type { Right } from './right.js';

/** Where a right comes from. */
export interface RightSource {
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly name: string;
  readonly namespace?: string;
  readonly roleKind: string;
  readonly roleName: string;
}

/** A person, a group or a service account. */
export interface RightHolder {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  /** Of a service account. */
  readonly namespace?: string;
  /** What gives it to them; nothing for what they have by being who they are. */
  readonly by?: readonly RightSource[];
}

/** Who has a right, and who could give it. */
export interface WhoCan {
  readonly subjects: readonly RightHolder[];
  readonly couldGrant: readonly RightHolder[];
  /** There may be others. */
  readonly incomplete: boolean;
}

/** Who has a right; refused to who may not list the bindings it follows from. */
export async function fetchWhoCan(cluster: string, right: Right, signal?: AbortSignal): Promise<WhoCan> {
  const path = `${clusterPrefix(cluster)}/apis/authorization.binnacle.dev/v1/whocans`;
  const spec = { resourceAttributes: right };
  const body = { apiVersion: 'authorization.binnacle.dev/v1', kind: 'WhoCan', spec };
  const { status = {} } = await call<{ readonly status?: Partial<WhoCan> }>(path, {
    method: 'POST',
    body,
    ...(signal && { signal }),
  });
  const { subjects = [], couldGrant = [], incomplete = false } = status;
  return { subjects, couldGrant, incomplete };
}
