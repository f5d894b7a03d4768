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
