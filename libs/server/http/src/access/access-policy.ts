import { type Context, type Soon, soon, soonEach } from '@binnacle/machinery-context';
import { newForbidden, newUnauthorized, quote } from '@binnacle/machinery-meta';
import {
  ANONYMOUS,
  type AskFor,
  type Authenticator,
  type AuthorizationAttributes,
  type Authorizer,
  type Credentials,
  type Decision,
  type Impersonation,
  impersonationOf,
  isAcrossNamespaces,
  type OpenRights,
  Permit,
  type PermitTerms,
  type UserInfo,
} from '@binnacle/server-auth';
import type { CallerContext } from '@binnacle/server-registry';
import { isStorageError, presentCluster } from '@binnacle/server-storage';
import type { KnownRequest } from '../request/api-request.js';
import type { ResourceInfo } from '../request/request-info.js';
import type { AccessControl } from './access-control.js';
import { asksForVisible, type VisibleLists } from './visible-lists.js';

export function attributesOfRequest({ ctx, info, query }: KnownRequest): AuthorizationAttributes {
  const { cluster, verb, resource, path } = info;
  const [fieldSelector, labelSelector] = [query.get('fieldSelector'), query.get('labelSelector')];
  const selectors = { ...(fieldSelector && { fieldSelector }), ...(labelSelector && { labelSelector }) };
  const narrowed = resource && (fieldSelector || labelSelector) ? { ...resource, ...selectors } : resource;
  return narrowed ? { user: ctx.user, cluster, verb, resource: narrowed } : { user: ctx.user, cluster, verb, path };
}

function place({ namespace }: Pick<ResourceInfo, 'namespace'>): string {
  return namespace ? ` in the namespace ${quote(namespace)}` : ' at the cluster scope';
}

function refusal({ user: { name }, verb, resource, path = '' }: AuthorizationAttributes, reason: string): Error {
  const user = `User ${quote(name)}`;
  if (!resource) {
    return newForbidden({ group: '', resource: '' }, '', `${user} cannot ${verb} path ${quote(path)}`);
  }
  const whole = resource.subresource ? `${resource.resource}/${resource.subresource}` : resource.resource;
  const what = `${user} cannot ${verb} resource ${quote(whole)} in API group ${quote(resource.group)}`;
  const why = `${what}${place(resource)}${reason ? `: ${reason}` : ''}`;
  return newForbidden(resource, resource.name, why);
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

  constructor(
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
    open?: OpenRights,
    private readonly visible?: Pick<VisibleLists, 'isOn'>,
  ) {
    this.terms = open && { open, narrows: false };
    this.narrowing = open && { open, narrows: true };
  }

  /** Who a request is made as: mostly who makes it. Whom the past is shown, the present knows. */
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo> {
    const cluster = presentCluster(credentials.cluster);
    const now = cluster === credentials.cluster ? credentials : { ...credentials, cluster };
    return soon(this.authenticator.authenticate(ctx, now), (user) => {
      const asked = impersonationOf(credentials.headers);
      return asked ? this.impersonate(ctx, user, asked, cluster) : user;
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
    soon(this.decide(ctx, attributes), (decision) => {
      noteDecision(ctx, decision);
      if (decision.allowed) return Permit.of(attributes, decision, this.permit, this.terms);
      return this.refuse(attributes, decision.reason);
    });

  /** The same, but of a list or watch across namespaces that is not allowed in all, what is allowed in some. */
  readonly permitVisible: AskFor = (ctx, attributes) =>
    soon(this.decide(ctx, attributes), (decision) => {
      noteDecision(ctx, decision);
      const sees = decision.allowed || (decision.namespaces !== undefined && isAcrossNamespaces(attributes));
      if (sees) return Permit.of(attributes, decision, this.permitVisible, this.narrowing);
      return this.refuse(attributes, decision.reason);
    });

  /** Who has not said who they are is not told which logical clusters there are. */
  private decide(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const decision = this.authorizer.authorize(ctx, attributes);
    if (attributes.user !== ANONYMOUS || !(decision instanceof Promise)) return decision;
    return decision.catch((error: unknown) => {
      if (isStorageError(error, 'unknownCluster')) return { allowed: false, reason: '' };
      throw error;
    });
  }

  private refuse(attributes: AuthorizationAttributes, reason: string): never {
    // Whoever acts as nobody has said who they are.
    if (attributes.user === ANONYMOUS) throw newUnauthorized('Unauthorized');
    throw refusal(attributes, reason);
  }

  private showsVisible({ ctx, headers, showsVisible, info }: KnownRequest): Soon<boolean> {
    if (showsVisible || asksForVisible(headers)) return true;
    return this.visible?.isOn(ctx, info.cluster) ?? false;
  }

  private impersonate(ctx: Context, user: UserInfo, { user: other, parts }: Impersonation, cluster: string) {
    const acts = parts.map((resource) => ({ cluster, verb: 'impersonate', resource }));
    const allowed = soonEach(acts, (act) => soon(this.permit(ctx, { user, ...act }), () => undefined));
    // What the credential is good for does not become more by what it is used for.
    const bound = { ...other, ...(user.scope && { scope: user.scope }), impersonator: { user, acts } };
    return soon(allowed, () => bound);
  }
}
