import type { Container, ContainerRestartRule, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';

function ruleMatches({ exitCodes }: ContainerRestartRule, exitCode: number): boolean {
  const listed = exitCodes?.values?.includes(exitCode) ?? false;
  return exitCodes?.operator === 'NotIn' ? !listed : listed;
}

/** Whether an ended container is to be run again. Behaves as kubernetes pkg/kubelet/container ShouldContainerBeRestarted. */
export function shouldRestart(pod: Pod, container: Container, ended: Pick<ContainerStatus, 'exitCode'>): boolean {
  const exitCode = ended.exitCode ?? 0;
  if (container.restartPolicyRules?.some((rule) => rule.action === 'Restart' && ruleMatches(rule, exitCode)))
    return true;
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' || exitCode !== 0;
}

export const restartsAtAll = (pod: Pod, container: Container): boolean =>
  (container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always') !== 'Never';
