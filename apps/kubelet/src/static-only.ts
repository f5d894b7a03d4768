import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { isStaticPod, type Rejection } from '@binnacle/node-kubelet';

/** Processes of this machine are not isolated: only Pods whose manifests were put here by its administrator may run. */
export function admitStaticOnly(pod: Pod): Rejection | undefined {
  if (isStaticPod(pod)) return undefined;
  return {
    reason: 'StaticPodsOnly',
    message: 'this node runs static Pods of the control plane only',
  };
}
