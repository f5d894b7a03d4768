import type { PodSpec, Toleration } from '../../../core/v1/index.js';
import { TAINT_NODE_NOT_READY, TAINT_NODE_UNREACHABLE, TAINT_NODE_UNSCHEDULABLE } from '../../../well-known/index.js';

const borne = (key: string, effect: string): Toleration => ({ key, operator: 'Exists', effect });

/** A daemon stays on a node that is in trouble, and comes to one that others are kept away from. */
const TOLERATIONS: readonly Toleration[] = [
  borne(TAINT_NODE_NOT_READY, 'NoExecute'),
  borne(TAINT_NODE_UNREACHABLE, 'NoExecute'),
  borne('node.kubernetes.io/disk-pressure', 'NoSchedule'),
  borne('node.kubernetes.io/memory-pressure', 'NoSchedule'),
  borne('node.kubernetes.io/pid-pressure', 'NoSchedule'),
  borne(TAINT_NODE_UNSCHEDULABLE, 'NoSchedule'),
];
const ON_THE_HOSTS_NETWORK = borne('node.kubernetes.io/network-unavailable', 'NoSchedule');

const same = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key &&
  a.effect === b.effect &&
  (a.operator ?? '') === (b.operator ?? '') &&
  (a.value ?? '') === (b.value ?? '');

/** The template's tolerations with those every daemon has; one of the same taint is replaced. */
export function daemonTolerations(spec: PodSpec | undefined): Toleration[] {
  const added = [...TOLERATIONS, ...(spec?.hostNetwork ? [ON_THE_HOSTS_NETWORK] : [])];
  return added.reduce<Toleration[]>(
    (all, next) =>
      all.some((one) => same(one, next)) ? all.map((one) => (same(one, next) ? next : one)) : [...all, next],
    [...(spec?.tolerations ?? [])],
  );
}
