import type { EventRecorder } from '@binnacle/client-controller';
import type { KubeObject } from '@binnacle/machinery-meta';

export interface PodEvents {
  created(owner: KubeObject, pod: string): void;
  deleted(owner: KubeObject, pod: string): void;
  failedCreate(owner: KubeObject, error: unknown): void;
  failedDelete(owner: KubeObject, error: unknown): void;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function podEvents(recorder: EventRecorder): PodEvents {
  return {
    created: (owner, pod) => recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod}`),
    deleted: (owner, pod) => recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod}`),
    failedCreate: (owner, error) => recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${text(error)}`),
    failedDelete: (owner, error) => recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${text(error)}`),
  };
}
