import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { EventRecorder } from '@binnacle/client-controller';

export interface DeploymentEvents {
  scaled(deployment: Deployment, set: string, from: number, to: number): void;
  createFailed(deployment: Deployment, set: string, error: unknown): void;
  selectsEverything(deployment: Deployment): void;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function deploymentEvents(recorder: EventRecorder): DeploymentEvents {
  return {
    scaled: (deployment, set, from, to) => {
      const direction = to > from ? 'up' : 'down';
      const message = `Scaled ${direction} replica set ${set} from ${from} to ${to}`;
      recorder.event(deployment, 'Normal', 'ScalingReplicaSet', message);
    },
    createFailed: (deployment, set, error) => {
      const message = `Failed to create new replica set "${set}": ${text(error)}`;
      recorder.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    },
    selectsEverything: (deployment) => {
      const message = 'This deployment is selecting all pods. A non-empty selector is required.';
      recorder.event(deployment, 'Warning', 'SelectingAll', message);
    },
  };
}
