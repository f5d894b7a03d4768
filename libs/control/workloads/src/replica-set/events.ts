import type { EventRecorder } from '@binnacle/client-controller';
import type { KubeObject } from '@binnacle/machinery-meta';

export interface ReplicaEvents {
  created(set: KubeObject, pod: string): void;
  deleted(set: KubeObject, pod: string): void;
  failedCreate(set: KubeObject, error: unknown): void;
  failedDelete(set: KubeObject, error: unknown): void;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function replicaEvents(recorder: EventRecorder): ReplicaEvents {
  return {
    created: (set, pod) => recorder.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod}`),
    deleted: (set, pod) => recorder.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod}`),
    failedCreate: (set, error) => recorder.event(set, 'Warning', 'FailedCreate', `Error creating: ${text(error)}`),
    failedDelete: (set, error) => recorder.event(set, 'Warning', 'FailedDelete', `Error deleting: ${text(error)}`),
  };
}
