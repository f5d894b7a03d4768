import type { Container, ContainerStatus, Pod, ResourceRequirements } from '@binnacle/apis-kubernetes/core/v1';
import { initContainers, mainContainers } from '../pod/identity.js';

interface ContainerSize {
  readonly name: string;
  readonly resources: ResourceRequirements;
}

/** What a Pod's containers ask for and may use, and the Pod as a whole. */
export interface PodSizes {
  readonly initContainers: readonly ContainerSize[];
  readonly containers: readonly ContainerSize[];
  readonly whole?: ResourceRequirements;
}

const sizeOf = ({ name, resources = {} }: Container): ContainerSize => ({ name, resources });

/** The size a Pod asks for. */
export function sizesAsked(pod: Pod): PodSizes {
  const whole = pod.spec?.resources;
  return {
    initContainers: initContainers(pod).map(sizeOf),
    containers: mainContainers(pod).map(sizeOf),
    ...(whole && { whole }),
  };
}

/** What a container was last told to have; what it asks for where it was not told yet. */
function toldSize(container: Container, statuses: readonly ContainerStatus[] = []): ContainerSize {
  const told = statuses.find(({ name }) => name === container.name);
  if (!told?.resources) return sizeOf(container);
  const { allocatedResources: requests } = told;
  return { name: container.name, resources: { ...told.resources, ...(requests && { requests }) } };
}

/** The size a Pod was given before this kubelet began, as its status says. */
export function sizesTold(pod: Pod): PodSizes {
  const { initContainerStatuses, containerStatuses, resources } = pod.status ?? {};
  const whole = resources ?? pod.spec?.resources;
  return {
    initContainers: initContainers(pod).map((container) => toldSize(container, initContainerStatuses)),
    containers: mainContainers(pod).map((container) => toldSize(container, containerStatuses)),
    ...(whole && { whole }),
  };
}

function withSize(container: Container, sizes: readonly ContainerSize[]): Container {
  const size = sizes.find(({ name }) => name === container.name);
  return size ? { ...container, resources: size.resources } : container;
}

/** The Pod with another size than it asks for. */
export function withSizes(pod: Pod, { initContainers: init, containers, whole }: PodSizes): Pod {
  if (!pod.spec) return pod;
  const { resources: _, ...rest } = pod.spec;
  const spec = { ...rest, containers: mainContainers(pod).map((container) => withSize(container, containers)) };
  if (pod.spec.initContainers) spec.initContainers = initContainers(pod).map((container) => withSize(container, init));
  return { ...pod, spec: { ...spec, ...(whole && { resources: whole }) } };
}
