import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { sleep } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { isHealthy } from '../rules/snapshot.js';
import { type Stage, MINUTE } from './stage.js';

const RETRY = 5_000;

function budgetsOf(stage: Stage, pod: Pod): PodDisruptionBudget[] {
  return stage.cluster.view
    .list<PodDisruptionBudget>(refs.poddisruptionbudgets, pod.metadata.namespace)
    .filter(({ spec }) => spec?.selector && matcherFromLabelSelector(spec.selector).matches(pod.metadata.labels));
}

const healthyOf = (stage: Stage, { metadata, spec }: PodDisruptionBudget): number =>
  stage.cluster.view
    .list<Pod>(refs.pods, metadata.namespace)
    .filter((pod) => isHealthy(pod) && matcherFromLabelSelector(spec?.selector).matches(pod.metadata.labels)).length;

/**
 * Evicts several Pods at once. Where all there was before is known to the budget, no granted eviction may leave it with
 * fewer healthy Pods than it wants.
 */
export async function evict(stage: Stage, pods: readonly Pod[], broken: (what: string) => void): Promise<void> {
  const { cluster } = stage;
  const guards = new Map(
    pods
      .filter(isHealthy)
      .flatMap((pod) => budgetsOf(stage, pod))
      .map((each) => [each.metadata.uid, each]),
  );
  const known = [...guards.values()].filter((each) => each.status?.currentHealthy === healthyOf(stage, each));
  await Promise.all(
    pods.map(({ metadata: { name = '', namespace = '' } }) =>
      stage.trying('evict', () =>
        cluster.client.resource(refs.pods).createSubresource(cluster.ctx, { name, namespace }, 'eviction', {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
        }),
      ),
    ),
  );
  for (const before of known) {
    const [left, wanted] = [healthyOf(stage, before), before.status?.desiredHealthy ?? 0];
    const had = before.status?.currentHealthy ?? 0;
    if (left < Math.min(wanted, had))
      broken(
        `budget ${before.metadata.namespace}/${before.metadata.name} wants ${wanted} and evictions left ${left} of ${had}`,
      );
  }
}

/** As `kubectl drain --ignore-daemonsets`, for so long at most. */
export async function drain(stage: Stage, node: string, broken: (what: string) => void): Promise<void> {
  const { cluster } = stage;
  const mustGo = ({ metadata, spec, status }: Pod) =>
    spec?.nodeName === node &&
    !['Succeeded', 'Failed'].includes(status?.phase ?? '') &&
    metadata.ownerReferences?.[0]?.kind !== 'DaemonSet';
  for (const end = cluster.now + 10 * MINUTE; cluster.now < end; await sleep(cluster.ctx, RETRY)) {
    const there = cluster.view.list<Pod>(refs.pods).filter(mustGo);
    if (there.length === 0) return;
    await evict(
      stage,
      there.filter(({ metadata }) => !metadata.deletionTimestamp),
      broken,
    );
  }
}
