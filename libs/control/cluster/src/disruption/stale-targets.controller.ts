import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { againAt, type Controller, createController, done, fromChanges } from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import { type ControllerDeps, isPodTerminal } from '@binnacle/control-workloads';
import { findCondition, formatTime, parseTime, withCondition } from '@binnacle/machinery-meta';
import { DISRUPTION_TARGET } from '../pods/disruption-target.js';

/** A Pod marked for disruption should be on its way out by then; if not, the disruption was called off. */
const STALE_MILLISECONDS = 120_000;

/** When the mark turns stale; undefined where there is none, or where the Pod is leaving as it says. */
export function staleAt(pod: Pod): number | undefined {
  const condition = findCondition(pod.status?.conditions, DISRUPTION_TARGET);
  if (condition?.status !== 'True' || pod.metadata.deletionTimestamp || isPodTerminal(pod)) return undefined;
  return (parseTime(condition.lastTransitionTime) ?? 0) + STALE_MILLISECONDS;
}

/** Takes back marks of disruptions that did not happen. Behaves as kubernetes pkg/controller/disruption. */
export function staleTargetController({ client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  const podClient = client.resource<Pod>(refs.pods);
  return createController({
    name: 'stale-disruption-target',
    reconciler: {
      async reconcile(ctx, key) {
        const pod = pods.get(key);
        const at = pod && staleAt(pod);
        if (!pod || at === undefined) return done;
        if (at > ctx.clock.now()) return againAt(at);
        const condition = { type: DISRUPTION_TARGET, status: 'False' };
        const conditions = withCondition(pod.status?.conditions, condition, formatTime(ctx.clock.now()));
        await podClient.updateStatus(ctx, { ...pod, status: { ...pod.status, conditions } });
        return done;
      },
    },
    sources: [
      fromChanges(pods, (pod, _, enqueue, deleted) => !deleted && staleAt(pod) !== undefined && enqueue(keyOf(pod))),
    ],
    workers: 1,
  });
}
