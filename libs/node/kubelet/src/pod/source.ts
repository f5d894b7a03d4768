import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import {
  ANNOTATION_CONFIG_HASH,
  ANNOTATION_CONFIG_MIRROR,
  ANNOTATION_CONFIG_SOURCE,
} from '@binnacle/apis-kubernetes/well-known';

/**
 * Where the kubelet got a Pod from. It is carried beside the Pod and never read from it: whoever may create Pods writes
 * their annotations.
 */
export type PodSource = 'api' | 'file';

export const isStatic = (source: PodSource): boolean => source === 'file';

/** A Pod of the API as this node knows it: what it says of its own source is replaced. Behaves as kubernetes pkg/kubelet/config. */
export function fromApi(pod: Pod): Pod {
  const {
    [ANNOTATION_CONFIG_HASH]: _hash,
    [ANNOTATION_CONFIG_MIRROR]: _mirror,
    ...annotations
  } = pod.metadata?.annotations ?? {};
  return { ...pod, metadata: { ...pod.metadata, annotations: { ...annotations, [ANNOTATION_CONFIG_SOURCE]: 'api' } } };
}
