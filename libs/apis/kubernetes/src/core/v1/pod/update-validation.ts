import {
  type FieldError,
  fieldPath,
  type FieldPath,
  forbidden,
  inclusiveRange,
  invalid,
  semanticEqual,
} from '@binnacle/machinery-validation';
import { changedFields } from '@binnacle/apis-registry';
import type {
  Affinity,
  Container,
  NodeAffinity,
  NodeSelectorTerm,
  Pod,
  PodSchedulingGate,
  PodSpec,
  Toleration,
} from '../index.js';
import { validateMirrorChange } from './annotation-validation.js';

const SPEC = fieldPath('spec');
const MAX_INT32 = 2 ** 31 - 1;

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

function validateDeadlineChange(next: number | undefined, old: number | undefined): FieldError[] {
  const path = SPEC.child('activeDeadlineSeconds');
  if (next === undefined) {
    return old === undefined ? [] : [invalid(path, null, 'must not update from a positive integer to nil value')];
  }
  if (next < 0 || next > MAX_INT32) return [invalid(path, next, inclusiveRange(0, MAX_INT32))];
  return old !== undefined && old < next ? [invalid(path, next, 'must be less than or equal to previous value')] : [];
}

/** All that a toleration says but for how long, as one text: there may be thousands. */
const meaningOf = ({ key = '', operator = '', value = '', effect = '' }: Toleration): string =>
  JSON.stringify([key, operator, value, effect]);

function validateTolerationChange(next: readonly Toleration[] = [], old: readonly Toleration[] = []): FieldError[] {
  const known = new Set(next.map(meaningOf));
  if (old.every((toleration) => known.has(meaningOf(toleration)))) return [];
  return [forbidden(SPEC.child('tolerations'), 'existing toleration can not be modified except its tolerationSeconds')];
}

function validateGateChange(
  next: readonly PodSchedulingGate[] = [],
  old: readonly PodSchedulingGate[] = [],
): FieldError[] {
  const known = new Set(old.map(({ name }) => name));
  return next.flatMap(({ name }, index) => {
    if (known.has(name)) return [];
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(SPEC.child('schedulingGates').index(index).child('name'), why)];
  });
}

function validateSelectorGrowth(next: Record<string, string> = {}, old: Record<string, string> = {}): FieldError[] {
  if (Object.entries(old).every(([key, value]) => next[key] === value)) return [];
  const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return [invalid(SPEC.child('nodeSelector'), next, why)];
}

function onlyAdds(next: readonly unknown[] = [], old: readonly unknown[] = []): boolean {
  return semanticEqual(next.slice(0, old.length), old);
}

function termOnlyNarrows(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const selectedNothing = !old.matchExpressions?.length && !old.matchFields?.length;
  if (selectedNothing) return !next.matchExpressions?.length && !next.matchFields?.length;
  return onlyAdds(next.matchExpressions, old.matchExpressions) && onlyAdds(next.matchFields, old.matchFields);
}

function validateAffinityNarrowing(next: NodeAffinity | undefined, old: NodeAffinity | undefined): FieldError[] {
  const before = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (before.length === 0) return [];
  const after = next?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const field = 'requiredDuringSchedulingIgnoredDuringExecution';
  const path = SPEC.child('affinity', 'nodeAffinity').child(field, 'nodeSelectorTerms');
  if (after.length !== before.length)
    return [invalid(path, after, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  return after.flatMap((term, index) =>
    termOnlyNarrows(term, before[index] ?? {})
      ? []
      : [invalid(path.index(index), term, 'only additions are allowed (no mutations or deletions)')],
  );
}

/** Where a Pod may go can be narrowed for as long as it waits at its gates. */
function validateGatedChange(next: PodSpec, old: PodSpec): FieldError[] {
  if (!old.schedulingGates?.length) return [];
  return [
    ...validateSelectorGrowth(next.nodeSelector, old.nodeSelector),
    ...validateAffinityNarrowing(next.affinity?.nodeAffinity, old.affinity?.nodeAffinity),
  ];
}

function withImagesOf(containers: readonly Container[] = [], old: readonly Container[] = []): Container[] {
  return containers.map((container, index) => ({ ...container, image: old[index]?.image }) as Container);
}

function withNodeAffinityOf(affinity: Affinity | undefined, old: Affinity | undefined): Affinity {
  const { nodeAffinity: _, ...others } = affinity ?? {};
  return old?.nodeAffinity ? { ...others, nodeAffinity: old.nodeAffinity } : others;
}

/** The new spec with every field that may change put back, so that what still differs must not. */
function withAllowedChangesUndone(next: PodSpec, old: PodSpec): PodSpec {
  const gated = Boolean(old.schedulingGates?.length);
  const mended = (old.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1;
  return {
    ...next,
    containers: withImagesOf(next.containers, old.containers),
    initContainers: withImagesOf(next.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    ...(mended && { terminationGracePeriodSeconds: old.terminationGracePeriodSeconds }),
    ...(gated && {
      nodeSelector: old.nodeSelector,
      affinity: withNodeAffinityOf(next.affinity, old.affinity),
    }),
  } as PodSpec;
}

function validateImmutableSpec(next: PodSpec, old: PodSpec): FieldError[] {
  const undone = withAllowedChangesUndone(next, old);
  if (semanticEqual(undone, old)) return [];
  const why = `pod updates may not change fields other than ${UPDATABLE.join(',')}\n${changedFields(undone, old, 'spec')}`;
  return [forbidden(SPEC, why)];
}

function validateSameCount(
  next: readonly Container[] = [],
  old: readonly Container[] = [],
  path: FieldPath,
): FieldError[] {
  return next.length === old.length ? [] : [forbidden(path, 'pod updates may not add or remove containers')];
}

/** Behaves as kubernetes ValidatePodUpdate. */
export function validatePodUpdate({ spec: next, metadata }: Pod, { spec: old, metadata: before }: Pod): FieldError[] {
  const mirror = validateMirrorChange(metadata.annotations, before.annotations, fieldPath('metadata', 'annotations'));
  if (!next || !old) return mirror;
  const counts = [
    ...validateSameCount(next.containers, old.containers, SPEC.child('containers')),
    ...validateSameCount(next.initContainers, old.initContainers, SPEC.child('initContainers')),
  ];
  if (counts.length > 0) return [...mirror, ...counts];
  return [
    ...mirror,
    ...validateDeadlineChange(next.activeDeadlineSeconds, old.activeDeadlineSeconds),
    ...validateTolerationChange(next.tolerations, old.tolerations),
    ...validateGateChange(next.schedulingGates, old.schedulingGates),
    ...validateGatedChange(next, old),
    ...validateImmutableSpec(next, old),
  ];
}
