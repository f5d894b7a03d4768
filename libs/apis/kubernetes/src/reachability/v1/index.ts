import type { ObjectMeta } from '@binnacle/machinery-meta';

/** Asks whether policies let one reach another. It is only asked, and never kept. */
export interface ReachabilityReview {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: ReachabilityReviewSpec;
  status?: ReachabilityReviewStatus;
}

export interface ReachabilityReviewSpec {
  /** A Pod, Pods of some labels, or an address. */
  from: ReachabilityEnd;
  /** A Pod, a Service, or an address. */
  to: ReachabilityEnd;
  /** Of who is reached; of a Service its own. */
  port: number;
  /** TCP unless it is said. */
  protocol?: string;
}

/** Somebody at one end: by namespace and one of Pod, Service and labels, or by address alone. */
export interface ReachabilityEnd {
  namespace?: string;
  pod?: string;
  service?: string;
  labels?: Record<string, string>;
  ip?: string;
}

export interface ReachabilityReviewStatus {
  /** Whether it reaches all of those that a connection may end at. */
  allowed: boolean;
  /** It reaches some of them. */
  partly?: boolean;
  message: string;
  /** What each side says, of the first connection that is not allowed, or of the first. */
  egress?: ReachabilitySide;
  ingress?: ReachabilitySide;
  /** Where a connection may end: one, or the endpoints of a Service. */
  paths: ReachabilityPath[];
  /** Whether there are more than are told. */
  incomplete: boolean;
}

export interface ReachabilityPath {
  /** Of an endpoint that who asks may not see, neither is told. */
  namespace?: string;
  pod?: string;
  ip: string;
  /** Where it really ends: of a Service the port of the endpoint. */
  port: number;
  allowed: boolean;
  egress: ReachabilitySide;
  ingress: ReachabilitySide;
}

/** What one end says. */
export interface ReachabilitySide {
  allowed: boolean;
  /** Outside, HostNetwork, Itself, OwnNode, NotIsolated, Rule, NoRule, or Withheld where who asks may not see what says so. */
  reason: string;
  message: string;
  /** Those of the Pod's namespace that select it in this direction. */
  policies: string[];
  /** How many others do, beside the first 100 by name. */
  more?: number;
  rule?: ReachabilityRule;
}

/** A rule that allows it: `spec.ingress[index]` or `spec.egress[index]` of a policy. */
export interface ReachabilityRule {
  policy: string;
  index: number;
}

export { REACHABILITY_REVIEWS, reachabilityKind } from './reviews.js';
