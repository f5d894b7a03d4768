import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView, type ObjectStatus } from '../view/kind-view.js';
import { Daemons } from '../workloads/daemons-panel.js';
import { ownerLoss } from '../workloads/selected-pods.js';
import { selectorFact } from '../workloads/workload-columns.js';

const NOBODY = { desiredNumberScheduled: 0, numberReady: 0, updatedNumberScheduled: 0, numberMisscheduled: 0 };

const figuresOf = ({ status }: DaemonSet) => ({ ...NOBODY, ...status });

const isSeen = ({ metadata, status }: DaemonSet): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);

/** As `kubectl rollout status` waits for it. */
function daemonSetStatus(object: UnstructuredObject): ObjectStatus {
  const set = as<DaemonSet>(object);
  const { desiredNumberScheduled: desired, numberReady: ready, updatedNumberScheduled: updated } = figuresOf(set);
  if (set.metadata.deletionTimestamp) return { tone: 'progress', label: 'Terminating' };
  if (!isSeen(set)) return { tone: 'progress', label: 'Progressing' };
  if (desired === 0) return { tone: 'idle', label: 'NoNodes' };
  const detail = `${ready} of ${desired} Pods are ready.`;
  if (updated < desired && set.spec?.updateStrategy?.type !== 'OnDelete') {
    return { tone: 'progress', label: 'Progressing', detail: `${updated} of ${desired} Pods are up to date.` };
  }
  return ready < desired ? { tone: 'warn', label: 'NotReady', detail } : { tone: 'ok', label: 'Ready', detail };
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec, status } = as<DaemonSet>(object);
  const { type, rollingUpdate } = spec?.updateStrategy ?? {};
  return [
    selectorFact(object, t, 'Selector'),
    ...plainFact(t('spec.updateStrategy'), type),
    ...plainFact(t('columns.maxUnavailable'), rollingUpdate?.maxUnavailable),
    ...plainFact(t('rollout.maxSurge'), rollingUpdate?.maxSurge || undefined),
    ...plainFact(t('spec.misscheduled'), status?.numberMisscheduled || undefined),
  ];
}

/** The server prints its columns. */
export const daemonSetView: KindView = {
  status: daemonSetStatus,
  needs: 'nodes',
  facts,
  panels: [Daemons],
  actions: { podLogs: true, restart: true, rollBack: true, loss: ownerLoss },
};
