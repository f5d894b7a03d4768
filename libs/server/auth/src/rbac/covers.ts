import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** Rules that are about one verb of one thing each, and together allow the same. */
export function brokenDown({ verbs, apiGroups = [], resources = [], resourceNames, nonResourceURLs }: PolicyRule) {
  const names: readonly (string | undefined)[] = resourceNames?.length ? resourceNames : [undefined];
  const each: PolicyRule[] = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const paths = (nonResourceURLs ?? []).flatMap((path) =>
    verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [path] })),
  );
  return [...each, ...paths] as PolicyRule[];
}

function coversResource(owned: PolicyRule, { apiGroups, resources, resourceNames }: PolicyRule): boolean {
  const [[group = ''] = [], [resource = ''] = []] = [apiGroups, resources];
  if (!has(owned.apiGroups, group)) return false;
  const slash = resource.indexOf('/');
  const known =
    has(owned.resources, resource) || (slash >= 0 && owned.resources?.includes(`*${resource.slice(slash)}`));
  if (!known) return false;
  if (!owned.resourceNames?.length) return true;
  const [name] = resourceNames ?? [];
  return name !== undefined && owned.resourceNames.includes(name);
}

function coversPath(owned: PolicyRule, path: string): boolean {
  return (owned.nonResourceURLs ?? []).some(
    (known) => known === path || (known.endsWith('*') && path.startsWith(known.replace(/\*+$/, ''))),
  );
}

/** Whether one rule allows what another does that is about one verb of one thing. */
function covers(owned: PolicyRule, part: PolicyRule): boolean {
  const [[verb = ''], [path] = []] = [part.verbs, part.nonResourceURLs];
  if (!has(owned.verbs, verb)) return false;
  return path === undefined ? coversResource(owned, part) : coversPath(owned, path);
}

/** Owned rules by the verbs they name, so that not each has to be compared with each. */
function byVerb(owned: readonly PolicyRule[]): (verb: string) => readonly PolicyRule[] {
  const found = new Map<string, PolicyRule[]>();
  return (verb) => {
    let rules = found.get(verb);
    if (!rules) found.set(verb, (rules = owned.filter((rule) => has(rule.verbs, verb))));
    return rules;
  };
}

/**
 * What of some rules others do not allow, broken down; nothing where they allow all. Each part has to be allowed by one rule.
 * Behaves as kubernetes component-helpers auth/rbac/validation Covers.
 */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const rulesFor = byVerb(owned);
  return wanted.flatMap(brokenDown).filter((part) => !rulesFor(part.verbs[0] ?? '').some((rule) => covers(rule, part)));
}

/** One verb after another of the same thing in one rule. Behaves as kubernetes pkg/registry/rbac/validation CompactRules. */
export function compacted(parts: readonly PolicyRule[]): PolicyRule[] {
  const byThing = new Map<string, PolicyRule>();
  for (const part of parts) {
    const { verbs, ...thing } = part;
    const key = JSON.stringify(thing.nonResourceURLs ? part : thing);
    const known = byThing.get(key);
    byThing.set(key, known ? { ...known, verbs: [...known.verbs, ...verbs] } : part);
  }
  return [...byThing.values()];
}
