import { reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import type { TokenReview } from '@binnacle/apis-kubernetes/authentication/v1';
import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { SubjectAccessReview } from '@binnacle/apis-kubernetes/authorization/v1';
import {
  REACHABILITY_REVIEWS,
  type ReachabilityReview,
  reachabilityKind,
} from '@binnacle/apis-kubernetes/reachability/v1';
import {
  REQUEST_TRIALS,
  type RequestTrial,
  requestTrialKind,
  type RequestTrialSpec,
  type RequestTrialStatus,
} from '@binnacle/apis-kubernetes/trial/v1';
import { WHO_CANS, type WhoCan, whoCanKind } from '@binnacle/apis-kubernetes/who-can/v1';
import { formatTime, newBadRequest } from '@binnacle/machinery-meta';
import {
  asAuthenticated,
  type Authorizer,
  type BearerTokens,
  type ResolvedRules,
  type RuleResolver,
  TokenRefused,
  type UserInfo,
} from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { valueAnswer } from '../answer/object-answer.js';
import type { ObjectReader } from '../verbs/object-reader.js';
import type { ResourceInfo } from '../request/request-info.js';
import { reviewedAct } from './reviewed-act.js';
import { checkAccessReview } from './review-validation.js';
import type { ReachabilityReviews } from './reachability/reachability-review.js';
import type { WhoCanReview } from './who-can-review.js';

type PostHandler = (request: ApiRequest) => Promise<ApiAnswer>;

const AUTHENTICATION = 'authentication.k8s.io';
const AUTHORIZATION = 'authorization.k8s.io';
/** Each is compared with each of the token's. */
const MOST_AUDIENCES = 100;

function subjectOfReview({ spec }: SubjectAccessReview): UserInfo {
  const { user: name = '', uid, groups = [], extra } = spec;
  return { name, groups, ...(uid && { uid }), ...(extra && { extra }) };
}

function userInfo({ name, uid, groups, extra }: UserInfo): object {
  return { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) };
}

function ruleLists(rules: readonly PolicyRule[]): object {
  const resourceRules = rules
    .filter(({ resources }) => resources?.length)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames?.length && { resourceNames }),
    }));
  const nonResourceRules = rules
    .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  return { resourceRules, nonResourceRules };
}

/** Whether rules are all there are, and why not. */
function completeness({ errors, isIncomplete = false }: ResolvedRules): object {
  const all = [...new Set(errors)];
  const evaluationError = all.length > 1 ? `[${all.join(', ')}]` : all[0];
  return { incomplete: isIncomplete, ...(evaluationError !== undefined && { evaluationError }) };
}

/** Who decides what somebody may do, and knows by which rules. */
export interface Deciders {
  readonly authorizer: Authorizer;
  readonly rules: RuleResolver;
  readonly whoCan: WhoCanReview;
  /** Who knows whom policies let reach whom. */
  readonly reachability: ReachabilityReviews;
  /** Who sends requests to Services, to tell how far they get. */
  readonly trials: {
    answer(ctx: CallerContext, spec: Partial<RequestTrialSpec>): Promise<RequestTrialStatus>;
  };
}

/** Answers who somebody is, what they may do, and whom they reach. */
export class Reviews {
  private readonly handlers: Readonly<Record<string, PostHandler>>;

  constructor(
    private readonly reader: ObjectReader,
    private readonly deciders: Deciders,
    private readonly tokens?: BearerTokens,
  ) {
    this.handlers = {
      [`${AUTHENTICATION}/selfsubjectreviews`]: (request) => this.selfSubject(request),
      [`${AUTHENTICATION}/tokenreviews`]: (request) => this.token(request),
      [`${AUTHORIZATION}/selfsubjectaccessreviews`]: (request) => this.access(request, 'SelfSubjectAccessReview'),
      [`${AUTHORIZATION}/subjectaccessreviews`]: (request) => this.access(request, 'SubjectAccessReview'),
      [`${AUTHORIZATION}/localsubjectaccessreviews`]: (request) => this.access(request, 'LocalSubjectAccessReview'),
      [`${AUTHORIZATION}/selfsubjectrulesreviews`]: (request) => this.rules(request),
      [`${whoCanKind.group}/${WHO_CANS}`]: (request) => this.whoCan(request),
      [`${reachabilityKind.group}/${REACHABILITY_REVIEWS}`]: (request) => this.reachability(request),
      [`${requestTrialKind.group}/${REQUEST_TRIALS}`]: (request) => this.trial(request),
    };
  }

  /** Who serves a kind that is only asked; undefined where it is none of these, or not at that place. */
  find({ group, version, resource, namespace, name, subresource }: ResourceInfo): PostHandler | undefined {
    const kind = reviewKinds.find((known) => known.group === group && known.names.plural === resource);
    const isPlace = version === kind?.version && Boolean(namespace) === kind.namespaced && !name && !subresource;
    return isPlace ? this.handlers[`${group}/${resource}`] : undefined;
  }

  private async selfSubject(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(request, builtinKind(AUTHENTICATION, 'v1', 'SelfSubjectReview'));
    const { ctx } = request;
    const metadata = { ...review.metadata, creationTimestamp: formatTime(ctx.clock.now()) };
    return valueAnswer(request, { ...review, metadata, status: { userInfo: userInfo(ctx.user) } }, 201);
  }

  private async token(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(
      request,
      builtinKind(AUTHENTICATION, 'v1', 'TokenReview'),
    ) as unknown as TokenReview;
    const { token, audiences: asked } = review.spec ?? {};
    if (!token) throw newBadRequest('token is required for TokenReview in authentication');
    const audiences = asked?.length ? asked : (this.tokens?.apiAudiences ?? []);
    if (audiences.length > MOST_AUDIENCES)
      throw newBadRequest(`a token is reviewed for at most ${MOST_AUDIENCES} audiences`);
    const status = await this.reviewed(request.ctx, token, audiences);
    return valueAnswer(request, { ...review, status }, 201);
  }

  private async reviewed(ctx: CallerContext, token: string, audiences: readonly string[]): Promise<object> {
    try {
      const answer = await this.tokens?.authenticateToken(ctx, token, { cluster: ctx.cluster, audiences });
      if (!answer) return { user: {}, error: 'invalid bearer token' };
      return { authenticated: true, user: userInfo(asAuthenticated(answer.user)), audiences: answer.audiences };
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      return { user: {}, error: error.message };
    }
  }

  private async access(request: ApiRequest, kind: string): Promise<ApiAnswer> {
    const sent = this.reader.read(request, builtinKind(AUTHORIZATION, 'v1', kind));
    checkAccessReview(kind, sent, request.info.resource?.namespace ?? '');
    const review = sent as unknown as SubjectAccessReview;
    const { cluster, user: self } = request.ctx;
    const user = kind === 'SelfSubjectAccessReview' ? self : subjectOfReview(review);
    const { errors, ...act } = reviewedAct(review.spec);
    const decision = await this.deciders.authorizer.authorize(request.ctx, { user, cluster, ...act });
    const { allowed, denied, reason, error } = decision;
    const evaluationError = [...errors, ...(error === undefined ? [] : [error])].join('; ');
    const why = { ...(reason && { reason }), ...(evaluationError && { evaluationError }) };
    const status = { allowed, ...(denied && { denied }), ...why };
    return valueAnswer(request, { ...review, status }, 201);
  }

  private async whoCan(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(request, whoCanKind) as unknown as WhoCan;
    const status = await this.deciders.whoCan.answer(request.ctx, review.spec ?? {});
    return valueAnswer(request, { ...review, status }, 201);
  }

  private async reachability(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(request, reachabilityKind) as unknown as ReachabilityReview;
    const status = await this.deciders.reachability.answer(request.ctx, review.spec ?? {});
    return valueAnswer(request, { ...review, status }, 201);
  }

  private async trial(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(request, requestTrialKind) as unknown as RequestTrial;
    const status = await this.deciders.trials.answer(request.ctx, review.spec ?? {});
    return valueAnswer(request, { ...review, status }, 201);
  }

  private async rules(request: ApiRequest): Promise<ApiAnswer> {
    const review = this.reader.read(request, builtinKind(AUTHORIZATION, 'v1', 'SelfSubjectRulesReview'));
    const { namespace } = (review.spec ?? {}) as { namespace?: string };
    if (!namespace) throw newBadRequest('no namespace on request');
    const { user, cluster } = request.ctx;
    const resolved = await this.deciders.rules.rulesFor(request.ctx, user, { cluster, namespace });
    const status = { ...ruleLists(resolved.rules), ...completeness(resolved) };
    return valueAnswer(request, { ...review, status }, 201);
  }
}
