import type { Namespace, NamespaceCondition } from '@binnacle/apis-kubernetes/core/v1';
import { formatTime, type KubeObject, withCondition } from '@binnacle/machinery-meta';

/** What is still there of one resource. */
export interface Remaining {
  /** `pods.`, `deployments.apps`: as upstream prints a group resource. */
  readonly resource: string;
  readonly objects: readonly KubeObject[];
}

export interface ContentReport {
  readonly remaining: readonly Remaining[];
  readonly discoveryError?: string;
  readonly deletionErrors: readonly string[];
}

type Verdict = Pick<NamespaceCondition, 'reason' | 'message'> & { readonly bad: boolean };

const verdict = (bad: boolean, reason: string, message: string): Verdict => ({ bad, reason, message });

function finalizerCounts(remaining: readonly Remaining[]): string[] {
  const counts = new Map<string, number>();
  for (const finalizer of remaining.flatMap(({ objects }) =>
    objects.flatMap(({ metadata }) => metadata.finalizers ?? []),
  )) {
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} in ${count} resource instances`);
}

function verdicts({ remaining, discoveryError, deletionErrors }: ContentReport): Record<string, Verdict> {
  const left = [...remaining].sort((a, b) => (a.resource < b.resource ? -1 : 1));
  const counted = left
    .map(({ resource, objects }) => `${resource} has ${objects.length} resource instances`)
    .join(', ');
  const finalizers = finalizerCounts(remaining);
  return {
    NamespaceDeletionDiscoveryFailure: discoveryError
      ? verdict(true, 'DiscoveryFailed', `Discovery failed for some groups: ${discoveryError}`)
      : verdict(false, 'ResourcesDiscovered', 'All resources successfully discovered'),
    NamespaceDeletionGroupVersionParsingFailure: verdict(
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    NamespaceDeletionContentFailure: deletionErrors.length
      ? verdict(
          true,
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${deletionErrors.length} remaining: ${deletionErrors.join(', ')}`,
        )
      : verdict(false, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    NamespaceContentRemaining: left.length
      ? verdict(true, 'SomeResourcesRemain', `Some resources are remaining: ${counted}`)
      : verdict(false, 'ContentRemoved', 'All content successfully removed'),
    NamespaceFinalizersRemaining: finalizers.length
      ? verdict(
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
        )
      : verdict(false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  };
}

/** The conditions that tell how the deletion goes. Behaves as kubernetes pkg/controller/namespace/deletion/status_condition_utils.go. */
export function deletionConditions(namespace: Namespace, report: ContentReport, now: number): NamespaceCondition[] {
  const time = formatTime(now);
  return Object.entries(verdicts(report)).reduce<NamespaceCondition[]>(
    (conditions, [type, { bad, reason, message }]) => {
      return withCondition(conditions, { type, status: bad ? 'True' : 'False', reason, message }, time);
    },
    namespace.status?.conditions ?? [],
  );
}
