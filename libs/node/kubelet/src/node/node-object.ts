import type { Node, NodeCondition, NodeStatus, NodeSystemInfo, Taint } from '@binnacle/apis-kubernetes/core/v1';
import {
  ANNOTATION_MANAGED_ATTACH,
  LABEL_ARCH,
  LABEL_ARCH_STABLE,
  LABEL_HOSTNAME,
  LABEL_OS,
  LABEL_OS_STABLE,
  TAINT_EXTERNAL_CLOUD_PROVIDER,
} from '@binnacle/apis-kubernetes/well-known';
import { formatTime } from '@binnacle/machinery-context';
import type { ImageStatus } from '@binnacle/node-cri';

/** What a node is, however it came to be. */
export interface NodeDescription {
  readonly name: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
  readonly info: NodeSystemInfo;
  /** Names for ever the agent that carries a simulated node. */
  readonly providerId?: string;
  /** `external`: a cloud says what the node is, and its addresses. */
  readonly cloudProvider?: 'external';
  /** Of the HTTPS endpoint. */
  readonly port: number;
}

/** What of a node changes while it runs. */
export interface NodeHealth {
  readonly ready: boolean;
  readonly message: string;
}

export function wellKnownLabels(node: NodeDescription): Record<string, string> {
  const { architecture, operatingSystem } = node.info;
  return {
    [LABEL_ARCH]: architecture,
    [LABEL_OS]: operatingSystem,
    [LABEL_ARCH_STABLE]: architecture,
    [LABEL_HOSTNAME]: node.name,
    [LABEL_OS_STABLE]: operatingSystem,
    ...node.labels,
  };
}

/** Those that every node has, and its own. */
export function wellKnownAnnotations({ annotations }: NodeDescription): Record<string, string> {
  return { [ANNOTATION_MANAGED_ATTACH]: 'true', ...annotations };
}

/** Until a cloud has said what the node is nothing is scheduled there. */
const UNINITIALIZED: Taint = { key: TAINT_EXTERNAL_CLOUD_PROVIDER, value: 'true', effect: 'NoSchedule' };

const taintsOf = ({ taints, cloudProvider }: NodeDescription): Taint[] => [
  ...taints,
  ...(cloudProvider ? [UNINITIALIZED] : []),
];

export function newNode(node: NodeDescription): Node {
  const taints = taintsOf(node);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node.name, labels: wellKnownLabels(node), annotations: wellKnownAnnotations(node) },
    spec: {
      ...(taints.length > 0 && { taints }),
      ...(node.providerId && { providerID: node.providerId }),
    },
  };
}

const HEALTHY = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
] as const;

function conditions({ ready, message }: NodeHealth, previous: readonly NodeCondition[], now: number): NodeCondition[] {
  const time = formatTime(now);
  const verdicts = [
    ...HEALTHY.map(([type, reason, text]) => ({ type, status: 'False', reason, message: text })),
    { type: 'Ready', status: ready ? 'True' : 'False', reason: ready ? 'KubeletReady' : 'KubeletNotReady', message },
  ];
  return verdicts.map((verdict) => {
    const before = previous.find(({ type }) => type === verdict.type);
    const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : time;
    return { lastHeartbeatTime: time, lastTransitionTime, ...verdict };
  });
}

/** What this kubelet knows that older ones do not, sorted. Behaves as component-helpers nodedeclaredfeatures. */
const DECLARED_FEATURES = [
  'ExtendWebSocketsToKubelet',
  'InPlacePodLevelResourcesVerticalScaling',
  'InPlacePodVerticalScalingInitContainers',
  'RestartAllContainersOnContainerExits',
];

export interface NodeFacts {
  readonly condition: NodeHealth;
  readonly images: readonly ImageStatus[];
  /** The volumes that were attached for its Pods, as Nodes name them, sorted. */
  readonly volumesInUse?: readonly string[];
  readonly now: number;
}

type Amounts = Readonly<Record<string, string>>;

/** What others gave the node, such as extended resources: they write its capacity, and all of it can be had. */
const given = ({ capacity = {} }: NodeStatus, own: Amounts): NonNullable<NodeStatus['capacity']> =>
  Object.fromEntries(Object.entries(capacity).filter(([name]) => own[name] === undefined));

/** What a cloud has said stays. */
function addressesOf({ name, address, cloudProvider }: NodeDescription, { addresses = [] }: NodeStatus) {
  if (cloudProvider && addresses.length > 0) return addresses;
  return [
    { type: 'InternalIP', address },
    { type: 'Hostname', address: name },
  ];
}

/** Behaves as kubernetes pkg/kubelet/nodestatus setters. */
export function nodeStatus(
  node: NodeDescription,
  previous: NodeStatus,
  { condition, images, volumesInUse = [], now }: NodeFacts,
): NodeStatus {
  const others = given(previous, node.capacity);
  return {
    capacity: { ...others, ...node.capacity },
    allocatable: { ...others, ...node.allocatable },
    addresses: addressesOf(node, previous),
    conditions: conditions(condition, previous.conditions ?? [], now),
    daemonEndpoints: { kubeletEndpoint: { Port: node.port } },
    nodeInfo: node.info,
    declaredFeatures: [...DECLARED_FEATURES],
    // Said where it ends, too: what a patch does not name stays.
    ...((volumesInUse.length > 0 || previous.volumesInUse) && { volumesInUse: [...volumesInUse] }),
    images: images.slice(0, 50).map(({ repoTags, sizeBytes }) => ({ names: [...repoTags], sizeBytes })),
  };
}

/** Without the time of the heartbeat, which alone is no reason to write. */
export function withoutHeartbeat(status: NodeStatus): NodeStatus {
  const { capacity, allocatable, addresses, daemonEndpoints, nodeInfo, declaredFeatures, images, volumesInUse } =
    status;
  const kept = (status.conditions ?? [])
    .filter(({ type }) => type === 'Ready' || HEALTHY.some(([known]) => known === type))
    .map(({ type, status: verdict, reason, message }) => ({ type, status: verdict, reason, message }));
  const order = (a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1);
  const described = {
    capacity,
    allocatable,
    addresses,
    daemonEndpoints,
    nodeInfo,
    declaredFeatures,
    images,
    volumesInUse,
  };
  return { ...described, conditions: kept.sort(order) };
}
