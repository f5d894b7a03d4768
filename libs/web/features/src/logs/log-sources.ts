import type { ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { containersOf, statusOfContainer } from '../terminal/pod-containers.js';
import type { LogSource } from './log-buffer.js';

/** A container whose log is read with those of others. */
export interface ContainerLog extends LogSource {
  /** Tells it from a Pod of the same name that comes later. */
  readonly key: string;
  readonly namespace: string;
  /** How often it has started. */
  readonly attempt: number;
}

/** So many logs are read at once; each is a connection. */
export const MOST_SOURCES = 50;
const COLOURS = 8;

/** Grows when the container starts, and starts again: each run has a log of its own. */
export function attemptOf(status: ContainerStatus | undefined): number {
  if (!status) return 0;
  const waiting = status.state?.waiting !== undefined && status.lastState?.terminated === undefined;
  return status.restartCount + (waiting ? 0 : 1);
}

/** The same Pod has the same colour wherever it is read, and neighbours have different ones. */
function colourOf(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) | 0;
  return Math.abs(hash) % COLOURS;
}

function logsOf(pod: Pod, container: string): ContainerLog[] {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  return containersOf(pod)
    .filter((each) => container === '' || each.name === container)
    .map((each) => ({
      key: `${uid}/${each.name}`,
      namespace,
      pod: name,
      container: each.name,
      colour: colourOf(name + each.name),
      attempt: attemptOf(statusOfContainer(pod, each.name)),
    }));
}

/** The logs of Pods: of one container of each, or of all where none is named. What has never started has none. */
export function sourcesOf(pods: readonly Pod[], container: string, previous: boolean): ContainerLog[] {
  const least = previous ? 2 : 1;
  return pods.flatMap((pod) => logsOf(pod, container)).filter(({ attempt }) => attempt >= least);
}

/** The names of all containers of Pods, each once. */
export function containerNames(pods: readonly Pod[]): string[] {
  return [...new Set(pods.flatMap((pod) => containersOf(pod).map(({ name }) => name)))];
}
