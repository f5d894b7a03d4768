/** How tokens of other issuers are believed, as `apiserver.config.k8s.io/v1` has it. */
export interface AuthenticationConfiguration {
  readonly jwt?: readonly JwtAuthenticatorSpec[];
  readonly anonymous?: AnonymousSpec;
}

export interface AnonymousSpec {
  readonly enabled?: boolean;
  /** Paths that may be asked for anonymously; all without it. */
  readonly conditions?: readonly { readonly path?: string }[];
}

export interface IssuerSpec {
  readonly url?: string;
  readonly discoveryURL?: string;
  /** PEM. */
  readonly certificateAuthority?: string;
  readonly audiences?: readonly string[];
  readonly audienceMatchPolicy?: string;
  readonly egressSelectorType?: string;
}

/** A claim as it is or with a prefix, or what an expression makes of the claims. */
export interface ClaimOrExpression {
  readonly claim?: string;
  readonly prefix?: string;
  readonly expression?: string;
}

export interface ClaimMappings {
  readonly username?: ClaimOrExpression;
  readonly groups?: ClaimOrExpression;
  readonly uid?: Omit<ClaimOrExpression, 'prefix'>;
  readonly extra?: readonly { readonly key?: string; readonly valueExpression?: string }[];
}

export interface ClaimValidationRule {
  readonly claim?: string;
  readonly requiredValue?: string;
  readonly expression?: string;
  readonly message?: string;
}

export interface UserValidationRule {
  readonly expression?: string;
  readonly message?: string;
}

export interface JwtAuthenticatorSpec {
  readonly issuer?: IssuerSpec;
  readonly claimValidationRules?: readonly ClaimValidationRule[];
  readonly claimMappings?: ClaimMappings;
  readonly userValidationRules?: readonly UserValidationRule[];
}
