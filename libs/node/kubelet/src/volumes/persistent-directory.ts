import { createHash } from 'node:crypto';
import { join, normalize } from 'node:path';
import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';

const LONGEST_NAME = 200;
/** Volumes that no driver tells apart by a handle are told apart by their names. */
const BY_NAME = 'by-name';

/** A name of ours for any text: never empty, never one with a meaning of its own. */
function fileName(text: string): string {
  const encoded = encodeURIComponent(text);
  return `v-${encoded.length > LONGEST_NAME ? createHash('sha256').update(text).digest('hex') : encoded}`;
}

/** The path on its node of a volume that is a directory there. */
export function pathOnNode({ spec }: PersistentVolume): string | undefined {
  return spec?.hostPath?.path ?? spec?.local?.path;
}

/**
 * Where a simulated volume is kept below the agent's root: one that a node has with that node, any other where all nodes
 * reach it.
 */
export function persistentDirectory(volume: PersistentVolume, nodeName: string): string {
  const path = pathOnNode(volume);
  if (path !== undefined) return join('host-paths', nodeName, normalize(`/${path}`));
  const { driver = BY_NAME, volumeHandle = volume.metadata.name ?? '' } = volume.spec?.csi ?? {};
  return join('persistent-volumes', fileName(driver), fileName(volumeHandle));
}
