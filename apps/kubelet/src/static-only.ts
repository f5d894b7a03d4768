import { isStatic, type PodSource, type Rejection } from '@binnacle/node-kubelet';

/** Processes of this machine are not isolated: only Pods whose manifests were put here by its administrator may run. */
export function admitStaticOnly(source: PodSource): Rejection | undefined {
  if (isStatic(source)) return undefined;
  return {
    reason: 'StaticPodsOnly',
    message: 'this node runs static Pods of the control plane only',
  };
}
