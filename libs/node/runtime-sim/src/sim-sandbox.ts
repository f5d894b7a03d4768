import type { PodSandboxConfig, PodSandboxState, PodSandboxStatus } from '@binnacle/node-cri';

/** One simulated Pod: an address and what runs at it. */
export interface SimSandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
  readonly createdAt: number;
  readonly ip: string;
  state: PodSandboxState;
}

export function sandboxStatus({ id, config, createdAt, ip, state }: SimSandbox): PodSandboxStatus {
  const { metadata, labels, annotations } = config;
  return { id, metadata, state, createdAt, ip: config.hostNetwork ? '' : ip, labels, annotations };
}
