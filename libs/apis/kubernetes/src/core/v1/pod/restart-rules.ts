import type { ContainerRestartRule, PodSpec } from '../index.js';

/** Whether a rule speaks of the end of a container with that code. */
export function ruleMatches({ exitCodes }: ContainerRestartRule, exitCode: number): boolean {
  const listed = exitCodes?.values?.includes(exitCode) ?? false;
  return exitCodes?.operator === 'NotIn' ? !listed : listed;
}

/** Whether the end of one container may begin all of them again, whatever the policy of the others. */
export function allContainersCouldRestart({ initContainers = [], containers = [] }: PodSpec): boolean {
  return [...initContainers, ...containers].some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  );
}
