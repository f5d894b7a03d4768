import type { Context, Soon } from '@binnacle/machinery-context';
import type { UserInfo } from './user-info.js';

/** What somebody wants to do. */
export interface AuthorizationAttributes {
  readonly user: UserInfo;
  readonly cluster: string;
  readonly verb: string;
  /** Set for requests about resources. */
  readonly resource?: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly subresource: string;
    readonly namespace: string;
    readonly name: string;
    /** Of a list or watch, as it was asked with. */
    readonly fieldSelector?: string;
    readonly labelSelector?: string;
  };
  /** Set for all other requests. */
  readonly path?: string;
}

/** Yes; no, with a reason; or, of a list or watch across namespaces that is not allowed as a whole, in some of them. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  /** Where what is not allowed everywhere is allowed. Who does not look at it refuses. */
  readonly namespaces?: ReadonlySet<string>;
}

export interface Authorizer {
  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision>;
}
