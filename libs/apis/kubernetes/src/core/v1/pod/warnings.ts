import { quote } from '@binnacle/machinery-meta';
import { fractionWarnings } from '@binnacle/apis-registry';
import { type FieldPath, fieldPath, ipWarnings, isDns1123Label } from '@binnacle/machinery-validation';
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
import { annotatedProfileWarnings, takenUpWarnings } from './annotated-profiles.js';
import { deprecationOf } from '../../../node-labels/deprecated.js';

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

const BYTES = ['memory', 'ephemeral-storage'];

function amountWarnings({ resources }: Container, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const list of ['limits', 'requests'] as const) {
    for (const name of BYTES) {
      const amount = resources?.[list]?.[name];
      if (amount !== undefined) warnings.push(...fractionWarnings(amount, path.child('resources', list).key(name)));
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
      ...fractionWarnings(volume.emptyDir?.sizeLimit, at.child('emptyDir', 'sizeLimit')),
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
    const old = deprecationOf(topologyKey);
    return [
      ...(old ? [`${at.child('topologyKey')}: ${topologyKey} is ${old}`] : []),
      ...(labelSelector ? [] : [`${at.child('labelSelector')}: ${NO_SELECTOR}`]),
    ];
  });
}

function placementWarnings(spec: PodSpec, path: FieldPath): string[] {
  const affinity: Affinity = spec.affinity ?? {};
  const labels = Object.keys(spec.nodeSelector ?? {}).filter(deprecationOf);
  return [
    ...labels.map((key) => `${path.child('nodeSelector').key(key)}: ${deprecationOf(key)}`),
    ...affinityWarnings(affinity.podAffinity, path.child('affinity', 'podAffinity')),
    ...affinityWarnings(affinity.podAntiAffinity, path.child('affinity', 'podAntiAffinity')),
    ...spreadWarnings(spec, path),
  ];
}

function addressWarnings({ dnsConfig, hostAliases = [] }: PodSpec, path: FieldPath): string[] {
  const servers = path.child('dnsConfig', 'nameservers');
  const aliases = path.child('hostAliases');
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((ip, index) => ipWarnings(ip, servers.index(index))),
    ...hostAliases.flatMap(({ ip }, index) => ipWarnings(ip, aliases.index(index).child('ip'))),
  ];
}

/** What a client should know of a spec that is valid. Behaves as kubernetes pkg/api/pod warnings. */
function podSpecWarnings(spec: PodSpec | undefined, path: FieldPath, profiles: readonly string[]): string[] {
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
    ...profiles,
    ...containerWarnings(spec, path),
    ...portWarnings(spec, path),
    ...addressWarnings(spec, path),
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
  const { metadata, spec } = next;
  const profiles = metadata.annotations && spec ? annotatedProfileWarnings(metadata.annotations, spec) : [];
  return [...takenUpWarnings(next), ...name, ...podSpecWarnings(spec, fieldPath('spec'), profiles)];
}

interface WithTemplate {
  readonly metadata: Pod['metadata'];
  readonly spec?: { readonly template?: PodTemplateSpec };
}

/** What there is to say of a template wherever it stands. */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: FieldPath): string[] {
  const { spec, metadata } = template ?? {};
  const profiles = metadata?.annotations && spec ? annotatedProfileWarnings(metadata.annotations, spec, path) : [];
  return podSpecWarnings(spec, path.child('spec'), profiles);
}

/** The same of a controller's. Said again only when the spec has changed. */
export function templateWarnings(next: WithTemplate, old?: WithTemplate): string[] {
  if (old && old.metadata.generation === next.metadata.generation) return [];
  return podTemplateWarnings(next.spec?.template, fieldPath('spec', 'template'));
}

/** Of a new controller whose Pods take their names from it. */
export function namedPodsWarnings({ metadata }: Pick<WithTemplate, 'metadata'>): string[] {
  return nameWarnings(metadata.name ?? '', 'Pod names and hostnames');
}

export function workloadWarnings(next: WithTemplate, old?: WithTemplate): string[] {
  return [...(old ? [] : namedPodsWarnings(next)), ...templateWarnings(next, old)];
}
