import type { PodFailurePolicy, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyRule } from '../index.js';
import type { ContainerStatus, Pod } from '../../../core/v1/index.js';

/** What a failed Pod means for its Job. */
export interface FailureVerdict {
  readonly action?: string;
  /** Whether it counts towards the limit of failures. */
  readonly counts: boolean;
  /** Why the Job has failed for good. */
  readonly failsJob?: string;
}

const COUNTS: FailureVerdict = { counts: true };

function exitMatches({ state, name }: ContainerStatus, rule: PodFailurePolicyOnExitCodesRequirement): boolean {
  const exitCode = state?.terminated?.exitCode ?? 0;
  if (exitCode === 0 || (rule.containerName !== undefined && rule.containerName !== name)) return false;
  return rule.values.includes(exitCode) === (rule.operator === 'In');
}

interface Match {
  /** What of the Pod was found, as a sentence goes on after its name. */
  readonly told: string;
}

function matchExitCodes({ metadata, status }: Pod, rule: PodFailurePolicyOnExitCodesRequirement): Match | undefined {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const found = statuses.find((container) => exitMatches(container, rule));
  if (!found) return undefined;
  const pod = `${metadata.namespace}/${metadata.name}`;
  return { told: `Container ${found.name} for pod ${pod} failed with exit code ${found.state?.terminated?.exitCode}` };
}

function matchConditions(pod: Pod, patterns: PodFailurePolicyRule['onPodConditions'] = []): Match | undefined {
  const found = (pod.status?.conditions ?? []).find((condition) =>
    patterns.some(({ type, status = 'True' }) => condition.type === type && condition.status === status),
  );
  const { namespace, name } = pod.metadata;
  return found && { told: `Pod ${namespace}/${name} has condition ${found.type}` };
}

function match(pod: Pod, { onExitCodes, onPodConditions }: PodFailurePolicyRule): Match | undefined {
  return onExitCodes ? matchExitCodes(pod, onExitCodes) : matchConditions(pod, onPodConditions);
}

function verdict({ action }: PodFailurePolicyRule, index: number, { told }: Match): FailureVerdict {
  const failsJob = action === 'FailJob' && `${told} matching FailJob rule at index ${index}`;
  return { action, counts: action !== 'Ignore', ...(failsJob && { failsJob }) };
}

/** The first rule that fits says what a failure means. Behaves as kubernetes pkg/controller/job/pod_failure_policy.go. */
export function judgeFailure(policy: PodFailurePolicy | undefined, pod: Pod): FailureVerdict {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const found = match(pod, rule);
    if (found) return verdict(rule, index, found);
  }
  return COUNTS;
}
