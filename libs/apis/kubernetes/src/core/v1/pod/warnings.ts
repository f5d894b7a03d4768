import { type Quantity, quote } from '@binnacle/machinery-meta';
import { isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { type FieldPath, fieldPath, isDns1123Label } from '@binnacle/machinery-validation';
import type {
  Affinity,
  Container,
  ContainerPort,
  Pod,
  PodAffinity,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from '../index.js';

const OLD_LABELS = new Map(
  Object.entries({
    'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
    'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  }),
);

const OLD_VOLUMES: Readonly<Partial<Record<keyof Volume, string>>> = {
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

const NO_SELECTOR = 'a null labelSelector results in matching no pod';

/** A byte cannot be divided. */
function fraction(amount: Quantity | undefined, path: FieldPath): string[] {
  if (!isQuantity(amount) || toMillis(amount) % 1000 === 0) return [];
  return [`${path}: fractional byte value ${quote(String(amount))} is invalid, must be an integer`];
}

const BYTES = ['memory', 'ephemeral-storage'];

function amountWarnings({ resources }: Container, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const list of ['limits', 'requests'] as const) {
    for (const name of BYTES) {
      const amount = resources?.[list]?.[name];
      if (amount !== undefined) warnings.push(...fraction(amount, path.child('resources', list).key(name)));
    }
  }
  return warnings;
}

function variableWarnings({ env = [] }: Container, path: FieldPath): string[] {
  const taken = new Set<string>();
  const warnings: string[] = [];
  for (const [index, { name }] of env.entries()) {
    const at = taken.has(name) ? path.child('env').index(index) : undefined;
    if (at) warnings.push(`${at}: hides previous definition of ${quote(name)}, which may be dropped when using apply`);
    taken.add(name);
  }
  return warnings;
}

const portKey = ({ protocol, containerPort, hostPort = 0, hostIP = '' }: ContainerPort): string =>
  `${protocol}/${containerPort}/${hostPort}/${hostIP}`;

function portWarnings({ containers = [] }: PodSpec, path: FieldPath): string[] {
  const first = new Map<string, FieldPath>();
  const warnings: string[] = [];
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [position, port] of ports.entries()) {
      const at = path.child('containers').index(index).child('ports').index(position);
      const taken = first.get(portKey(port));
      if (taken) warnings.push(`${at}: duplicate port definition with ${taken}`);
      else first.set(portKey(port), at);
    }
  }
  return warnings;
}

function containerWarnings(spec: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[list] ?? []).entries()) {
      const at = path.child(list).index(index);
      warnings.push(...amountWarnings(container, at), ...variableWarnings(container, at));
    }
  }
  return warnings;
}

function volumeWarnings({ volumes = [] }: PodSpec, path: FieldPath): string[] {
  return volumes.flatMap((volume, index) => {
    const at = path.child('volumes').index(index);
    const old = (Object.keys(OLD_VOLUMES) as (keyof Volume)[]).filter((kind) => volume[kind]);
    return [
      ...old.map((kind) => `${at.child(kind)}: ${OLD_VOLUMES[kind]}`),
      ...fraction(volume.emptyDir?.sizeLimit, at.child('emptyDir', 'sizeLimit')),
    ];
  });
}

function affinityWarnings(affinity: PodAffinity | undefined, path: FieldPath): string[] {
  const field = 'requiredDuringSchedulingIgnoredDuringExecution';
  return (affinity?.[field] ?? []).flatMap(({ labelSelector }, index) =>
    labelSelector ? [] : [`${path.child(field).index(index).child('labelSelector')}: ${NO_SELECTOR}`],
  );
}

function spreadWarnings({ topologySpreadConstraints = [] }: PodSpec, path: FieldPath): string[] {
  return topologySpreadConstraints.flatMap(({ topologyKey, labelSelector }, index) => {
    const at = path.child('topologySpreadConstraints').index(index);
    const old = OLD_LABELS.get(topologyKey);
    return [
      ...(old ? [`${at.child('topologyKey')}: ${topologyKey} is ${old}`] : []),
      ...(labelSelector ? [] : [`${at.child('labelSelector')}: ${NO_SELECTOR}`]),
    ];
  });
}

function placementWarnings(spec: PodSpec, path: FieldPath): string[] {
  const affinity: Affinity = spec.affinity ?? {};
  const labels = Object.keys(spec.nodeSelector ?? {}).filter((key) => OLD_LABELS.get(key));
  return [
    ...labels.map((key) => `${path.child('nodeSelector').key(key)}: ${OLD_LABELS.get(key)}`),
    ...affinityWarnings(affinity.podAffinity, path.child('affinity', 'podAffinity')),
    ...affinityWarnings(affinity.podAntiAffinity, path.child('affinity', 'podAntiAffinity')),
    ...spreadWarnings(spec, path),
  ];
}

/** What a client should know of a spec that is valid. Behaves as kubernetes pkg/api/pod warnings. */
function podSpecWarnings(spec: PodSpec | undefined, path: FieldPath): string[] {
  if (!spec) return [];
  const nameless = (spec.imagePullSecrets ?? []).flatMap(({ name }, index) =>
    name ? [] : [`${path.child('imagePullSecrets').index(index).child('name')}: invalid empty name ""`],
  );
  const grace = path.child('terminationGracePeriodSeconds');
  const negative = (spec.terminationGracePeriodSeconds ?? 0) < 0;
  return [
    ...placementWarnings(spec, path),
    ...volumeWarnings(spec, path),
    ...nameless,
    ...(negative ? [`${grace}: must be >= 0; negative values are invalid and will be treated as 1`] : []),
    ...containerWarnings(spec, path),
    ...portWarnings(spec, path),
  ];
}

function nameWarnings(name: string, use: string): string[] {
  const complaints = isDns1123Label(name);
  if (complaints.length === 0) return [];
  const why = `this is used in ${use}, which can result in surprising behavior; a DNS label is recommended`;
  return [`metadata.name: ${why}: [${complaints.join(' ')}]`];
}

export function podWarnings(next: Pod, old?: Pod): string[] {
  const name = old ? [] : nameWarnings(next.metadata.name ?? '', "the Pod's hostname");
  return [...name, ...podSpecWarnings(next.spec, fieldPath('spec'))];
}

interface WithTemplate {
  readonly metadata: Pod['metadata'];
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** For controllers whose Pods take their names from it. Said again only when the spec has changed. */
export function workloadWarnings(next: WithTemplate, old?: WithTemplate): string[] {
  if (old && old.metadata.generation === next.metadata.generation) return [];
  const name = old ? [] : nameWarnings(next.metadata.name ?? '', 'Pod names and hostnames');
  return [...name, ...podSpecWarnings(next.spec?.template?.spec, fieldPath('spec', 'template', 'spec'))];
}
