import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { Mount, RuntimeService } from '@binnacle/node-cri';
import type { EnvironmentSources } from '../environment/container-environment.js';
import type { BackOff } from '../plan/back-off.js';
import type { ContainerEvents } from './events.js';
import type { ImagePuller } from './image-puller.js';

/** Where a Pod's status goes: to the API server, as soon as there is one. */
export interface StatusSink {
  set(pod: Pod, status: PodStatus): void;
  /** The Pod has ended on this node and its object may go. Resolves when it has gone, or there is none. */
  finish(ctx: Context, pod: Pod): Promise<void>;
  forget(pod: Pod): void;
}

/** The directories of a Pod's volumes on this machine. */
export interface PodVolumes {
  /** Makes what the Pod's volumes need. Rejects while something they need is missing. */
  prepare(ctx: Context, pod: Pod): Promise<void>;
  /** Brings what is already there up to date with what it was made from. */
  refresh(ctx: Context, pod: Pod): Promise<void>;
  mounts(pod: Pod, container: string): readonly Mount[];
  remove(pod: Pod): Promise<void>;
}

/** A Pod this node will not run. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** What the workers of one node share. */
export interface NodeServices {
  readonly ctx: Context;
  readonly runtime: RuntimeService;
  readonly runtimeName: string;
  readonly nodeName: string;
  readonly hostIp: string;
  readonly podLogs: string;
  readonly events: ContainerEvents;
  readonly statuses: StatusSink;
  readonly environment: EnvironmentSources;
  readonly volumes: PodVolumes;
  readonly images: ImagePuller;
  readonly restarts: BackOff;
  readonly allocatable: () => Readonly<Record<string, string>>;
  /** Asked once, before a Pod first runs. */
  readonly admit: (pod: Pod) => Rejection | undefined;
}
