import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { reviewKinds } from '@binnacle/apis-kubernetes/kinds';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { QUESTIONS, type Reading } from '../reading.js';

const ALL = '*';

const has = (list: readonly string[], value: string): boolean => list.includes(ALL) || list.includes(value);

/** Of verbs those that are left; `*` stands for all there are. */
function left(verbs: readonly string[], kept: ReadonlySet<string>): string[] {
  return verbs.includes(ALL) ? [...kept] : verbs.filter((verb) => kept.has(verb));
}

const partOf = (resource: string): string => resource.split('/')[1] ?? '';

/** What can be read of each group that is served; `*` where that is all of it. */
type Readable = ReadonlyMap<string, readonly string[]>;

function readableOf({ reads }: Reading, served: readonly ResourceDefinition[]): Readable {
  const names = new Map<string, Set<string>>();
  const partial = new Set<string>();
  for (const { group, names: own, subresources } of served) {
    const parts = subresources.map(({ name }) => name);
    if (!parts.every(reads)) partial.add(group);
    const known = names.get(group) ?? new Set();
    names.set(group, known.add(own.plural));
    for (const part of parts.filter(reads)) known.add(`${own.plural}/${part}`);
  }
  return new Map([...names].map(([group, known]) => [group, partial.has(group) ? [...known].sort() : [ALL]]));
}

/** What of a rule about everything of some groups is about what can be read: of groups with more than that, one by one. */
function* namedOneByOne(groups: readonly string[], readable: Readable): Generator<PolicyRule> {
  const asked = groups.includes(ALL) ? [...readable.keys()] : groups;
  const isWhole = (group: string): boolean => readable.get(group)?.[0] === ALL || !readable.has(group);
  const whole = asked.filter(isWhole);
  if (whole.length > 0) yield { verbs: [], apiGroups: whole, resources: [ALL] };
  for (const group of asked) {
    if (!isWhole(group)) yield { verbs: [], apiGroups: [group], resources: [...(readable.get(group) ?? [])] };
  }
}

function* resourceRules(rule: PolicyRule, reading: Reading, readable: Readable): Generator<PolicyRule> {
  const { apiGroups = [], resources = [] } = rule;
  const verbs = left(rule.verbs, reading.verbs);
  if (verbs.length === 0) return;
  if (resources.includes(ALL)) {
    for (const part of namedOneByOne(apiGroups, readable)) yield { ...rule, ...part, verbs };
    return;
  }
  const kept = resources.filter((resource) => reading.reads(partOf(resource)));
  if (kept.length > 0) yield { ...rule, resources: kept, verbs };
}

/** Of a rule what it says of questions, which are asked by creating them. */
function* questionRules(rule: PolicyRule): Generator<PolicyRule> {
  if (!has(rule.verbs, 'create')) return;
  const { apiGroups = [], resources = [] } = rule;
  const groups = [...QUESTIONS].filter((group) => has(apiGroups, group));
  const isAsked = reviewKinds.some(({ group, names }) => groups.includes(group) && has(resources, names.plural));
  if (isAsked) yield { ...rule, verbs: ['create'], apiGroups: groups };
}

/** What is left of rules where nothing but reading is allowed, in a cluster that serves these kinds. */
export function rulesForReading(
  reading: Reading,
  rules: readonly PolicyRule[],
  served: readonly ResourceDefinition[],
): PolicyRule[] {
  const readable = readableOf(reading, served);
  return rules.flatMap((rule) => {
    if (!rule.nonResourceURLs?.length) return [...resourceRules(rule, reading, readable), ...questionRules(rule)];
    const verbs = left(rule.verbs, reading.pathVerbs);
    return verbs.length > 0 ? [{ ...rule, verbs }] : [];
  });
}
