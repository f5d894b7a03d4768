/** Who decides what somebody may do, in their order, as `apiserver.config.k8s.io/v1` has it. */
export interface AuthorizationConfiguration {
  readonly authorizers?: readonly AuthorizerSpec[];
}

export interface AuthorizerSpec {
  readonly type?: string;
  /** In metrics. */
  readonly name?: string;
  readonly webhook?: WebhookSpec;
}

/** Durations are as Go writes them: `5m`. */
export interface WebhookSpec {
  readonly authorizedTTL?: string;
  readonly cacheAuthorizedRequests?: boolean;
  readonly unauthorizedTTL?: string;
  readonly cacheUnauthorizedRequests?: boolean;
  readonly timeout?: string;
  readonly subjectAccessReviewVersion?: string;
  readonly matchConditionSubjectAccessReviewVersion?: string;
  readonly failurePolicy?: string;
  readonly connectionInfo?: { readonly type?: string; readonly kubeConfigFile?: string };
  readonly matchConditions?: readonly { readonly expression?: string }[];
}
