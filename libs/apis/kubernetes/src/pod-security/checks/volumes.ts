import type { PodSpec, Volume } from '../../core/v1/index.js';
import { type Check, counted, distinct, plural, quoted, type Violation } from '../check.js';

const ALLOWED: ReadonlyArray<keyof Volume> = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
/** In the order in which the first of several gives a volume its name. */
const RESTRICTED: readonly string[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
];

const has = (volume: Volume, source: string): boolean => volume[source as keyof Volume] != null;
const typeOf = (volume: Volume): string => RESTRICTED.find((source) => has(volume, source)) ?? 'unknown';

function checkVolumes({ volumes = [] }: PodSpec): Violation | undefined {
  const bad = volumes.filter((volume) => !ALLOWED.some((source) => has(volume, source)));
  if (bad.length === 0) return undefined;
  const names = bad.map(({ name }) => name);
  const types = distinct(bad.map(typeOf));
  const what = plural('restricted volume type', 'restricted volume types', types.length);
  const detail = `${counted('volume', names)} ${plural('uses', 'use', names.length)} ${what} ${quoted(types)}`;
  return { reason: 'restricted volume types', detail };
}

export const VOLUME_CHECKS: readonly Check[] = [
  {
    id: 'restrictedVolumes',
    level: 'restricted',
    versions: [{ since: 0, check: checkVolumes, overrides: ['hostPathVolumes'] }],
  },
];
