import { newForbidden, quote, type StatusError } from '@binnacle/machinery-meta';
import type { ResourceAct } from './act.js';
import type { AuthorizationAttributes } from './authorizer.js';

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const place = ({ namespace }: ResourceAct): string =>
  namespace ? ` in the namespace ${quote(namespace)}` : ' at the cluster scope';

function cannot({ user, verb, resource, path = '' }: AuthorizationAttributes): string {
  const who = `User ${quote(user.name)} cannot ${verb}`;
  if (!resource) return `${who} path ${quote(path)}`;
  const whole = resource.subresource ? `${resource.resource}/${resource.subresource}` : resource.resource;
  return `${who} resource ${quote(whole)} in API group ${quote(resource.group)}${place(resource)}`;
}

/** That somebody may not do something, in upstream's words. Behaves as kubernetes apiserver responsewriters ForbiddenStatusError. */
export function refusalOf(attributes: AuthorizationAttributes, reason: string): StatusError {
  const { resource } = attributes;
  // A browser is not to take it for a page.
  const what = cannot(attributes).replace(/[&<>]/g, (sign) => HTML[sign] ?? '');
  const why = reason ? `${what}: ${reason}` : what;
  return newForbidden(resource ?? { group: '', resource: '' }, resource?.name ?? '', why);
}
