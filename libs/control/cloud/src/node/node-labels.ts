import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import {
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_INSTANCE_TYPE,
  LABEL_INSTANCE_TYPE_STABLE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '@binnacle/apis-kubernetes/well-known';
import type { InstanceMetadata } from '../provider/cloud-provider.js';

type Labels = Record<string, string>;

/** Labels by what a cloud says: the older name, which counts, and the newer. */
const PAIRS = {
  zone: [LABEL_FAILURE_DOMAIN_BETA_ZONE, LABEL_TOPOLOGY_ZONE],
  region: [LABEL_FAILURE_DOMAIN_BETA_REGION, LABEL_TOPOLOGY_REGION],
  instanceType: [LABEL_INSTANCE_TYPE, LABEL_INSTANCE_TYPE_STABLE],
} as const;

const KUBERNETES = /(^|\.)(kubernetes|k8s)\.io\//;

/** What a cloud adds to Kubernetes' own labels, where the node has no such label. */
function additional({ additionalLabels = {} }: InstanceMetadata, has: Labels): Labels {
  const added = Object.entries(additionalLabels).filter(([key]) => !KUBERNETES.test(key) && !Object.hasOwn(has, key));
  return Object.fromEntries(added);
}

/** The labels that a node gets of its cloud. Models CloudNodeController getNodeModifiersFromCloudProvider. */
export function labelsOf({ metadata }: Node, instance: InstanceMetadata): Labels {
  const known = Object.entries(PAIRS).flatMap(([what, keys]) => {
    const value = instance[what as keyof typeof PAIRS];
    return value ? keys.map((key) => [key, value] as const) : [];
  });
  return { ...Object.fromEntries(known), ...additional(instance, metadata.labels ?? {}) };
}

/** The newer labels that do not say what the older do; undefined where all do. Models reconcileNodeLabels. */
export function planLabels({ metadata: { labels = {} } }: Node): Labels | undefined {
  const wrong = Object.values(PAIRS).flatMap(([older, newer]) => {
    const value = labels[older];
    return value !== undefined && labels[newer] !== value ? [[newer, value] as const] : [];
  });
  return wrong.length > 0 ? Object.fromEntries(wrong) : undefined;
}
