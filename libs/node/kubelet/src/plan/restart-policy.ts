import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ruleMatches } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { ContainerStatus } from '@binnacle/node-cri';

/** The first rule that speaks of an end counts. */
function actionAt({ restartPolicyRules = [] }: Container, exitCode: number): string | undefined {
  return restartPolicyRules.find((rule) => ruleMatches(rule, exitCode))?.action;
}

/** Whether the end of a container is to begin its whole Pod again, init containers included. */
export const restartsAll = (container: Container, { state, exitCode = 0 }: ContainerStatus): boolean =>
  state === 'exited' && actionAt(container, exitCode) === 'RestartAllContainers';

/** Whether an ended container is to be run again. Behaves as kubernetes pkg/kubelet/container ShouldContainerBeRestarted. */
export function shouldRestart(pod: Pod, container: Container, ended: Pick<ContainerStatus, 'exitCode'>): boolean {
  const exitCode = ended.exitCode ?? 0;
  if (actionAt(container, exitCode)) return true;
  const policy = container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never') return false;
  return policy === 'Always' || exitCode !== 0;
}

export const restartsAtAll = (pod: Pod, container: Container): boolean =>
  (container.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always') !== 'Never';
