import type { ReachabilityReviewSpec, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import type { WhoCanSpec, WhoCanStatus } from '@binnacle/apis-kubernetes/who-can/v1';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { Verb } from '@binnacle/apis-schema';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { SignInRequest } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import type { CallerContext, RequestContext, ResourceStore, ResourceStores } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import type { Budget } from './cost/budget.js';
import type { RelatedObjects } from './related-objects.js';

/** What a GraphQL operation may reach, under the rights of the one who asks. */
export interface GraphqlRequest {
  /** Its signal ends the operation: with the client, the deadline, the budget or the server. */
  readonly ctx: CallerContext;
  readonly stores: ResourceStores;
  readonly authorize: Authorize;
  /** Absent where no roles are decided by. */
  readonly whoCan?: AskWhoCan | undefined;
  readonly reachability?: AskReachability | undefined;
  /** Absent where nobody can sign in. */
  readonly people?: People | undefined;
  /** Absent over a WebSocket, whose answers set no cookies. Throws Forbidden for a page of another site. */
  readonly browser?: (() => Browser) | undefined;
  /** Lists shared by all the relations one operation follows. */
  readonly related: RelatedObjects;
  readonly budget: Budget;
  /** Resolves when the reader of a subscription takes more. */
  readonly room: () => Promise<void>;
}

/** Answers what the caller may do it with. Rejects with a Forbidden StatusError where they may not. */
export type Authorize = (ctx: CallerContext, attempt: Attempt) => Promise<RequestContext>;

/** What people sign in with, and what is done with that. */
export interface People extends Pick<ComposedPeople, 'own' | 'others' | 'invitations' | 'sessions'> {
  /** Does what a path of REST does as it is done there: allowed and noted by that path and verb. */
  readonly asPath: <T>(ctx: CallerContext, at: RestCall, act: () => Promise<T>) => Promise<T>;
}

export interface RestCall {
  readonly path: string;
  /** As RBAC has it, such as `post`. */
  readonly verb: string;
}

/** What keeps the cookies of an answer. */
export interface Browser extends SignInRequest {
  /** Whether it came over HTTPS. */
  readonly secure: boolean;
  /** Sets cookies by the answer. */
  keep(cookies: readonly string[]): void;
}

/** Answers who may do something. Rejects with Forbidden where the caller may not know. */
export type AskWhoCan = (ctx: CallerContext, spec: WhoCanSpec) => Promise<WhoCanStatus>;

/** What was read to answer. */
export interface ReachabilityReading {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Answers whether one reaches another. Rejects with Forbidden or NotFound where the caller may not know, or nobody is there, and with
 * what `onRead` throws.
 */
export type AskReachability = (
  ctx: CallerContext,
  spec: ReachabilityReviewSpec,
  onRead: (reading: ReachabilityReading) => void,
) => Promise<ReachabilityReviewStatus>;

export interface Attempt {
  readonly verb: Verb;
  readonly definition: ResourceDefinition;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** An object as resolvers hand it on: parsed, and knowing its kind. */
export interface Located {
  readonly store: ResourceStore;
  readonly object: UnstructuredObject;
}

/** An object that is to be told, and is parsed only when its turn has come. */
export interface Found {
  readonly store: ResourceStore;
  readonly stored: StoredObject;
}
