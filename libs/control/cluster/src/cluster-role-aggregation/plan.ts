import type { ClusterRole, PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';

const byName = (a: ClusterRole, b: ClusterRole): number => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);

/**
 * What a role that is made of others may do: all that they may, each thing once. Undefined where it is made of nothing, or says
 * so already. Behaves as kubernetes pkg/controller/clusterroleaggregation.
 */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] | undefined {
  if (!role.aggregationRule) return undefined;
  const rules: PolicyRule[] = [];
  for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
    const matcher = matcherFromLabelSelector(selector);
    const chosen = all.filter(
      ({ metadata }) => metadata.name !== role.metadata.name && matcher.matches(metadata.labels),
    );
    for (const rule of chosen.toSorted(byName).flatMap((each) => each.rules ?? []))
      if (!rules.some((known) => semanticEqual(known, rule))) rules.push(rule);
  }
  return semanticEqual(rules, role.rules ?? []) ? undefined : rules;
}
