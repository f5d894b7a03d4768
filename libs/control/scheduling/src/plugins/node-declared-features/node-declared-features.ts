import type { Node, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { allContainersCouldRestart } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { FilterPlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import { unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';

const rejection = unresolvable("node(s) didn't match Pod's required features");

/** What a Pod needs its kubelet to know. Behaves as component-helpers nodedeclaredfeatures InferForPodScheduling. */
function requiredFeatures(spec: PodSpec): string[] {
  return allContainersCouldRestart(spec) ? ['RestartAllContainersOnContainerExits'] : [];
}

const featuresOf = ({ pod }: PodInfo): string[] => (pod.spec ? requiredFeatures(pod.spec) : []);

const hasAll = ({ status }: Node, features: readonly string[]): boolean =>
  features.every((feature) => status?.declaredFeatures?.includes(feature));

/** Keeps Pods off nodes whose kubelet does not know what they use. */
export const nodeDeclaredFeatures: FilterPlugin = {
  name: 'NodeDeclaredFeatures',
  lasting: true,
  preFilter(pod, { nodes }) {
    const features = featuresOf(pod);
    if (features.length === 0) return undefined;
    return (row) => {
      const { node } = nodes.at(row);
      return node && hasAll(node, features) ? undefined : rejection;
    };
  },
  eventsToRegister: () => [
    on('Node', ['Add', 'UpdateNodeDeclaredFeature']),
    on('Pod', ['Update'], (pod, { old, current }) => {
      if (!old || current?.uid !== pod.uid) return false;
      return featuresOf(current).join() !== featuresOf(old).join();
    }),
  ],
};
