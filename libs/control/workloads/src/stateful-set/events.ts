import type { StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { EventRecorder } from '@binnacle/client-controller';

type Verb = 'Create' | 'Update' | 'Delete';

/** What is told of a set; without an error it went well. The texts are upstream's. */
export interface StatefulSetEvents {
  pod(verb: Verb, set: StatefulSet, pod: string, error?: unknown): void;
  claim(set: StatefulSet, pod: string, claim: string, error?: unknown): void;
  conflictingController(set: StatefulSet, claim: string): void;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function statefulSetEvents(recorder: EventRecorder): StatefulSetEvents {
  return {
    pod: (verb, set, pod, error) => {
      const about = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
      if (error === undefined) recorder.event(set, 'Normal', `Successful${verb}`, `${about} successful`);
      else recorder.event(set, 'Warning', `Failed${verb}`, `${about} failed error: ${text(error)}`);
    },
    claim: (set, pod, claim, error) => {
      const { name } = set.metadata;
      if (error === undefined) {
        const message = `Create Claim ${claim} Pod ${pod} in StatefulSet ${name} success`;
        return recorder.event(set, 'Normal', 'SuccessfulCreate', message);
      }
      const message = `Create Claim ${claim} for Pod ${pod} in StatefulSet ${name} failed error: ${text(error)}`;
      recorder.event(set, 'Warning', 'FailedCreate', message);
    },
    conflictingController: (set, claim) => {
      const why = 'has a conflicting OwnerReference that acts as a manging controller';
      const message = `PersistentVolumeClaim ${claim} ${why}, the retention policy is ignored for this claim`;
      recorder.event(set, 'Warning', 'ConflictingController', message);
    },
  };
}
