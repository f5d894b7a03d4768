import type { UnstructuredObject } from '@binnacle/web-data';
import { conditionsOf } from './conditions.js';
import type { ObjectStatus } from './kind-view.js';

const GOOD = new Set(['Active', 'Bound', 'Available', 'Ready', 'Running', 'Succeeded', 'Complete']);
const BAD = new Set(['Failed', 'Lost', 'Error']);
const TELLING = ['Ready', 'Available', 'Established', 'Complete', 'Succeeded'];

function fromPhase(phase: string): ObjectStatus {
  if (phase === 'Terminating') return { tone: 'progress', label: phase };
  return { tone: GOOD.has(phase) ? 'ok' : BAD.has(phase) ? 'error' : 'progress', label: phase };
}

/** What can be said of any object: it is going, its phase, that it has failed, or the condition that tells most. */
export function genericStatus(object: UnstructuredObject): ObjectStatus | undefined {
  if (object.metadata.deletionTimestamp) return { tone: 'progress', label: 'Terminating' };
  const { phase } = (object.status ?? {}) as { phase?: unknown };
  if (typeof phase === 'string' && phase) return fromPhase(phase);
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (failed)
    return { tone: 'error', label: failed.reason || 'Failed', ...(failed.message && { detail: failed.message }) };
  const telling = TELLING.map((type) => conditions.find((condition) => condition.type === type)).find(Boolean);
  if (!telling) return undefined;
  return telling.status === 'True'
    ? { tone: 'ok', label: telling.type }
    : { tone: 'warn', label: telling.reason || `Not${telling.type}` };
}
