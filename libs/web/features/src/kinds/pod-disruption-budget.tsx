import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import type { Translate } from '../messages/index.js';
import { statusColumn, textColumn } from '../objects/columns.js';
import { as, type KindColumn, type KindView, type ObjectStatus } from '../view/kind-view.js';
import { relatedPods } from '../workloads/selected-pods.js';
import { selectorFact } from '../workloads/workload-columns.js';

/** In the words of its DisruptionAllowed condition. A budget that lets nothing go while all are well does what it is for. */
export function budgetStatus({ metadata, status = {} }: PodDisruptionBudget): ObjectStatus {
  const figures = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0, ...status };
  const { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } = figures;
  const unobserved = (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  if (unobserved) return { tone: 'progress', label: 'Unobserved' };
  const detail = `${currentHealthy} of ${expectedPods} Pods are healthy, ${desiredHealthy} are needed.`;
  if (disruptionsAllowed > 0) return { tone: 'ok', label: 'SufficientPods', detail };
  if (expectedPods === 0) return { tone: 'idle', label: 'NoPods' };
  return { tone: currentHealthy < desiredHealthy ? 'warn' : 'idle', label: 'InsufficientPods', detail };
}

function figureColumn(id: string, title: string, read: (budget: PodDisruptionBudget) => string | number | undefined) {
  return textColumn({
    id,
    title,
    track: '6.5rem',
    align: 'end',
    from: 560,
    read: (object) => read(as<PodDisruptionBudget>(object)),
  });
}

function columns(t: Translate): KindColumn[] {
  // Nobody has counted yet where its status is empty.
  const healthy = ({ status: { currentHealthy, expectedPods } = {} }: Partial<PodDisruptionBudget>) =>
    currentHealthy === undefined ? undefined : `${currentHealthy}/${expectedPods ?? 0}`;
  return [
    statusColumn(t, 'minmax(8rem,1.2fr)', (object) => budgetStatus(as<PodDisruptionBudget>(object))),
    figureColumn('minAvailable', t('columns.minAvailable'), ({ spec }) => spec?.minAvailable),
    figureColumn('maxUnavailable', t('columns.maxUnavailable'), ({ spec }) => spec?.maxUnavailable),
    figureColumn('allowed', t('columns.allowedDisruptions'), ({ status }) => status?.disruptionsAllowed),
    figureColumn('healthy', t('columns.healthy'), healthy),
  ];
}

/** How many Pods may go at a time. */
export const budgetView: KindView = {
  status: (object) => budgetStatus(as<PodDisruptionBudget>(object)),
  columns,
  facts: (object, t) => [selectorFact(object, t)],
  related: relatedPods,
};
