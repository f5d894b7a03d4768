import type { Container } from '@binnacle/apis-kubernetes/core/v1';
import { toMillis, toUnits } from '@binnacle/machinery-quantity';
import type { ContainerResources, ContainerSize, ContainerStatus } from '@binnacle/node-cri';

type Amounts = Readonly<Record<string, string | number>>;

function resources(given: Amounts | undefined): ContainerResources {
  return {
    ...(given?.cpu !== undefined && { cpuMillis: toMillis(given.cpu) }),
    ...(given?.memory !== undefined && { memoryBytes: toUnits(given.memory) }),
  };
}

/** What a runtime is told of the size of a container. */
export const containerSize = ({ resources: asked }: Container): ContainerSize => ({
  limits: resources(asked?.limits),
  requests: resources(asked?.requests),
});

const PARTS = [
  ['cpu', 'cpuMillis'],
  ['memory', 'memoryBytes'],
] as const;

export type SizePart = (typeof PARTS)[number][0];

/** In what a container that runs has another size than it was given; nothing where its runtime does not tell. */
export function unlike(container: Container, { size, state }: ContainerStatus): SizePart[] {
  if (!size || state !== 'running') return [];
  const wanted = containerSize(container);
  const differs = (key: (typeof PARTS)[number][1]) =>
    wanted.limits[key] !== size.limits[key] || wanted.requests[key] !== size.requests[key];
  return PARTS.filter(([, key]) => differs(key)).map(([name]) => name);
}

/** An amount as it was given, where it is that, else in the words of a quantity. */
function shown(given: Amounts | undefined, has: ContainerResources): Record<string, string | number> | undefined {
  if (!given) return undefined;
  const result = { ...given };
  const wanted = resources(given);
  for (const [name, key] of PARTS) {
    const amount = has[key];
    if (amount !== undefined && amount !== wanted[key]) result[name] = name === 'cpu' ? `${amount}m` : String(amount);
  }
  return result;
}

/** What a container has, as its status tells it. Behaves as kubernetes pkg/kubelet convertContainerStatusResources. */
export function shownSize({ resources: given = {} }: Container, { size, state }: ContainerStatus) {
  if (!size || state !== 'running') return given;
  const limits = shown(given.limits, size.limits);
  const requests = shown(given.requests, size.requests);
  return { ...given, ...(limits && { limits }), ...(requests && { requests }) };
}
