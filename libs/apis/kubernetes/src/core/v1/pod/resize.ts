import { countGeneration, keep, type PartRules } from '@binnacle/apis-registry';
import type { Container, Pod } from '../index.js';
import { validatePodResize } from './resize-validation.js';

const KEPT_METADATA = ['deletionTimestamp', 'labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

type Containers = readonly Container[] | undefined;

const haveOneCount = (next: Containers, old: Containers): boolean => (next?.length ?? 0) === (old?.length ?? 0);

/** The old containers with the resources of the new; where those are others, the new, so that validation finds out. */
function resized(next: Containers, old: Containers): Container[] {
  const isOther = next?.some(({ name }, index) => name !== old?.[index]?.name);
  if (isOther) return [...(next ?? [])];
  return (old ?? []).map((container, index) => {
    const { resources, resizePolicy } = next?.[index] ?? container;
    const { resources: _, resizePolicy: __, ...rest } = container;
    return { ...rest, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
  });
}

function prepare(next: Pod, old: Pod): void {
  const [wanted, before] = [next.spec, old.spec];
  if (!wanted || !before) return;
  const isOther =
    !haveOneCount(wanted.containers, before.containers) || !haveOneCount(wanted.initContainers, before.initContainers);
  if (isOther) return;
  const { resources: _, ...rest } = before;
  const spec = { ...rest, containers: resized(wanted.containers, before.containers) };
  if (before.initContainers) spec.initContainers = resized(wanted.initContainers, before.initContainers);
  next.spec = { ...spec, ...(wanted.resources && { resources: wanted.resources }) };
  keep(next, old, 'status');
  keep(next.metadata, old.metadata, ...KEPT_METADATA);
  countGeneration(next, old, 'spec');
}

/** Another size for the containers of a Pod that may already run. Behaves as kubernetes pkg/registry/core/pod ResizeStrategy. */
export const resizeRules: PartRules<Pod> = {
  prepareForUpdate: prepare,
  validateUpdate: validatePodResize,
  fields: ['containers', 'initContainers'].flatMap((list) => [
    ['spec', list, '*', 'resources'],
    ['spec', list, '*', 'resizePolicy'],
  ]),
};
