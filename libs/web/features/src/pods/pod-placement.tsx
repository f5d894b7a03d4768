import type { Pod, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { linesFact, linkFact, pairsOf, plainFact } from '../objects/fact-lines.js';
import type { Fact } from '../view/kind-view.js';

/** As `kubectl describe` writes it: `key=value:NoExecute op=Exists for 300s`. */
export function tolerationText({ key = '', value, operator, effect, tolerationSeconds }: Toleration): string {
  const pair = value ? `${key}=${value}` : key;
  const what = effect ? `${pair}:${effect}` : pair;
  const any = operator === 'Exists' && !value ? `${what} op=Exists` : what;
  return (tolerationSeconds === undefined ? any : `${any} for ${tolerationSeconds}s`).trim();
}

function classes({ spec }: Pod, t: Translate): Fact[] {
  const { priorityClassName, runtimeClassName } = spec ?? {};
  const priority = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: priorityClassName };
  const runtime = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', name: runtimeClassName };
  return [...linkFact(t('spec.priorityClass'), priority), ...linkFact(t('spec.runtimeClass'), runtime)];
}

function addresses({ podIPs = [], hostIP, startTime }: NonNullable<Pod['status']>, t: Translate): Fact[] {
  const ips = podIPs.map(({ ip }) => ip);
  return [
    ...(startTime ? [{ label: t('spec.started'), value: <Age time={startTime} /> }] : []),
    ...plainFact(t('spec.hostIp'), hostIP),
    // One alone is told as the Pod's already.
    ...linesFact(t('spec.ips'), ips.length > 1 ? ips : []),
  ];
}

/** Where a Pod may run, how urgently, and how it ends. */
export function podPlacement(pod: Pod, t: Translate): Fact[] {
  const { spec, status = {} } = pod;
  if (!spec) return [];
  const { schedulerName = '', terminationGracePeriodSeconds: grace = 30, tolerations = [] } = spec;
  return [
    ...addresses(status, t),
    ...plainFact(t('spec.hostNetwork'), spec.hostNetwork ? t('spec.yes') : ''),
    ...plainFact(t('spec.priority'), spec.priority),
    ...classes(pod, t),
    ...plainFact(t('spec.grace'), `${grace} s`),
    ...plainFact(t('spec.scheduler'), schedulerName === 'default-scheduler' ? '' : schedulerName),
    ...linesFact(t('spec.nodeSelector'), pairsOf(spec.nodeSelector)),
    ...linesFact(t('spec.tolerations'), tolerations.map(tolerationText)),
  ];
}
