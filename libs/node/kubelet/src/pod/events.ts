import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { ephemeralContainers, initContainers, podNamespace } from './identity.js';

export type EventType = 'Normal' | 'Warning';

function fieldPath(pod: Pod, container: string): string {
  const isIn = (containers: readonly Container[]) => containers.some(({ name }) => name === container);
  const others = isIn(ephemeralContainers(pod)) ? 'ephemeralContainers' : 'containers';
  const list = isIn(initContainers(pod)) ? 'initContainers' : others;
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
