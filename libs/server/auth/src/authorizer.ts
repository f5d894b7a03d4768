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
  };
  /** Set for all other requests. */
  readonly path?: string;
}

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface Authorizer {
  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision>;
}
