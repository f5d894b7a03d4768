import { createHash } from 'node:crypto';
import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';

/** Labels and annotations by which a runtime's sandboxes and containers are known again. As kubernetes pkg/kubelet/types. */
export const POD_NAME_LABEL = 'io.kubernetes.pod.name';
export const POD_NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
export const POD_UID_LABEL = 'io.kubernetes.pod.uid';
export const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name';
export const CONTAINER_HASH_ANNOTATION = 'io.kubernetes.container.hash';
export const TERMINATION_PATH_ANNOTATION = 'io.kubernetes.container.terminationMessagePath';
export const CONFIG_SOURCE_ANNOTATION = 'kubernetes.io/config.source';
export const CONFIG_HASH_ANNOTATION = 'kubernetes.io/config.hash';
export const CONFIG_MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';
export const CONFIG_SEEN_ANNOTATION = 'kubernetes.io/config.seen';
/** Static Pods with a higher number stop later when the whole node stops. */
export const STOP_ORDER_ANNOTATION = 'binnacle.dev/stop-order';

export const podUid = (pod: Pod): string => pod.metadata?.uid ?? '';
export const podName = (pod: Pod): string => pod.metadata?.name ?? '';
export const podNamespace = (pod: Pod): string => pod.metadata?.namespace ?? 'default';
/** `namespace/name`, which two Pods of different uid may share one after the other. */
export const podFullName = (pod: Pod): string => `${podNamespace(pod)}/${podName(pod)}`;
/** As upstream's messages name a Pod: `name_namespace(uid)`. */
export const podText = (pod: Pod): string => `${podName(pod)}_${podNamespace(pod)}(${podUid(pod)})`;

export function isStaticPod(pod: Pod): boolean {
  const source = pod.metadata?.annotations?.[CONFIG_SOURCE_ANNOTATION];
  return source !== undefined && source !== 'api';
}

export const isMirrorPod = (pod: Pod): boolean => pod.metadata?.annotations?.[CONFIG_MIRROR_ANNOTATION] !== undefined;

export function podLabels(pod: Pod): Record<string, string> {
  return { [POD_NAME_LABEL]: podName(pod), [POD_NAMESPACE_LABEL]: podNamespace(pod), [POD_UID_LABEL]: podUid(pod) };
}

/** Changes when a running container no longer is what the Pod asks for. */
export function containerHash(container: Container): string {
  const { name, image } = container;
  return createHash('sha256').update(JSON.stringify({ name, image })).digest('hex').slice(0, 8);
}

export const podLogDirectoryName = (pod: Pod): string => `${podNamespace(pod)}_${podName(pod)}_${podUid(pod)}`;

export function initContainers(pod: Pod): readonly Container[] {
  return pod.spec?.initContainers ?? [];
}

export function mainContainers(pod: Pod): readonly Container[] {
  return pod.spec?.containers ?? [];
}

/** An init container that keeps running beside the main ones. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

export function findContainer(pod: Pod, name: string): Container | undefined {
  return [...mainContainers(pod), ...initContainers(pod)].find((container) => container.name === name);
}
