import type { PodVolumes } from '../worker/services.js';

/** For processes of this machine, which see its files as they are. */
export const noVolumes: PodVolumes = {
  prepare: async () => undefined,
  refresh: async () => undefined,
  mounts: () => [],
  remove: async () => undefined,
};
