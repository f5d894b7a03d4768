import type { LabelSelector, LabelSelectorRequirement } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  invalidEach,
  isQualifiedName,
} from '@binnacle/machinery-validation';
import { each } from '@binnacle/apis-registry';
import type { Pod, PodAffinity } from '../index.js';

/** What narrows a selector to Pods that share labels with the one it belongs to, or differ in them. */
interface LabelKeys {
  labelSelector?: LabelSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

type Operator = 'In' | 'NotIn';

function requirements(pod: Pod, keys: readonly string[] = [], operator: Operator): LabelSelectorRequirement[] {
  const labels = new Map(Object.entries(pod.metadata.labels ?? {}));
  return keys.flatMap((key) => {
    const value = labels.get(key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}

function merge(pod: Pod, term: LabelKeys | undefined): void {
  // No selector matches nothing, which cannot be narrowed.
  if (!term?.labelSelector) return;
  const more = [...requirements(pod, term.matchLabelKeys, 'In'), ...requirements(pod, term.mismatchLabelKeys, 'NotIn')];
  if (more.length === 0) return;
  const { matchExpressions = [] } = term.labelSelector;
  term.labelSelector = { ...term.labelSelector, matchExpressions: [...matchExpressions, ...more] };
}

function mergeAffinity(pod: Pod, affinity: PodAffinity | undefined): void {
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } = affinity ?? {};
  for (const { podAffinityTerm } of preferred) merge(pod, podAffinityTerm);
  for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) merge(pod, term);
}

/**
 * Writes what the label keys of a new Pod mean into its selectors, so that what it was created with counts for good.
 * Behaves as kubernetes pkg/registry/core/pod mutatePodAffinity and mutateTopologySpreadConstraints.
 */
export function mergeLabelKeys(pod: Pod): void {
  mergeAffinity(pod, pod.spec?.affinity?.podAffinity);
  mergeAffinity(pod, pod.spec?.affinity?.podAntiAffinity);
  for (const constraint of pod.spec?.topologySpreadConstraints ?? []) merge(pod, constraint);
}

function validateKeys(
  keys: readonly string[] | undefined,
  selector: LabelSelector | undefined,
  path: FieldPath,
): FieldError[] {
  if (!keys?.length) return [];
  if (!selector) return [forbidden(path, 'must not be specified when labelSelector is not set')];
  return each(keys, path, (key, at) => invalidEach(at, key, isQualifiedName(key)));
}

/** A key is in its selector once, where creation put it; a second one was the client's own. */
function validateOnce({ labelSelector, matchLabelKeys = [] }: LabelKeys, path: FieldPath): FieldError[] {
  const indexOf = new Map(matchLabelKeys.map((key, index) => [key, index]));
  const selected = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  return (labelSelector?.matchExpressions ?? []).flatMap(({ key }) => {
    const index = indexOf.get(key);
    const again = selected.has(key);
    selected.add(key);
    return again && index !== undefined
      ? [invalid(path.index(index), key, 'exists in both matchLabelKeys and labelSelector')]
      : [];
  });
}

/** Behaves as kubernetes ValidateMatchLabelKeysAndMismatchLabelKeys, its paths included. */
export function validateLabelKeys(term: LabelKeys, path: FieldPath): FieldError[] {
  const { matchLabelKeys, mismatchLabelKeys, labelSelector } = term;
  const at = path.child('matchLabelKeys');
  const differing = new Set(mismatchLabelKeys);
  return [
    ...validateKeys(matchLabelKeys, labelSelector, at),
    ...validateKeys(mismatchLabelKeys, labelSelector, path.child('mismatchLabelKeys')),
    ...validateOnce(term, path),
    ...each(matchLabelKeys, at, (key, keyAt) =>
      differing.has(key) ? [invalid(keyAt, key, 'exists in both matchLabelKeys and mismatchLabelKeys')] : [],
    ),
  ];
}
