import { canonicalised } from '@binnacle/apis-registry';
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from '../index.js';
import { defaultReference } from './container-defaults.js';
import { defaultPullPolicy } from './image.js';

/** 0644, in the decimal that JSON carries. */
const FILE_MODE = 0o644;
const TOKEN_SECONDS = 3600;

function defaultItems(items: DownwardAPIVolumeFile[] | undefined): void {
  for (const item of items ?? []) defaultReference(item);
}

function defaultProjection({ downwardAPI, serviceAccountToken }: VolumeProjection): void {
  defaultItems(downwardAPI?.items);
  if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= TOKEN_SECONDS;
}

function defaultFiles({ secret, configMap, downwardAPI, projected }: Volume): void {
  for (const source of [secret, configMap, downwardAPI, projected]) if (source) source.defaultMode ??= FILE_MODE;
  defaultItems(downwardAPI?.items);
  for (const projection of projected?.sources ?? []) defaultProjection(projection);
}

function hasSource(volume: Volume): boolean {
  return Object.entries(volume).some(([field, source]) => field !== 'name' && source !== undefined && source !== null);
}

function defaultClaim({ ephemeral }: Volume): void {
  const claim = ephemeral?.volumeClaimTemplate?.spec;
  if (claim) claim.volumeMode ??= 'Filesystem';
}

/** Sources that Pods and PersistentVolumes have alike. */
interface SharedSources {
  readonly hostPath?: { type?: string };
  readonly iscsi?: { iscsiInterface?: string };
  readonly rbd?: { pool?: string; user?: string; keyring?: string };
  readonly azureDisk?: { cachingMode?: string; fsType?: string; readOnly?: boolean; kind?: string };
  readonly scaleIO?: { storageMode?: string; fsType?: string };
}

function defaultRbd(rbd: NonNullable<SharedSources['rbd']>): void {
  rbd.pool ||= 'rbd';
  rbd.user ||= 'admin';
  rbd.keyring ||= '/etc/ceph/keyring';
}

function defaultAzureDisk(disk: NonNullable<SharedSources['azureDisk']>): void {
  disk.cachingMode ??= 'ReadWrite';
  disk.fsType ??= 'ext4';
  disk.readOnly ??= false;
  disk.kind ??= 'Shared';
}

/** What a source leaves unsaid, in a Pod or in a PersistentVolume. */
export function applyVolumeSourceDefaults({ hostPath, iscsi, rbd, azureDisk, scaleIO }: SharedSources): void {
  if (hostPath) hostPath.type ??= '';
  if (iscsi) iscsi.iscsiInterface ||= 'default';
  if (rbd) defaultRbd(rbd);
  if (azureDisk) defaultAzureDisk(azureDisk);
  if (!scaleIO) return;
  scaleIO.storageMode ||= 'ThinProvisioned';
  scaleIO.fsType ||= 'xfs';
}

function defaultOthers(volume: Volume): void {
  const { image, emptyDir } = volume;
  if (emptyDir?.sizeLimit !== undefined) emptyDir.sizeLimit = canonicalised(emptyDir.sizeLimit);
  if (image) image.pullPolicy ||= defaultPullPolicy(image.reference ?? '');
  applyVolumeSourceDefaults(volume);
  defaultClaim(volume);
}

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_Volume and the defaults of its sources. */
export function applyVolumeDefaults(volume: Volume): void {
  if (!hasSource(volume)) volume.emptyDir = {};
  defaultFiles(volume);
  defaultOthers(volume);
}
