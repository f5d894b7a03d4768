import type { Program } from '@binnacle/machinery-cel';

/** The types there are; the others than webhooks are known by the server. */
export const AUTHORIZER_TYPES = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC', 'Webhook'] as const;
export type AuthorizerType = (typeof AUTHORIZER_TYPES)[number];

/** A webhook that is asked what somebody may do. */
export interface CompiledWebhook {
  /** The path of a kubeconfig. */
  readonly file: string;
  /** Of authorization.k8s.io, by which it is asked. */
  readonly version: 'v1' | 'v1beta1';
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Milliseconds for which a yes and a no are believed; 0 where they are not. */
  readonly believed: { readonly yes: number; readonly no: number };
  /** What it means that it cannot be asked. */
  readonly failurePolicy: 'NoOpinion' | 'Deny';
  readonly conditions: MatchConditions;
}

/** When a webhook is asked at all. */
export type MatchConditions = readonly Program[];

/** One who decides. */
export type CompiledAuthorizer =
  | { readonly type: Exclude<AuthorizerType, 'Webhook'>; readonly name: string }
  | { readonly type: 'Webhook'; readonly name: string; readonly webhook: CompiledWebhook };
