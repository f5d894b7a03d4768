import { toUnits } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  nameIsDnsSubdomain,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import {
  eachEntry,
  optional,
  validateMeta,
  validatePositiveQuantity,
  validateSupported,
} from '@binnacle/apis-registry';
import { ANNOTATION_MOUNT_OPTIONS } from '../../../well-known/index.js';
import { validateAccessModes } from '../volume-facts.js';
import type { PersistentVolume, PersistentVolumeSpec } from '../index.js';
import { validateNodeSelector } from '../pod/scheduling-validation.js';
import { MOUNT_OPTION_SOURCES, validateVolumeSource } from './source-validation.js';

const SPEC = fieldPath('spec');
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const INLINE = 'in the context of inline volumes';

function validateCapacity({ capacity }: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const names = Object.keys(capacity ?? {});
  const alone = names.length === 1 && names[0] === 'storage';
  return [
    ...(names.length > 0 ? [] : [required(path)]),
    ...(alone ? [] : [notSupported(path, capacity, ['storage'])]),
    ...eachEntry(capacity, path, (_name, amount, at) => [
      ...(toUnits(amount) < 0 ? [invalid(at, toUnits(amount), 'must be a valid resource quantity')] : []),
      ...validatePositiveQuantity(amount, at),
    ]),
  ];
}

function validateNodeAffinity({ nodeAffinity }: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  if (!nodeAffinity) return [];
  const at = path.child('required');
  if (nodeAffinity.required) return validateNodeSelector(nodeAffinity.required, at);
  return [required(at, 'must specify required node constraints')];
}

const isRoot = (path: string): boolean => path.startsWith('/') && /^[/.]+$/.test(path) && !path.includes('...');

/** A hostPath volume of everything there is cannot be scrubbed. */
function validateRecycling(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const everything = isRoot(spec.hostPath?.path ?? '');
  if (!everything || spec.persistentVolumeReclaimPolicy !== 'Recycle') return [];
  return [forbidden(path.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'")];
}

function validateClassName(name: string | undefined, path: FieldPath): FieldError[] {
  return name ? invalidEach(path, name, nameIsDnsSubdomain(name, false)) : [];
}

function validateAttributesClass(spec: PersistentVolumeSpec): FieldError[] {
  const path = SPEC.child('volumeAttributesClassName');
  return optional(spec.volumeAttributesClassName, path, (name) => [
    ...(name ? validateClassName(name, path) : [required(path, 'an empty string is disallowed')]),
    ...(spec.csi ? [] : [required(SPEC.child('csi'), 'has to be specified when using volumeAttributesClassName')]),
  ]);
}

function validateModes({ accessModes }: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const at = path.child('accessModes');
  return [...(accessModes?.length ? [] : [required(at)]), ...validateAccessModes(accessModes, at)];
}

function validateReclaimPolicy(policy = '', path: FieldPath): FieldError[] {
  return policy === '' ? [] : validateSupported(policy, path, RECLAIM_POLICIES);
}

function validateSpec(spec: PersistentVolumeSpec, name: string): FieldError[] {
  return [
    ...validateModes(spec, SPEC),
    ...validateCapacity(spec, SPEC.child('capacity')),
    ...validateReclaimPolicy(spec.persistentVolumeReclaimPolicy, SPEC.child('persistentVolumeReclaimPolicy')),
    ...validateNodeAffinity(spec, SPEC.child('nodeAffinity')),
    ...validateVolumeSource(spec, SPEC, name),
    ...validateRecycling(spec, SPEC),
    ...validateClassName(spec.storageClassName, SPEC.child('storageClassName')),
    ...optional(spec.volumeMode, SPEC.child('volumeMode'), (mode, at) => validateSupported(mode, at, VOLUME_MODES)),
    ...validateAttributesClass(spec),
  ];
}

function validateMountOptions({ metadata, spec = {} }: PersistentVolume): FieldError[] {
  const said = metadata.annotations?.[ANNOTATION_MOUNT_OPTIONS] !== undefined;
  if (!said || MOUNT_OPTION_SOURCES.some((source) => spec[source])) return [];
  const path = fieldPath('metadata', 'annotations').child(ANNOTATION_MOUNT_OPTIONS);
  return [forbidden(path, 'may not specify mount options for this volume type')];
}

/** Behaves as kubernetes ValidatePersistentVolume. */
export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  return [
    ...validateMeta(volume, false),
    ...validateSpec(volume.spec ?? {}, volume.metadata.name ?? ''),
    ...validateMountOptions(volume),
  ];
}

/** A volume that stands where it is used has no life of its own. Behaves as kubernetes ValidatePersistentVolumeSpec. */
export function validateInlineVolume(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const refuse = (field: keyof PersistentVolumeSpec, where: boolean, why = `may not be specified ${INLINE}`) =>
    where ? [forbidden(path.child(field), why)] : [];
  const { persistentVolumeReclaimPolicy: policy = '', volumeMode = '' } = spec;
  const otherPolicy = policy !== '' && policy !== 'Retain';
  const otherMode = volumeMode !== '' && volumeMode !== 'Filesystem';
  return [
    ...refuse('claimRef', spec.claimRef !== undefined),
    ...refuse('capacity', Object.keys(spec.capacity ?? {}).length > 0),
    ...(spec.csi ? [] : [required(path.child('csi'), `has to be specified ${INLINE}`)]),
    ...validateModes(spec, path),
    ...refuse('persistentVolumeReclaimPolicy', otherPolicy, `may only be Retain ${INLINE}`),
    ...refuse('nodeAffinity', spec.nodeAffinity !== undefined),
    ...validateVolumeSource(spec, path, ''),
    ...refuse('storageClassName', Boolean(spec.storageClassName)),
    ...refuse('volumeMode', otherMode, `may not specify volumeMode other than Filesystem ${INLINE}`),
  ];
}
