import type { PolicyRule } from '../index.js';

/**
 * Roles by name, a line for each rule: `<verbs> <groups> <resources> [<names>]` or `<verbs> <paths>`, with commas between several
 * of a kind. `core` is the group without a name.
 */
export type RuleLines = Readonly<Record<string, readonly string[]>>;

/** What stands for several verbs. */
const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  read: ['get', 'list', 'watch'],
  write: ['create', 'delete', 'deletecollection', 'patch', 'update'],
  /** As events are. */
  tell: ['create', 'patch', 'update'],
};

const list = (text: string): string[] => text.split(',');

/** A rule of a line, its verbs in alphabetical order. */
export function ruleOf(line: string): PolicyRule {
  const [verbs = '', groups = '', resources, names] = line.split(' ');
  const all = list(verbs).flatMap((verb) => SEVERAL[verb] ?? [verb]);
  const rule = { verbs: [...all].sort() };
  if (resources === undefined) return { ...rule, nonResourceURLs: list(groups) };
  const apiGroups = list(groups).map((group) => (group === 'core' ? '' : group));
  return { ...rule, apiGroups, resources: list(resources), ...(names && { resourceNames: list(names) }) };
}

export const rulesOf = (lines: readonly string[]): PolicyRule[] => lines.map(ruleOf);
