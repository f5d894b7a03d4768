import type { ObjectMeta } from '@binnacle/machinery-meta';
import type { NonResourceAttributes, ResourceAttributes } from '../../authorization/v1/index.js';

/** Asks who may do something. It is only asked, and never kept. */
export interface WhoCan {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: WhoCanSpec;
  status?: WhoCanStatus;
}

/** One of the two. */
export interface WhoCanSpec {
  resourceAttributes?: ResourceAttributes;
  nonResourceAttributes?: NonResourceAttributes;
}

export interface WhoCanStatus {
  /** Who may do it, and by what. */
  subjects: WhoCanSubject[];
  /** Who could give it to somebody, and by what they write bindings. */
  couldGrant: WhoCanSubject[];
  /** Whether there may be more: bindings that who asks may not list, roles that are not there, or more than are told. */
  incomplete: boolean;
  evaluationError?: string;
}

/** A subject of bindings. Members of `system:masters` have no bindings of their own, and may do everything. */
export interface WhoCanSubject {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
  by: WhoCanGrant[];
}

/** A binding, and the role it gives. */
export interface WhoCanGrant {
  kind: string;
  name: string;
  namespace?: string;
  roleKind: string;
  roleName: string;
}

export { WHO_CANS, whoCanKind } from './reviews.js';
