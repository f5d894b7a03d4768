import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { quote } from '@binnacle/machinery-meta';

/** `["get" "list"]`, as upstream writes lists. */
export const listText = (values: readonly string[]): string => `[${values.map(quote).join(' ')}]`;

/** A rule on one line, as upstream writes it where it refuses one. Behaves as kubernetes rbac/v1 CompactString. */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ];
  const said = parts.flatMap(([name, values]) => (values?.length ? [`${name}:${listText(values)}`] : []));
  return `{${said.join(', ')}}`;
}
