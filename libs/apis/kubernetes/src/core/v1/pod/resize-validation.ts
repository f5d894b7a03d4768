import { each, type ResourceList } from '@binnacle/apis-registry';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  semanticEqual,
} from '@binnacle/machinery-validation';
import { ANNOTATION_CONFIG_MIRROR } from '../../../well-known/index.js';
import type { Container, Pod, PodSpec, ResourceRequirements } from '../index.js';
import { hasPodResources, podQosClass } from './qos.js';
import { validatePod } from './validation.js';

const SPEC = fieldPath('spec');
const ONLY = 'only cpu and memory resources';

type Sizes = ResourceRequirements | undefined;

/** Applies a rule to every container of a list and what it was before. */
function paired(
  next: PodSpec,
  old: PodSpec,
  list: 'containers' | 'initContainers',
  rule: (container: Container, before: Container, path: FieldPath) => FieldError[],
): FieldError[] {
  const before = old[list] ?? [];
  let index = 0;
  return each<Container>(next[list], SPEC.child(list), (container, path) =>
    rule(container, before[index++] as Container, path),
  );
}

/** None is added or taken away, renamed or put elsewhere. */
function validateOrder(next: PodSpec, old: PodSpec, list: 'containers' | 'initContainers'): FieldError[] {
  if ((next[list]?.length ?? 0) !== (old[list]?.length ?? 0))
    return [forbidden(SPEC.child(list), `${list} may not be added or removed on resize`)];
  return paired(next, old, list, ({ name }, before, path) =>
    name === before.name ? [] : [forbidden(path.child('name'), `${list} may not be renamed or reordered on resize`)],
  );
}

const lacks = (next: ResourceList = {}, old: ResourceList = {}): boolean =>
  Object.keys(old).some((name) => next[name] === undefined);

/** What was asked for once may become less, but is asked for. */
function validateKept(next: Sizes, old: Sizes, path: FieldPath, what: string): FieldError[] {
  return (['requests', 'limits'] as const)
    .filter((list) => lacks(next?.[list], old?.[list]))
    .map((list) => forbidden(path.child(list), `${what} ${list} cannot be removed`));
}

function withOldSize(next: ResourceList = {}, old: ResourceList = {}): ResourceList {
  const { cpu: _, memory: __, ...others } = next;
  const { cpu, memory } = old;
  return { ...others, ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}

/** The new amounts with those put back that may change, so that what still differs must not. */
const undone = (next: Sizes, old: Sizes): ResourceRequirements => ({
  limits: withOldSize(next?.limits, old?.limits),
  requests: withOldSize(next?.requests, old?.requests),
});

/** As upstream has it, a container that uses resource claims is never what it was. */
const isResizedOnly = (next: Container, old: Container): boolean =>
  semanticEqual({ ...next, resources: undone(next.resources, old.resources) }, old);

function validateInit(next: Container, old: Container, path: FieldPath): FieldError[] {
  const only = `${ONLY} for init or sidecar containers are mutable`;
  const errors = isResizedOnly(next, old) ? [] : [forbidden(path, only)];
  if (next.restartPolicy === 'Always' || semanticEqual(next, old)) return errors;
  const restarts = (next.resizePolicy ?? []).filter(({ restartPolicy }) => restartPolicy === 'RestartContainer');
  const why = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized';
  return [...errors, ...restarts.map(() => forbidden(path, why))];
}

/** Behaves as kubernetes validatePodLevelResourcesResize. */
function validateWhole({ resources: next }: PodSpec, { resources: old }: PodSpec): FieldError[] {
  const path = SPEC.child('resources');
  if (old && !next) return [forbidden(path, 'pod-level resources cannot be removed')];
  const isSame = semanticEqual({ ...next, ...undone(next, old) }, old ?? { limits: {}, requests: {} });
  return [
    ...validateKept(next, old, path, 'pod-level resource'),
    ...(isSame ? [] : [forbidden(SPEC, `${ONLY} are mutable at pod-level`)]),
  ];
}

/** A node that does not tell what its containers have cannot give them anything else. */
function isSupported({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  return !running || running.resources !== undefined;
}

function validateContainers(next: PodSpec, old: PodSpec): FieldError[] {
  const order = [...validateOrder(next, old, 'containers'), ...validateOrder(next, old, 'initContainers')];
  if (order.length > 0) return order;
  const kept = (container: Container, before: Container, path: FieldPath) =>
    validateKept(container.resources, before.resources, path.child('resources'), 'resource');
  return [
    ...paired(next, old, 'initContainers', kept),
    ...paired(next, old, 'containers', kept),
    ...paired(next, old, 'containers', (container, before) =>
      isResizedOnly(container, before) ? [] : [forbidden(SPEC, `${ONLY} are mutable`)],
    ),
    ...paired(next, old, 'initContainers', validateInit),
  ];
}

function validateClass(next: Pod, old: Pod): FieldError[] {
  const before = old.status?.qosClass ?? podQosClass(old);
  if (before === podQosClass(next)) return [];
  return [invalid(SPEC, before, 'Pod QOS Class may not change as a result of resizing')];
}

function validateResizable({ metadata, spec }: Pod): FieldError[] {
  if (metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined)
    return [forbidden(fieldPath(), 'static pods cannot be resized')];
  return spec?.os?.name === 'windows' ? [forbidden(fieldPath(), 'windows pods cannot be resized')] : [];
}

/** Behaves as kubernetes ValidatePodResize. */
export function validatePodResize(next: Pod, old: Pod): FieldError[] {
  const never = validateResizable(old);
  if (never.length > 0 || !next.spec || !old.spec) return never;
  const asWhole = hasPodResources(next.spec) || hasPodResources(old.spec);
  return [
    ...validatePod(next),
    ...validateClass(next, old),
    ...(isSupported(old) ? [] : [forbidden(SPEC, 'Pod running on node without support for resize')]),
    ...(asWhole ? validateWhole(next.spec, old.spec) : []),
    ...validateContainers(next.spec, old.spec),
  ];
}
