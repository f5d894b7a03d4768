import { type FieldError, fieldPath, validateImmutable } from '@binnacle/machinery-validation';
import type { Affinity, Container, PodSpec, PodTemplateSpec } from '../../../core/v1/index.js';
import type { Job } from '../index.js';
import { hasCondition } from './conditions.js';

/** Nothing of it runs, and nothing will before somebody lets it go on. */
function isAtRest(job: Job): boolean {
  const stopped = !job.status?.startTime || hasCondition(job, 'Suspended');
  return job.spec?.suspend === true && stopped && !job.status?.active;
}

/** The old affinity with what may change put as it is now: the nodes, and with them all of it where there is no more. */
function affinityAsNow(next: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
  if (!next && !old) return undefined;
  const { nodeAffinity: _, ...others } = old ?? {};
  if (!next) return Object.keys(others).length > 0 ? others : undefined;
  return next.nodeAffinity ? { ...others, nodeAffinity: next.nodeAffinity } : others;
}

function resourcesAsNow(next: readonly Container[] = [], old: readonly Container[] = []): Container[] {
  if (next.length !== old.length) return [...old];
  return old.map((container, index) => {
    const { name, resources } = next[index] as Container;
    return name === container.name ? ({ ...container, resources } as Container) : container;
  });
}

/** The old Pods as they may become: placed elsewhere, of another size. */
function podsAsNow(next: PodSpec, old: PodSpec): PodSpec {
  return {
    ...old,
    affinity: affinityAsNow(next.affinity, old.affinity),
    nodeSelector: next.nodeSelector,
    tolerations: next.tolerations,
    schedulingGates: next.schedulingGates,
    containers: resourcesAsNow(next.containers, old.containers),
    initContainers: resourcesAsNow(next.initContainers, old.initContainers),
  } as PodSpec;
}

/** The template never changes, but for a Job at rest. Behaves as kubernetes validatePodTemplateUpdate. */
export function validateTemplateUpdate(next: Job, old: Job): FieldError[] {
  const [template, before] = [next.spec?.template, old.spec?.template] as (PodTemplateSpec | undefined)[];
  const path = fieldPath('spec', 'template');
  if (!isAtRest(old)) return validateImmutable(template, before, path);
  const [pods, podsBefore] = [template?.spec, before?.spec];
  if (!pods || !podsBefore) return validateImmutable(pods, podsBefore, path.child('spec'));
  // Upstream says the name of this field as one.
  return validateImmutable(pods, podsAsNow(pods, podsBefore), path.child('spec'));
}
