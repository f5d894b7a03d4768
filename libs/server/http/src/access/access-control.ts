import type { Context, Soon } from '@binnacle/machinery-context';
import type { AskFor, Credentials, Permit, UserInfo } from '@binnacle/server-auth';
import type { KnownRequest } from '../request/api-request.js';

/** Decides who a request comes from, and whether they may make it. Both throw or reject with a StatusError. */
export interface AccessControl {
  /** `proved` hears who makes the request before it is asked whether they may make it as somebody else. */
  authenticate(ctx: Context, credentials: Credentials, proved?: (user: UserInfo) => void): Soon<UserInfo>;
  authorize(request: KnownRequest): Soon<Permit>;
  readonly permit: AskFor;
}
