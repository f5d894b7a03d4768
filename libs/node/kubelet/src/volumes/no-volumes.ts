import type { PodVolumes } from './pod-volumes.js';

/** For processes of this machine, which see its files as they are. */
export const noVolumes: PodVolumes = {
  prepare: async () => undefined,
  refresh: async () => undefined,
  mounts: () => [],
  keepFile: async () => undefined,
  read: async (_, volume) => {
    throw new Error(`cannot find the volume "${volume}" referenced by FileKeyRef`);
  },
  used: async () => 0,
  letGo: () => undefined,
  remove: async () => undefined,
};
