import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Labels } from '@binnacle/machinery-selectors';

/** What policies look at of a Pod. One object stands for one state of it: another state is another object. */
export interface PolicyPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly node: string;
  readonly hostNetwork: boolean;
  /** The ports that have names. */
  readonly ports: readonly NamedPort[];
}

export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
}

/** Its containers have ended for good: its address may be another Pod's. One that is terminating still has it. */
export const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Init containers that go on beside the others have ports, too. */
function servers({ spec }: Pod): readonly Container[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...sidecars, ...(spec?.containers ?? [])];
}

function namedPorts(pod: Pod): NamedPort[] {
  const all = servers(pod).flatMap(({ ports = [] }) => ports);
  return all.flatMap(({ name, containerPort: port, protocol = 'TCP' }) => (name ? [{ name, port, protocol }] : []));
}

export function policyPod(pod: Pod): PolicyPod {
  const { namespace = '', name = '', labels = {} } = pod.metadata;
  const { nodeName: node = '', hostNetwork = false } = pod.spec ?? {};
  return { namespace, name, labels, node, hostNetwork, ports: namedPorts(pod) };
}
