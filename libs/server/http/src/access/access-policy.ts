import { type Context, type Soon, soon, soonEach } from '@binnacle/machinery-context';
import { newForbidden, newUnauthorized, quote } from '@binnacle/machinery-meta';
import {
  ANONYMOUS,
  type AskFor,
  type Authenticator,
  type AuthorizationAttributes,
  type Authorizer,
  type Credentials,
  type Impersonation,
  impersonationOf,
  Permit,
  type UserInfo,
} from '@binnacle/server-auth';
import { presentCluster } from '@binnacle/server-storage';
import type { KnownRequest } from '../request/api-request.js';
import type { ResourceInfo } from '../request/request-info.js';
import type { AccessControl } from './access-control.js';

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

/** Authentication and authorization as the server asks for them. */
export class AccessPolicy implements AccessControl {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
  ) {}

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
    return this.permit(request.ctx, attributesOfRequest(request));
  }

  /** What a caller may do of what they want to. Throws or rejects with Forbidden, or Unauthorized for nobody in particular. */
  readonly permit: AskFor = (ctx, attributes) =>
    soon(this.authorizer.authorize(ctx, attributes), (decision) => {
      if (decision.allowed) return Permit.of(attributes, decision, this.permit);
      // Whoever acts as nobody has said who they are.
      if (attributes.user === ANONYMOUS) throw newUnauthorized('Unauthorized');
      throw refusal(attributes, decision.reason);
    });

  private impersonate(ctx: Context, user: UserInfo, { user: other, parts }: Impersonation, cluster: string) {
    const allowed = soonEach(parts, (resource) =>
      soon(this.permit(ctx, { user, cluster, verb: 'impersonate', resource }), () => undefined),
    );
    return soon(allowed, () => other);
  }
}
