import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { MemberRole, ResourceDefinition } from '@binnacle/apis-registry';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];

const has = (roles: readonly MemberRole[] | undefined, role: MemberRole): boolean => roles?.includes(role) ?? false;

/** What of a kind, its subresources included, is for members of a role. */
function resourcesOf({ names, roles, subresources }: ResourceDefinition, role: MemberRole): string[] {
  const parts = subresources.filter((subresource) => has(subresource.roles, role));
  return [...(has(roles, role) ? [names.plural] : []), ...parts.map(({ name }) => `${names.plural}/${name}`)];
}

/** By group, since kinds of other groups may have the same names. */
function rulesFor(verbs: readonly string[], role: MemberRole, definitions = builtinResources.all): PolicyRule[] {
  const groups = new Map<string, string[]>();
  for (const definition of definitions) {
    const found = resourcesOf(definition, role);
    if (found.length > 0) groups.set(definition.group, [...(groups.get(definition.group) ?? []), ...found]);
  }
  return [...groups].map(([group, resources]) => ({ verbs: [...verbs].sort(), apiGroups: [group], resources }));
}

/** What members may do in every cluster, as upstream's `view` and `edit` roles: who may edit may view as well. */
export function memberRules(role: MemberRole): PolicyRule[] {
  const view = rulesFor(READ, 'view');
  return role === 'view' ? view : [...view, ...rulesFor([...READ, ...WRITE], 'edit')];
}

/** The same of kinds that are Binnacle's own, for those who have roles of upstream's. */
export function ownKindRules(role: MemberRole): PolicyRule[] {
  const own = builtinResources.all.filter(({ group }) => group.endsWith('.binnacle.dev'));
  return rulesFor(READ, role, own);
}
