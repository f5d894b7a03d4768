import {
  LABEL_ARCH,
  LABEL_ARCH_STABLE,
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_HOSTNAME,
  LABEL_INSTANCE_TYPE,
  LABEL_INSTANCE_TYPE_STABLE,
  LABEL_OS,
  LABEL_OS_STABLE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '../well-known/index.js';
/** Labels a kubelet may give its own Node. As kubernetes kubelet pkg/apis/well_known_labels. */
const KUBELET_LABELS = [
  LABEL_HOSTNAME,
  LABEL_TOPOLOGY_ZONE,
  LABEL_TOPOLOGY_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_INSTANCE_TYPE,
  LABEL_INSTANCE_TYPE_STABLE,
  LABEL_OS_STABLE,
  LABEL_ARCH_STABLE,
  LABEL_OS,
  LABEL_ARCH,
];
const KUBELET_NAMESPACES = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const KUBERNETES_NAMESPACES = ['kubernetes.io', 'k8s.io'];
const RESTRICTED_NAMESPACES = ['node-restriction.kubernetes.io'];

type Labels = Readonly<Record<string, string>>;

const namespaceOf = (key: string): string => (key.includes('/') ? key.slice(0, key.indexOf('/')) : '');

const isIn = (key: string, namespaces: readonly string[]): boolean => {
  const namespace = namespaceOf(key);
  return namespaces.some((known) => namespace === known || namespace.endsWith(`.${known}`));
};

const isKubeletLabel = (key: string): boolean => KUBELET_LABELS.includes(key) || isIn(key, KUBELET_NAMESPACES);

/** The keys that differ between two sets of labels. */
export function modifiedLabels(next: Labels = {}, old: Labels = {}): string[] {
  const keys = new Set([...Object.keys(next), ...Object.keys(old)]);
  return [...keys].filter((key) => next[key] !== old[key]);
}

/** Those of some labels that would let a node draw work to itself, sorted. */
export function forbiddenLabels(keys: readonly string[], allowed: readonly string[] = []): string[] {
  const foreign = (key: string) =>
    isIn(key, RESTRICTED_NAMESPACES) || (isIn(key, KUBERNETES_NAMESPACES) && !isKubeletLabel(key));
  return keys.filter((key) => foreign(key) && !allowed.includes(key)).sort();
}
