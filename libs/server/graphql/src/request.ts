import type { ResourceDefinition, Verb } from '@binnacle/apis-kubernetes/registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry, RequestContext, ResourceStore } from '@binnacle/server-registry';
import type { RelatedObjects } from './related-objects.js';

/** What a GraphQL operation may reach, under the rights of the one who asks. */
export interface GraphqlRequest {
  readonly ctx: RequestContext;
  readonly registry: Registry;
  readonly authorize: Authorize;
  /** Who asks, looked up again: rejects with Unauthorized once a session has ended or a token is no longer believed. */
  readonly renew: () => Promise<RequestContext>;
  /** Lists shared by all the relations one operation follows. */
  readonly related: RelatedObjects;
}

/** Rejects with a Forbidden StatusError where the user may not. */
export type Authorize = (ctx: RequestContext, attempt: Attempt) => Promise<void>;

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
