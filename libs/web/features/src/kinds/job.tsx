import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { plainFact } from '../objects/fact-lines.js';
import { genericStatus } from '../view/generic-status.js';
import { as, type Fact, type KindView, type ObjectStatus } from '../view/kind-view.js';
import { ownerLoss, relatedPods } from '../workloads/selected-pods.js';
import { selectorFact } from '../workloads/workload-columns.js';

/** One that has neither ended nor failed runs, or waits to be allowed to. */
function jobStatus(object: UnstructuredObject): ObjectStatus | undefined {
  const found = genericStatus(object);
  if (found) return found;
  const { spec, status } = as<Job>(object);
  if (spec?.suspend) return { tone: 'idle', label: 'Suspended' };
  const { active = 0, succeeded = 0 } = status ?? {};
  const detail = `${active} active, ${succeeded} of ${spec?.completions ?? 1} succeeded.`;
  return { tone: 'progress', label: active > 0 ? 'Running' : 'Pending', detail };
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<Job>(object);
  return [
    selectorFact(object, t, 'Selector'),
    ...plainFact(t('spec.parallelism'), spec?.parallelism),
    ...plainFact(t('spec.backoffLimit'), spec?.backoffLimit),
  ];
}

/** The server prints its columns. */
export const jobView: KindView = {
  status: jobStatus,
  facts,
  related: relatedPods,
  actions: { podLogs: true, loss: ownerLoss },
};
