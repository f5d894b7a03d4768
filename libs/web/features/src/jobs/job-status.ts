import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { genericStatus } from '../view/generic-status.js';
import { as, type ObjectStatus } from '../view/kind-view.js';

/** One that has neither ended nor failed runs, or waits to be allowed to. */
export function jobStatus(object: UnstructuredObject): ObjectStatus | undefined {
  const found = genericStatus(object);
  if (found) return found;
  const { spec, status } = as<Job>(object);
  if (spec?.suspend) return { tone: 'idle', label: 'Suspended' };
  const { active = 0, succeeded = 0 } = status ?? {};
  const detail = `${active} active, ${succeeded} of ${spec?.completions ?? 1} succeeded.`;
  return { tone: 'progress', label: active > 0 ? 'Running' : 'Pending', detail };
}
