import type { Context } from '@binnacle/machinery-context';
import type { RuntimeService } from '@binnacle/node-cri';
import type { Allocations } from '../allocation/allocations.js';
import type { PodDevices } from '../devices/pod-devices.js';
import type { EnvironmentSources } from '../environment/container-environment.js';
import type { BackOff } from '../plan/back-off.js';
import type { ContainerEvents } from '../pod/events.js';
import type { StatusSink } from '../status/status-sink.js';
import type { PodVolumes } from '../volumes/pod-volumes.js';
import type { ImagePuller } from './image-puller.js';

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
  readonly devices: PodDevices;
  readonly images: ImagePuller;
  readonly restarts: BackOff;
  readonly allocatable: () => Readonly<Record<string, string>>;
  /** Whether what the API server says is known at once: where it is not, nothing it says has changed. */
  readonly isFollowing: () => boolean;
  /** Asked before a Pod first runs, and for another size. */
  readonly allocations: Allocations;
}
