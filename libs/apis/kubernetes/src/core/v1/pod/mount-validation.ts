import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  notSupported,
} from '@binnacle/machinery-validation';
import { each, present, validateSupported } from '@binnacle/apis-registry';
import type { Container, Volume, VolumeDevice, VolumeMount } from '../index.js';
import { validateDescendingPath, validateNoBacksteps } from './path-validation.js';

type Volumes = ReadonlyMap<string, Volume>;
type Mounter = Pick<Container, 'volumeMounts' | 'volumeDevices' | 'securityContext'>;

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const RECURSIVE = ['Disabled', 'Enabled', 'IfPossible'];

function validatePropagation(mount: VolumeMount, privileged: boolean, path: FieldPath): FieldError[] {
  const mode = mount.mountPropagation;
  if (mode === undefined) return [];
  const errors = validateSupported(mode, path, PROPAGATIONS);
  if (mode !== 'Bidirectional' || privileged) return errors;
  return [...errors, forbidden(path, 'Bidirectional mount propagation is available only to privileged containers')];
}

function validateRecursive(mount: VolumeMount, path: FieldPath): FieldError[] {
  const { recursiveReadOnly: mode, readOnly, mountPropagation = 'None' } = mount;
  if (mode === undefined || mode === 'Disabled') return [];
  if (!RECURSIVE.includes(mode)) return [notSupported(path, mode, RECURSIVE)];
  const errors = readOnly ? [] : [forbidden(path, 'may only be specified when readOnly is true')];
  if (mountPropagation === 'None') return errors;
  return [...errors, forbidden(path, 'may only be specified when mountPropagation is None or not specified')];
}

function validateSubPaths(
  mount: VolumeMount,
  volume: Volume | undefined,
  at: FieldPath,
  list: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['subPath', 'subPathExpr'] as const) {
    const value = mount[field];
    if (!value) continue;
    if (volume?.image) errors.push(invalid(at.child(field), value, 'not allowed in image volume sources'));
    if (field === 'subPathExpr' && mount.subPath)
      errors.push(invalid(at.child(field), value, 'subPathExpr and subPath are mutually exclusive'));
    errors.push(...validateDescendingPath(value, list.child(field)));
  }
  return errors;
}

/** What the devices of a container have taken already. */
interface Taken {
  readonly names: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

const takenBy = (devices: readonly VolumeDevice[]): Taken => ({
  names: new Set(devices.map(({ name }) => name)),
  paths: new Set(devices.map(({ devicePath }) => devicePath)),
});

function validateClashes(mount: VolumeMount, taken: Taken, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (taken.names.has(mount.name))
    errors.push(invalid(at.child('name'), mount.name, 'must not already exist in volumeDevices'));
  if (taken.paths.has(mount.mountPath))
    errors.push(invalid(at.child('mountPath'), mount.mountPath, 'must not already exist as a path in volumeDevices'));
  return errors;
}

/** Every mount names a volume of the Pod, and no two share a path. */
export function validateMounts(container: Mounter, volumes: Volumes, path: FieldPath): FieldError[] {
  const { volumeMounts, volumeDevices = [], securityContext } = container;
  const taken = new Set<string>();
  const byDevices = takenBy(volumeDevices);
  return each(volumeMounts, path, (mount, at) => {
    const { name, mountPath } = mount;
    const repeated = taken.has(mountPath) ? [invalid(at.child('mountPath'), mountPath, 'must be unique')] : [];
    taken.add(mountPath);
    return [
      ...present(name, at.child('name')),
      ...(volumes.has(name) ? [] : [notFound(at.child('name'), name)]),
      ...present(mountPath, at.child('mountPath')),
      ...repeated,
      ...validateClashes(mount, byDevices, at),
      ...validateSubPaths(mount, volumes.get(name), at, path),
      ...validatePropagation(mount, securityContext?.privileged ?? false, path.child('mountPropagation')),
      ...validateRecursive(mount, path.child('recursiveReadOnly')),
    ];
  });
}

function validateDeviceVolume(name: string, volumes: Volumes, at: FieldPath): FieldError[] {
  const volume = volumes.get(name);
  if (!volume) return [notFound(at, name)];
  if (volume.persistentVolumeClaim || volume.ephemeral) return [];
  const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
  return [invalid(at, name, why)];
}

export function validateDevices(container: Mounter, volumes: Volumes, path: FieldPath): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  return each(container.volumeDevices, path, ({ name, devicePath }, at) => {
    const errors = [
      ...present(name, at.child('name')),
      ...(names.has(name) ? [invalid(at.child('name'), name, 'must be unique')] : []),
      ...validateDeviceVolume(name, volumes, at.child('name')),
      ...present(devicePath, at.child('devicePath')),
      ...(paths.has(devicePath) ? [invalid(at.child('devicePath'), devicePath, 'must be unique')] : []),
    ];
    if (validateNoBacksteps(devicePath ?? '', at).length > 0)
      errors.push(invalid(at.child('devicePath'), devicePath, "can not contain backsteps ('..')"));
    names.add(name);
    paths.add(devicePath);
    return errors;
  });
}
