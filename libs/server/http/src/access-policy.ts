import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { newForbidden, newUnauthorized, quote } from '@binnacle/machinery-meta';
import type { Authenticator, AuthorizationAttributes, Authorizer, Credentials, UserInfo } from '@binnacle/server-auth';
import type { ApiRequest } from './api-request.js';
import type { ResourceInfo } from './request-info.js';
import type { AccessControl } from './server/tokens.js';

const ANONYMOUS_GROUP = 'system:unauthenticated';

export function attributesOfRequest({ ctx, info }: ApiRequest): AuthorizationAttributes {
  const { cluster, verb, resource, path } = info;
  return resource ? { user: ctx.user, cluster, verb, resource } : { user: ctx.user, cluster, verb, path };
}

function place({ namespace }: ResourceInfo): string {
  return namespace ? ` in the namespace ${quote(namespace)}` : ' at the cluster scope';
}

function refusal({ ctx, info }: ApiRequest, reason: string): Error {
  const user = `User ${quote(ctx.user.name)}`;
  const { resource } = info;
  if (!resource) {
    return newForbidden({ group: '', resource: '' }, '', `${user} cannot ${info.verb} path ${quote(info.path)}`);
  }
  const whole = resource.subresource ? `${resource.resource}/${resource.subresource}` : resource.resource;
  const what = `${user} cannot ${info.verb} resource ${quote(whole)} in API group ${quote(resource.group)}`;
  const why = `${what}${place(resource)}${reason ? `: ${reason}` : ''}`;
  return newForbidden({ group: resource.group, resource: whole }, resource.name, why);
}

/** Authentication and authorization as the server asks for them. */
export class AccessPolicy implements AccessControl {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly authorizer: Authorizer,
  ) {}

  authenticate(ctx: Context, credentials: Credentials): Soon<UserInfo> {
    return this.authenticator.authenticate(ctx, credentials);
  }

  authorize(request: ApiRequest): Soon<void> {
    return soon(this.authorizer.authorize(request.ctx, attributesOfRequest(request)), ({ allowed, reason }) => {
      if (allowed) return;
      if (request.ctx.user.groups.includes(ANONYMOUS_GROUP)) throw newUnauthorized('Unauthorized');
      throw refusal(request, reason);
    });
  }
}
