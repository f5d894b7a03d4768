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

const firstOf = (list: readonly string[] | undefined): string => list?.[0] ?? '';

function namesKind({ resources }: PolicyRule, resource: string): boolean {
  if (has(resources, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && resources?.includes(`*${resource.slice(slash)}`) === true;
}

function namesObject({ resourceNames: owned }: PolicyRule, { resourceNames }: PolicyRule): boolean {
  return !owned?.length || (resourceNames !== undefined && owned.includes(firstOf(resourceNames)));
}

function coversResource(owned: PolicyRule, part: PolicyRule): boolean {
  const isKind = has(owned.apiGroups, firstOf(part.apiGroups)) && namesKind(owned, firstOf(part.resources));
  return isKind && namesObject(owned, part);
}

function coversPath(owned: PolicyRule, path: string): boolean {
  return (owned.nonResourceURLs ?? []).some(
    (known) => known === path || (known.endsWith('*') && path.startsWith(known.replace(/\*+$/, ''))),
  );
}

/** Whether one rule allows what another does that is about one verb of one thing. */
function covers(owned: PolicyRule, part: PolicyRule): boolean {
  const [path] = part.nonResourceURLs ?? [];
  if (!has(owned.verbs, firstOf(part.verbs))) return false;
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
  return wanted.flatMap(brokenDown).filter((part) => !rulesFor(firstOf(part.verbs)).some((rule) => covers(rule, part)));
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
