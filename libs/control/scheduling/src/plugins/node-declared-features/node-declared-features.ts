import type { Node, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { allContainersCouldRestart } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { FilterPlugin, Rejection } from '../../framework/plugin.js';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's required features"], unresolvable: true };

/** What a Pod needs its kubelet to know. Behaves as component-helpers nodedeclaredfeatures InferForPodScheduling. */
function requiredFeatures(spec: PodSpec): string[] {
  return allContainersCouldRestart(spec) ? ['RestartAllContainersOnContainerExits'] : [];
}

const hasAll = ({ status }: Node, features: readonly string[]): boolean =>
  features.every((feature) => status?.declaredFeatures?.includes(feature));

/** Keeps Pods off nodes whose kubelet does not know what they use. */
export const nodeDeclaredFeatures: FilterPlugin = {
  name: 'NodeDeclaredFeatures',
  preFilter({ pod }, { nodes }) {
    const features = pod.spec ? requiredFeatures(pod.spec) : [];
    if (features.length === 0) return undefined;
    return (row) => {
      const { node } = nodes.at(row);
      return node && hasAll(node, features) ? undefined : rejection;
    };
  },
  wakes: (event) => event.kind === 'node' && (event.added || event.changes.features),
};
