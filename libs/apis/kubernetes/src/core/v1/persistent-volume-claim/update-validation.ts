import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';
import {
  FIELD_IMMUTABLE,
  type FieldError,
  fieldPath,
  forbidden,
  invalid,
  semanticEqual,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { changedFields } from '@binnacle/apis-registry';
import { ANNOTATION_BETA_STORAGE_CLASS } from '../../../well-known/index.js';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../index.js';

const SPEC = fieldPath('spec');
const IMMUTABLE =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

const annotatedClass = ({ metadata }: PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[ANNOTATION_BETA_STORAGE_CLASS];

/** A class that only the annotation said may move to the field. */
function movesFromAnnotation(next: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const [after, before] = [annotatedClass(next), annotatedClass(old)];
  if (before === undefined || old.spec?.storageClassName !== undefined) return false;
  return next.spec?.storageClassName === before && (after === undefined || after === before);
}

/** A claim that waits for a default class may be given one. */
function takesFirstClass(next: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const [name, annotated] = [next.spec?.storageClassName, annotatedClass(old)];
  if (name === undefined || old.spec?.storageClassName !== undefined) return false;
  return annotated === undefined || name === annotated;
}

function withStorageOf(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { storage: _, ...requests } = spec.resources?.requests ?? {};
  const storage = old.resources?.requests?.storage;
  return {
    ...spec,
    resources: { ...spec.resources, requests: { ...requests, ...(storage !== undefined && { storage }) } },
  };
}

/** The new spec with every field that may change put back, so that what still differs must not. */
function withAllowedChangesUndone(next: PersistentVolumeClaim, old: PersistentVolumeClaim): PersistentVolumeClaimSpec {
  const [spec, before] = [next.spec ?? {}, old.spec ?? {}];
  const classAllowed = movesFromAnnotation(next, old) || takesFirstClass(next, old);
  const bound = next.status?.phase === 'Bound';
  return {
    ...(bound && spec.resources?.requests ? withStorageOf(spec, before) : spec),
    ...(!before.volumeName && { volumeName: before.volumeName }),
    ...(classAllowed && { storageClassName: before.storageClassName }),
    ...(bound && { volumeAttributesClassName: before.volumeAttributesClassName }),
  } as PersistentVolumeClaimSpec;
}

function validateSameSpec(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [undone, before] = [withAllowedChangesUndone(next, old), old.spec ?? {}];
  if (semanticEqual(undone, before)) return [];
  return [forbidden(SPEC, `${IMMUTABLE}\n${changedFields(undone, before, 'spec')}`)];
}

const sizeOf = ({ spec }: PersistentVolumeClaim) => spec?.resources?.requests?.storage;

/** A size may shrink again as long as nobody has provided it, so that one gets out of an expansion that failed. */
function validateSize(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [size, before] = [sizeOf(next), sizeOf(old)];
  const provided = old.status?.capacity?.storage ?? '0';
  if (!isQuantity(size) || compareQuantities(size, before) >= 0 || compareQuantities(size, provided) > 0) return [];
  return [
    forbidden(SPEC.child('resources', 'requests').child('storage'), 'field can not be less than status.capacity'),
  ];
}

function validateAttributesClass({ spec }: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const name = spec?.volumeAttributesClassName;
  if (name || old.status?.currentVolumeAttributesClassName === undefined) return [];
  if (name === old.spec?.volumeAttributesClassName) return [];
  const what = name === undefined ? 'nil' : 'empty string';
  const why = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  return [forbidden(SPEC.child('volumeAttributesClassName'), why)];
}

function validateSameAnnotation(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [after = '', before = ''] = [annotatedClass(next), annotatedClass(old)];
  if (after === before || movesFromAnnotation(next, old)) return [];
  return [invalid(fieldPath('metadata', 'annotations').child(ANNOTATION_BETA_STORAGE_CLASS), after, FIELD_IMMUTABLE)];
}

/** Behaves as kubernetes ValidatePersistentVolumeClaimUpdate, its paths included. */
export function validateClaimUpdate(next: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  return [
    ...validateSameAnnotation(next, old),
    ...validateSameSpec(next, old),
    ...validateSize(next, old),
    ...validateImmutable(next.spec?.volumeMode, old.spec?.volumeMode, fieldPath('volumeMode')),
    ...validateAttributesClass(next, old),
  ];
}
