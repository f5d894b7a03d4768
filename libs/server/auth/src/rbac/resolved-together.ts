import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { ResolvedRules } from './rule-resolver.js';

/** The same rules have the same key, in whatever order their members stand. */
function keyOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs]);
}

/** What several know together, each rule once. */
export function together(all: readonly ResolvedRules[]): ResolvedRules {
  const rules = new Map(all.flatMap((one) => one.rules).map((rule) => [keyOf(rule), rule]));
  const isIncomplete = all.some((one) => one.isIncomplete);
  const errors = all.flatMap((one) => one.errors);
  return { rules: [...rules.values()], errors, ...(isIncomplete && { isIncomplete }) };
}
