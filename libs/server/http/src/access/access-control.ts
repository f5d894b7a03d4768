import type { Context, Soon } from '@binnacle/machinery-context';
import type { AskFor, Credentials, Permit, UserInfo } from '@binnacle/server-auth';
import type { KnownRequest } from '../request/api-request.js';

/** Decides who a request comes from, and whether they may make it. Both throw or reject with a StatusError. */
export interface AccessControl {
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo>;
  authorize(request: KnownRequest): Soon<Permit>;
  readonly permit: AskFor;
}
