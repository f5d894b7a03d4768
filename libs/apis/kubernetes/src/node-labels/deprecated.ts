import type { LabelSelector } from '@binnacle/machinery-meta';
import type { FieldPath } from '@binnacle/machinery-validation';
import {
  LABEL_ARCH,
  LABEL_FAILURE_DOMAIN_BETA_REGION,
  LABEL_FAILURE_DOMAIN_BETA_ZONE,
  LABEL_INSTANCE_TYPE,
  LABEL_NODE_ROLE_CONTROL_PLANE,
  LABEL_NODE_ROLE_PREFIX,
  LABEL_OS,
} from '../well-known/index.js';

const DEPRECATED = new Map(
  Object.entries({
    [LABEL_ARCH]: 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    [LABEL_OS]: 'deprecated since v1.14; use "kubernetes.io/os" instead',
    [LABEL_FAILURE_DOMAIN_BETA_REGION]: 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    [LABEL_FAILURE_DOMAIN_BETA_ZONE]: 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    [LABEL_INSTANCE_TYPE]: 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    'app.kubernetes.io/created-by': 'deprecated since v1.9',
    'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
    [`${LABEL_NODE_ROLE_PREFIX}master`]: `use "${LABEL_NODE_ROLE_CONTROL_PLANE}" instead`,
  }),
);

/** Since when a label of nodes is out of use, and what is used instead. As kubernetes pkg/api/node. */
export function deprecationOf(key: string): string | undefined {
  return DEPRECATED.get(key);
}

interface Requirement {
  readonly key: string;
}

/** What to tell of a term that asks for such labels. */
export function requirementWarnings(requirements: readonly Requirement[] = [], path: FieldPath): string[] {
  return requirements.flatMap(({ key }, index) => {
    const why = deprecationOf(key);
    return why ? [`${path.index(index).child('key')}: ${key} is ${why}`] : [];
  });
}

export function nodeSelectorWarnings(selector: LabelSelector | undefined, path: FieldPath): string[] {
  const labels = path.child('matchLabels');
  const old = Object.keys(selector?.matchLabels ?? {}).filter((key) => DEPRECATED.has(key));
  return [
    ...requirementWarnings(selector?.matchExpressions, path.child('matchExpressions')),
    ...old.map((key) => `${labels.child(key)}: ${deprecationOf(key)}`),
  ];
}
