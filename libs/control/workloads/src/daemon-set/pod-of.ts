import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Affinity, Pod, PodSpec, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import {
  TAINT_NODE_NOT_READY,
  TAINT_NODE_UNREACHABLE,
  TAINT_NODE_UNSCHEDULABLE,
} from '@binnacle/apis-kubernetes/well-known';
import { LABEL_CONTROLLER_REVISION_HASH } from '../history/revisions.js';
import { podFromTemplate } from '../pods/pod-template.js';

const ANNOTATION_TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const LABEL_TEMPLATE_GENERATION = 'pod-template-generation';
const NODE_NAME = 'metadata.name';

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

/** Chosen by name, in the place of what else was required of the node: that was looked at already. */
function affinityTo(node: string, affinity: Affinity | undefined): Affinity {
  const matchFields = [{ key: NODE_NAME, operator: 'In', values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required };
  return { ...affinity, nodeAffinity };
}

/** How often the template was changed, as the set's annotation says; undefined where it says no number. */
function generationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[ANNOTATION_TEMPLATE_GENERATION];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(Number(text)) : undefined;
}

/** The Pod of a node, as it is to be made. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  const { metadata, spec, ...pod } = podFromTemplate(set, set.spec?.template ?? {});
  const generation = generationOf(set);
  const labels = {
    ...metadata.labels,
    ...(generation !== undefined && { [LABEL_TEMPLATE_GENERATION]: generation }),
    [LABEL_CONTROLLER_REVISION_HASH]: hash,
  };
  return {
    ...pod,
    metadata: { ...metadata, labels },
    spec: { containers: [], ...spec, affinity: affinityTo(node, spec?.affinity), tolerations: daemonTolerations(spec) },
  };
}

/** The node a daemon runs on or is meant for; undefined where it says neither. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const named = terms
    .flatMap(({ matchFields = [] }) => matchFields)
    .find(({ key, operator }) => key === NODE_NAME && operator === 'In');
  return named?.values?.length === 1 ? named.values[0] : undefined;
}

/** Whether the Pod has the template the set has now. */
export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const { labels = {} } = pod.metadata;
  const generation = generationOf(set);
  const sameGeneration = generation !== undefined && labels[LABEL_TEMPLATE_GENERATION] === generation;
  return sameGeneration || labels[LABEL_CONTROLLER_REVISION_HASH] === hash;
}
