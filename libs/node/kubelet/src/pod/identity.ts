import { createHash } from 'node:crypto';
import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';

/** Labels and annotations by which a runtime's sandboxes and containers are known again. As kubernetes pkg/kubelet/types. */
export const POD_NAME_LABEL = 'io.kubernetes.pod.name';
export const POD_NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
export const POD_UID_LABEL = 'io.kubernetes.pod.uid';
export const CONTAINER_NAME_LABEL = 'io.kubernetes.container.name';
export const CONTAINER_HASH_ANNOTATION = 'io.kubernetes.container.hash';
export const TERMINATION_PATH_ANNOTATION = 'io.kubernetes.container.terminationMessagePath';
export const CONFIG_SEEN_ANNOTATION = 'kubernetes.io/config.seen';

export const podUid = (pod: Pod): string => pod.metadata?.uid ?? '';
export const podName = (pod: Pod): string => pod.metadata?.name ?? '';
export const podNamespace = (pod: Pod): string => pod.metadata?.namespace ?? 'default';
/** `namespace/name`, which two Pods of different uid may share one after the other. */
export const podFullName = (pod: Pod): string => `${podNamespace(pod)}/${podName(pod)}`;
/** As upstream's messages name a Pod: `name_namespace(uid)`. */
export const podText = (pod: Pod): string => `${podName(pod)}_${podNamespace(pod)}(${podUid(pod)})`;

/** Whether an object of the API claims to show a static Pod; it is never run, whoever made it. */
export const isMirrorPod = (pod: Pod): boolean => pod.metadata?.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined;

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

/** Containers that were added to a Pod that runs, to look into it; each runs once. */
export function ephemeralContainers(pod: Pod): readonly Container[] {
  return pod.spec?.ephemeralContainers ?? [];
}

/** An init container that keeps running beside the main ones. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

export function findContainer(pod: Pod, name: string): Container | undefined {
  const all = [...mainContainers(pod), ...initContainers(pod), ...ephemeralContainers(pod)];
  return all.find((container) => container.name === name);
}
