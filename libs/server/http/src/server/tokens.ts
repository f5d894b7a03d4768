import type { Context, Soon } from '@binnacle/machinery-context';
import type { Credentials, UserInfo } from '@binnacle/server-auth';
import type { ApiRequest } from '../api-request.js';

/** Decides who a request comes from, and whether they may make it. Both throw or reject with a StatusError. */
export interface AccessControl {
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo>;
  authorize(request: ApiRequest): Soon<void>;
}

export const API_HANDLER = Symbol('ApiHandler');
export const ACCESS_CONTROL = Symbol('AccessControl');
export const REQUEST_METRICS = Symbol('RequestMetrics');
/** An AbortSignal that ends watches and other streams when the server stops. */
export const STOPPING = Symbol('Stopping');
export const SERVER_CONTEXT = Symbol('Context');
