import type { PodSpec } from '@binnacle/apis-kubernetes/core/v1';

interface Imaged {
  readonly name: string;
  readonly image?: string;
}

function isOther(next: readonly Imaged[] = [], old: readonly Imaged[] = []): boolean {
  return next.length !== old.length || next.some(({ image }, at) => image !== old[at]?.image);
}

/** Whether a change of a Pod may change what a standard says of it. Behaves as upstream's isSignificantPodUpdate. */
export function isSignificant(next: PodSpec, old: PodSpec): boolean {
  if (isOther(next.containers, old.containers) || isOther(next.initContainers, old.initContainers)) return true;
  const before = new Map((old.ephemeralContainers ?? []).map(({ name, image }) => [name, { image }]));
  return (next.ephemeralContainers ?? []).some(({ name, image }) => {
    const known = before.get(name);
    return !known || known.image !== image;
  });
}
