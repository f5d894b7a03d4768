import { type Context, type Soon, soon, soonEach } from '@binnacle/machinery-context';
import { newForbidden, newUnauthorized, quote } from '@binnacle/machinery-meta';
import {
  type Authenticator,
  type AuthorizationAttributes,
  type Authorizer,
  type Credentials,
  type Impersonation,
  impersonationOf,
  type UserInfo,
} from '@binnacle/server-auth';
import type { ApiRequest } from './api-request.js';
import type { ResourceInfo } from './request-info.js';
import type { AccessControl } from './server/tokens.js';

const ANONYMOUS_GROUP = 'system:unauthenticated';

export function attributesOfRequest({ ctx, info }: ApiRequest): AuthorizationAttributes {
  const { cluster, verb, resource, path } = info;
  return resource ? { user: ctx.user, cluster, verb, resource } : { user: ctx.user, cluster, verb, path };
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
  return newForbidden({ group: resource.group, resource: whole }, resource.name, why);
}

/** Authentication and authorization as the server asks for them. */
export class AccessPolicy implements AccessControl {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
  ) {}

  /** Who a request is made as: mostly who makes it. */
  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo> {
    return soon(this.authenticator.authenticate(ctx, credentials), (user) => {
      const asked = impersonationOf(credentials.headers);
      return asked ? this.impersonate(ctx, user, asked, credentials.cluster) : user;
    });
  }

  authorize(request: ApiRequest): Soon<void> {
    return this.check(request.ctx, attributesOfRequest(request));
  }

  private impersonate(ctx: Context, user: UserInfo, { user: other, parts }: Impersonation, cluster: string) {
    const allowed = soonEach(parts, (resource) => this.check(ctx, { user, cluster, verb: 'impersonate', resource }));
    return soon(allowed, () => other);
  }

  private check(ctx: Context, attributes: AuthorizationAttributes): Soon<void> {
    return soon(this.authorizer.authorize(ctx, attributes), ({ allowed, reason }) => {
      if (allowed) return;
      if (attributes.user.groups.includes(ANONYMOUS_GROUP)) throw newUnauthorized('Unauthorized');
      throw refusal(attributes, reason);
    });
  }
}
