import type { SuccessPolicy, SuccessPolicyRule } from '@binnacle/apis-kubernetes/batch/v1';
import { IndexSet } from '@binnacle/apis-kubernetes/batch/v1/job-reading';

function isMet({ succeededIndexes, succeededCount }: SuccessPolicyRule, completions: number, done: IndexSet): boolean {
  if (succeededIndexes === undefined) return succeededCount !== undefined && done.size >= succeededCount;
  const wanted = IndexSet.parse(succeededIndexes, completions);
  if (wanted.size === 0) return false;
  const shared = wanted.shared(done);
  return shared === wanted.size || (succeededCount !== undefined && shared >= succeededCount);
}

/** Which rule says that enough indexes are done. Behaves as kubernetes pkg/controller/job/success_policy.go. */
export function metRule(policy: SuccessPolicy | undefined, completions: number, done: IndexSet): number | undefined {
  if (!policy || done.size === 0) return undefined;
  const found = policy.rules.findIndex((rule) => isMet(rule, completions, done));
  return found < 0 ? undefined : found;
}
