import { statfsSync } from 'node:fs';
import { arch, availableParallelism, release, totalmem, type as osType } from 'node:os';
import { LABEL_NODE_ROLE_CONTROL_PLANE } from '@binnacle/apis-kubernetes/well-known';
import type { NodeDescription } from '@binnacle/node-kubelet';

export const KUBELET_VERSION = 'v1.36.0';
const PODS = '110';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

export interface MachineNodeOptions {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly rootDir: string;
  readonly runtimeVersion: string;
  /** Tells this machine from others. */
  readonly machineId: string;
  /** Only what `binnacle up` made may say so of itself; a node that joined by a request is refused. */
  readonly isControlPlane: boolean;
}

export const architecture = (): string => ARCHITECTURES[arch()] ?? arch();

/** This machine as a node that runs the control plane's own Pods and no others. */
export function machineNode({
  name,
  address,
  port,
  rootDir,
  runtimeVersion,
  machineId,
  isControlPlane,
}: MachineNodeOptions): NodeDescription {
  const disk = statfsSync(rootDir);
  const capacity = {
    cpu: String(availableParallelism()),
    memory: `${Math.floor(totalmem() / 1024)}Ki`,
    'ephemeral-storage': `${Math.floor((disk.blocks * disk.bsize) / 1024)}Ki`,
    pods: PODS,
  };
  const operatingSystem = osType().toLowerCase();
  return {
    name,
    address,
    port,
    labels: isControlPlane ? { [LABEL_NODE_ROLE_CONTROL_PLANE]: '' } : {},
    annotations: {},
    taints: [{ key: LABEL_NODE_ROLE_CONTROL_PLANE, effect: 'NoSchedule' }],
    capacity,
    allocatable: capacity,
    info: {
      architecture: architecture(),
      operatingSystem,
      bootID: machineId,
      machineID: machineId,
      systemUUID: machineId,
      kernelVersion: release(),
      osImage: `${osType()} ${release()}`,
      containerRuntimeVersion: `process://${runtimeVersion}`,
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: '',
    },
  };
}
