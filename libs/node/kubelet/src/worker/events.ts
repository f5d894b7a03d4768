import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { initContainers, podNamespace } from '../pod/identity.js';

export type EventType = 'Normal' | 'Warning';

function fieldPath(pod: Pod, container: string): string {
  const list = initContainers(pod).some(({ name }) => name === container) ? 'initContainers' : 'containers';
  return `spec.${list}{${container}}`;
}

/** Tells what happens to Pods and their containers. */
export class ContainerEvents {
  constructor(private readonly recorder: EventRecorder) {}

  pod(pod: Pod, type: EventType, reason: string, message: string): void {
    this.recorder.event(this.subject(pod), type, reason, message);
  }

  container(pod: Pod, container: string, type: EventType, reason: string, message: string): void {
    this.recorder.event({ ...this.subject(pod), fieldPath: fieldPath(pod, container) }, type, reason, message);
  }

  private subject(pod: Pod) {
    return { apiVersion: 'v1', kind: 'Pod', metadata: { ...pod.metadata, namespace: podNamespace(pod) } };
  }
}
