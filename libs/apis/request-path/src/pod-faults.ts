import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podFigures } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { type Fault, fault } from './fault.js';

export const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: said }) => type === 'Ready' && said === 'True') ?? false;

/** Containers that run and do not answer their probe. */
function unready({ status }: Pod): string {
  const waiting = (status?.containerStatuses ?? []).filter(({ ready, state }) => !ready && state?.running);
  return waiting.map(({ name }) => name).join(', ');
}

function notReady(pod: Pod): Fault {
  const containers = unready(pod);
  const status = podFigures(pod).status;
  return containers ? fault('podNotReady', { containers }) : fault('podWaiting', { status });
}

/** Why a Pod takes no requests, as far as it says it itself. */
export function podFault(pod: Pod): Fault | undefined {
  const { metadata, spec, status } = pod;
  if (hasEnded(pod)) return fault('podEnded', { status: podFigures(pod).status });
  if (!spec?.nodeName) return fault('podUnscheduled');
  if (metadata.deletionTimestamp !== undefined) return fault('podTerminating');
  if (!status?.podIP || !isReady(pod)) return notReady(pod);
  return undefined;
}
