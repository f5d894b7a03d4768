import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { Effort } from './effort.js';

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

const NO_NAME: readonly undefined[] = [undefined];
/** What making one costs, in entries compared. */
const PART_EFFORT = 200;

function* resourceParts({ verbs, apiGroups = [], resources = [], resourceNames }: PolicyRule): Generator<PolicyRule> {
  const names: readonly (string | undefined)[] = resourceNames?.length ? resourceNames : NO_NAME;
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs)
        for (const name of names) {
          const part = { verbs: [verb], apiGroups: [group], resources: [resource] };
          yield name === undefined ? part : { ...part, resourceNames: [name] };
        }
}

/** Rules that are about one verb of one thing each, and together allow the same; of long lists there are very many. */
export function* brokenDown(rule: PolicyRule): Generator<PolicyRule> {
  yield* resourceParts(rule);
  for (const path of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs) yield { verbs: [verb], nonResourceURLs: [path] };
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

const sizeOf = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number =>
  [apiGroups, resources, resourceNames, nonResourceURLs].reduce((sum, list) => sum + (list?.length ?? 0), verbs.length);

interface Sized {
  readonly rule: PolicyRule;
  readonly size: number;
}

/** Owned rules by the verbs they name, so that not each has to be compared with each. */
function byVerb(owned: readonly PolicyRule[], effort: Effort): (verb: string) => readonly Sized[] {
  const found = new Map<string, Sized[]>();
  const sized = owned.map((rule) => ({ rule, size: sizeOf(rule) }));
  const verbs = owned.reduce((sum, rule) => sum + rule.verbs.length, 0);
  return (verb) => {
    let rules = found.get(verb);
    if (!rules) {
      effort.spend(verbs);
      found.set(verb, (rules = sized.filter(({ rule }) => has(rule.verbs, verb))));
    }
    return rules;
  };
}

/** The parts of a rule that none of the owned rules allows; itself where it is too much to be broken down. */
function missingOf(wanted: PolicyRule, rulesFor: ReturnType<typeof byVerb>, effort: Effort): PolicyRule[] {
  const missing: PolicyRule[] = [];
  const isCovered = (part: PolicyRule) =>
    rulesFor(firstOf(part.verbs)).some(({ rule, size }) => {
      effort.spend(size);
      return !effort.isSpent && covers(rule, part);
    });
  for (const part of brokenDown(wanted)) {
    effort.spend(PART_EFFORT);
    if (effort.isSpent) return [wanted];
    if (!isCovered(part)) missing.push(part);
  }
  return effort.isSpent ? [wanted] : missing;
}

/** Whether a rule allows all that can be said of resources, so that nothing has to be compared. */
const isOfAll = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule): boolean =>
  [verbs, apiGroups, resources].every((list) => list?.includes('*')) && !resourceNames?.length;

/**
 * What of some rules others do not allow, broken down; nothing where they allow all. Each part has to be allowed by one rule. What
 * is more than the effort is not allowed, and answered as it is. Behaves as kubernetes component-helpers auth/rbac/validation Covers.
 */
export function uncovered(
  owned: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
  effort: Effort = new Effort(),
): PolicyRule[] {
  const rulesFor = byVerb(owned, effort);
  const hasAll = owned.some(isOfAll);
  return wanted.flatMap((rule) => (hasAll && !rule.nonResourceURLs?.length ? [] : missingOf(rule, rulesFor, effort)));
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
