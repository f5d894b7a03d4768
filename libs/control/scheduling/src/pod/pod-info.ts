import type { Pod, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import { type AffinityTerms, affinityTerms } from './affinity-terms.js';
import { type Amounts, podRequests, podRequestsOrDefaults } from './pod-requests.js';

/** An address of the node that a container takes for itself. */
export interface HostPort {
  readonly protocol: string;
  /** `0.0.0.0` stands for every address. */
  readonly ip: string;
  readonly port: number;
}

/** A Pod, read once into what the scheduler asks of it again and again. */
export interface PodInfo {
  readonly pod: Pod;
  readonly uid: string;
  /** `namespace/name` */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  /** When its node began with it, else when it was made; milliseconds since the epoch. */
  readonly began: number;
  readonly tolerations: readonly Toleration[];
  readonly requests: Amounts;
  /** Requests with defaults, for comparing nodes. */
  readonly weights: Amounts;
  readonly hostPorts: readonly HostPort[];
  readonly terms: AffinityTerms;
  /** Pods of one group are the same to every rule that looks at other Pods. */
  readonly group: string;
}

export const ANY_ADDRESS = '0.0.0.0';

function hostPorts(pod: Pod): HostPort[] {
  const { containers = [], initContainers = [], hostNetwork } = pod.spec ?? {};
  const lasting = [...containers, ...initContainers.filter((one) => one.restartPolicy === 'Always')];
  return lasting.flatMap((container) =>
    (container.ports ?? []).flatMap(({ containerPort, hostPort, hostIP, protocol }) => {
      const port = hostPort ?? (hostNetwork ? containerPort : 0);
      return port > 0 ? [{ protocol: protocol ?? 'TCP', ip: hostIP || ANY_ADDRESS, port }] : [];
    }),
  );
}

function groupOf(pod: Pod): string {
  const labels = Object.entries(pod.metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const leaving = pod.metadata.deletionTimestamp !== undefined;
  return JSON.stringify([pod.metadata.namespace, leaving, labels, podAffinity, podAntiAffinity]);
}

const beganAt = ({ metadata, status }: Pod): number =>
  Date.parse(status?.startTime ?? metadata.creationTimestamp ?? '') || 0;

export function podInfo(pod: Pod): PodInfo {
  const { namespace = '', name = '', uid = '', labels = {} } = pod.metadata;
  return {
    pod,
    uid,
    key: `${namespace}/${name}`,
    namespace,
    name,
    labels,
    priority: pod.spec?.priority ?? 0,
    began: beganAt(pod),
    tolerations: pod.spec?.tolerations ?? [],
    requests: podRequests(pod),
    weights: podRequestsOrDefaults(pod),
    hostPorts: hostPorts(pod),
    terms: affinityTerms(pod),
    group: groupOf(pod),
  };
}
