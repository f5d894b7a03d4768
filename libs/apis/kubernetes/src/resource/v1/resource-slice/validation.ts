import { type FieldError, fieldPath, invalid, required, validateImmutable } from '@binnacle/machinery-validation';
import { validateMeta } from '@binnacle/apis-registry';
import { validateDriverName } from '../../../core/v1/csi-driver-name.js';
import { validateNodeSelector } from '../../../core/v1/pod/scheduling-validation.js';
import type { Device, ResourcePool, ResourceSlice, ResourceSliceSpec } from '../index.js';
import { validateSet } from '../lists.js';
import { validatePoolName } from '../names.js';
import { placesOf, validateCounterSet, validateDevice, validateFlag, validateNodeName } from './device-validation.js';

const SPEC = fieldPath('spec');
const POOL = SPEC.child('pool');
const MOST_DEVICES = 128;
const MOST_ADVANCED_DEVICES = 64;
const MOST_COUNTER_SETS = 8;
const ONE_PLACE = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';

type Spec = Partial<ResourceSliceSpec>;

function validatePool({ name, resourceSliceCount: count = 0, generation = 0 }: Partial<ResourcePool>): FieldError[] {
  const greater = 'must be greater than or equal to zero';
  return [
    ...validatePoolName(name, POOL.child('name')),
    ...(count > 0 ? [] : [invalid(POOL.child('resourceSliceCount'), count, 'must be greater than zero')]),
    ...(generation < 0 ? [invalid(POOL.child('generation'), generation, greater)] : []),
  ];
}

function validateSelector({ nodeSelector }: Spec): FieldError[] {
  if (!nodeSelector) return [];
  const path = SPEC.child('nodeSelector');
  const { nodeSelectorTerms: terms = [] } = nodeSelector;
  const several = 'must have exactly one node selector term';
  return [
    ...validateNodeSelector(nodeSelector, path),
    ...(terms.length === 1 ? [] : [invalid(path.child('nodeSelectorTerms'), terms, several)]),
  ];
}

function validatePlaces(spec: Spec): FieldError[] {
  const places = [...placesOf(spec), ...(spec.perDeviceNodeSelection ? ['`perDeviceNodeSelection`'] : [])];
  const several = invalid(SPEC, `{${places.join(', ')}}`, `${ONE_PLACE}, but multiple fields are set`);
  return [
    ...validateNodeName(spec.nodeName, SPEC.child('nodeName'), 'must be either unset or set to a non-empty string'),
    ...validateSelector(spec),
    ...validateFlag(spec.allNodes, SPEC.child('allNodes')),
    ...validateFlag(spec.perDeviceNodeSelection, SPEC.child('perDeviceNodeSelection')),
    ...(places.length === 0 ? [required(SPEC, ONE_PLACE)] : []),
    ...(places.length > 1 ? [several] : []),
  ];
}

const isAdvanced = ({ taints, consumesCounters, attributes }: Device): boolean =>
  Boolean(taints?.length) ||
  Boolean(consumesCounters?.length) ||
  Object.values(attributes ?? {}).some(({ bools, ints, strings, versions }) => bools ?? ints ?? strings ?? versions);

function validateContents({ devices, sharedCounters, perDeviceNodeSelection }: Spec): FieldError[] {
  const most = devices?.some(isAdvanced) ? MOST_ADVANCED_DEVICES : MOST_DEVICES;
  const both = devices !== undefined && sharedCounters !== undefined;
  return [
    ...(both ? [invalid(SPEC, '', 'only one of `sharedCounters` or `devices` is allowed')] : []),
    ...validateSet(
      devices,
      SPEC.child('devices'),
      most,
      (device, at) => validateDevice(device, at, perDeviceNodeSelection === true),
      ({ name }) => name,
    ),
    ...validateSet(
      sharedCounters,
      SPEC.child('sharedCounters'),
      MOST_COUNTER_SETS,
      validateCounterSet,
      ({ name }) => name,
    ),
  ];
}

/** Behaves as kubernetes pkg/apis/resource/validation ValidateResourceSlice. */
export function validateResourceSlice(slice: ResourceSlice): FieldError[] {
  const spec: Spec = slice.spec ?? {};
  return [
    ...validateMeta(slice, false),
    ...validateDriverName(spec.driver, SPEC.child('driver')),
    ...validatePool(spec.pool ?? {}),
    ...validatePlaces(spec),
    ...validateContents(spec),
  ];
}

export function validateResourceSliceUpdate({ spec: next }: ResourceSlice, { spec: old }: ResourceSlice): FieldError[] {
  return [
    ...validateImmutable(next?.pool?.name, old?.pool?.name, POOL.child('name')),
    ...validateImmutable(next?.driver, old?.driver, SPEC.child('driver')),
    ...validateImmutable(next?.nodeName, old?.nodeName, SPEC.child('nodeName')),
  ];
}
