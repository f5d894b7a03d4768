import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newInternalError, newUnauthorized } from '@binnacle/machinery-meta';
import {
  ANONYMOUS,
  type Act,
  type AskFor,
  type Authenticator,
  type AuthorizationAttributes,
  type Authorizer,
  type Credentials,
  type Decision,
  Impersonation,
  type ImpersonationObserver,
  isAcrossNamespaces,
  onAct,
  type OpenRights,
  Permit,
  type PermitTerms,
  refusalOf,
  type UserInfo,
  wantedUserOf,
} from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import { isStorageError, presentCluster } from '@binnacle/server-storage';
import type { KnownRequest } from '../request/api-request.js';
import type { RequestInfo } from '../request/request-info.js';
import type { AccessControl } from './access-control.js';
import { asksForVisible, type VisibleLists } from './visible-lists.js';

export function attributesOfRequest({ ctx, info, query }: Pick<KnownRequest, 'ctx' | 'info' | 'query'>) {
  return { user: ctx.user, cluster: info.cluster, ...actOf(info, query) };
}

/** What a request is about, whoever makes it. */
export function actOf({ verb, resource, path }: RequestInfo, query: URLSearchParams): Omit<Act, 'cluster'> {
  const [fieldSelector, labelSelector] = [query.get('fieldSelector'), query.get('labelSelector')];
  const selectors = { ...(fieldSelector && { fieldSelector }), ...(labelSelector && { labelSelector }) };
  const narrowed = resource && (fieldSelector || labelSelector) ? { ...resource, ...selectors } : resource;
  return narrowed ? { verb, resource: narrowed } : { verb, path };
}

/** For the audit log, where a request is noted. */
function noteDecision(ctx: Context | CallerContext, { allowed, reason }: Decision): void {
  if (!('annotate' in ctx) || !ctx.annotate) return;
  ctx.annotate('authorization.k8s.io/decision', allowed ? 'allow' : 'forbid');
  ctx.annotate('authorization.k8s.io/reason', reason);
}

/** Authentication and authorization as the server asks for them. */
export class AccessPolicy implements AccessControl {
  private readonly terms: PermitTerms | undefined;
  private readonly narrowing: PermitTerms | undefined;
  private readonly impersonation: Impersonation;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
    open?: OpenRights,
    private readonly visible?: Pick<VisibleLists, 'isOn'>,
    observer?: ImpersonationObserver,
  ) {
    this.impersonation = new Impersonation((ctx, attributes) => this.permit(ctx, attributes), observer);
    this.terms = open && { open, narrows: false };
    this.narrowing = open && { open, narrows: true };
  }

  /** Who a request is made as: mostly who makes it. Whom the past is shown, the present knows. */
  authenticate(ctx: Context, credentials: Credentials, proved?: (user: UserInfo) => void): Soon<UserInfo> {
    const { act, headers } = credentials;
    const cluster = presentCluster(credentials.cluster);
    const now = cluster === credentials.cluster ? credentials : { ...credentials, cluster };
    return soon(this.authenticator.authenticate(ctx, now), (requestor) => {
      proved?.(requestor);
      const wanted = wantedUserOf(headers);
      return wanted ? this.impersonation.become(ctx, { requestor, wanted, cluster, ...(act && { act }) }) : requestor;
    });
  }

  authorize(request: KnownRequest): Soon<Permit> {
    const attributes = attributesOfRequest(request);
    if (!isAcrossNamespaces(attributes)) return this.permit(request.ctx, attributes);
    return soon(this.showsVisible(request), (shows) =>
      (shows ? this.permitVisible : this.permit)(request.ctx, attributes),
    );
  }

  /** What a caller may do of what they want to. Throws or rejects with Forbidden, or Unauthorized for nobody in particular. */
  readonly permit: AskFor = (ctx, attributes) =>
    soon(this.decideBehind(ctx, attributes), (decision) => {
      noteDecision(ctx, decision);
      if (decision.allowed) return Permit.of(attributes, decision, this.permit, this.terms);
      return this.refuse(attributes, decision);
    });

  /** The same, but of a list or watch across namespaces that is not allowed in all, what is allowed in some. */
  readonly permitVisible: AskFor = (ctx, attributes) =>
    soon(this.decideBehind(ctx, attributes), (decision) => {
      noteDecision(ctx, decision);
      const sees = decision.allowed || (decision.namespaces !== undefined && isAcrossNamespaces(attributes));
      if (sees) return Permit.of(attributes, decision, this.permitVisible, this.narrowing);
      return this.refuse(attributes, decision);
    });

  /** Somebody who acts as another for certain acts only must be allowed each of them. */
  private decideBehind(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const behind = onAct(attributes);
    if (!behind) return this.decide(ctx, attributes);
    return soon(this.permit(ctx, behind), () => this.decide(ctx, attributes));
  }

  /** Who has not said who they are is not told which logical clusters there are. */
  private decide(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const decision = this.authorizer.authorize(ctx, attributes);
    if (attributes.user !== ANONYMOUS || !(decision instanceof Promise)) return decision;
    return decision.catch((error: unknown) => {
      if (isStorageError(error, 'unknownCluster')) return { allowed: false, reason: '' };
      throw error;
    });
  }

  private refuse(attributes: AuthorizationAttributes, { reason, error }: Decision): never {
    if (error !== undefined) throw newInternalError(error);
    // Whoever acts as nobody has said who they are.
    if (attributes.user === ANONYMOUS) throw newUnauthorized('Unauthorized');
    throw refusalOf(attributes, reason);
  }

  private showsVisible({ ctx, headers, showsVisible, info }: KnownRequest): Soon<boolean> {
    if (showsVisible || asksForVisible(headers)) return true;
    return this.visible?.isOn(ctx, info.cluster) ?? false;
  }
}
