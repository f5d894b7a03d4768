import type { KubeObject } from '@binnacle/machinery-meta';

/** What is known of one change of an object. */
export interface ChangeSpec {
  /** The resourceVersion the object had from then on. */
  revision: number;
  /** The resourceVersion it had before; absent where there was no object. */
  replaces?: number;
  /** RFC 3339, to the millisecond. */
  time: string;
  verb: 'create' | 'update' | 'delete';
  /** Empty for the core group. */
  group: string;
  /** Plural name. */
  resource: string;
  apiVersion: string;
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
  uid?: string;
  user: string;
  /** Groups of the user, but for `system:authenticated`; absent where they were not kept. */
  groups?: string[];
  userAgent: string;
  /** The Audit-ID of the request that made the change; absent where that was not kept. */
  requestID?: string;
  /** Paths of what an update changed, such as `spec.containers[name=web].image`, without values. */
  fields: string[];
  /** How many more paths there are. */
  moreFields?: number;
}

/** An entry of a cluster's log. Its name is the revision; it lives in the namespace of the object, or in `default`. */
export interface Change extends KubeObject {
  spec: ChangeSpec;
}

/** A change that set fields of an object. */
export interface BlamedChange {
  revision: number;
  /** RFC 3339, to the millisecond. */
  time: string;
  verb: 'create' | 'update' | 'delete';
  user: string;
  groups?: string[];
  userAgent: string;
  requestID?: string;
  /** The field manager it was made by, where managed fields tell. */
  manager?: string;
}

export interface BlamedField {
  /** Such as `spec.containers[name=web].image`. Its value is not told. */
  path: string;
  /** Of the change that set it last; absent where history does not go back to that. */
  revision?: number;
}

/** Who set each field of an object, as it was with a change. */
export interface Blame extends KubeObject {
  /** The newest first. */
  changes: BlamedChange[];
  fields: BlamedField[];
  /** How many more fields there are. */
  moreFields?: number;
  /** Whether all of it is known: false where history, or what is looked at of it, ends before. */
  complete: boolean;
}
