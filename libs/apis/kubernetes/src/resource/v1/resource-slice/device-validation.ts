import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isDns1123Label,
  nameIsDnsSubdomain,
  required,
} from '@binnacle/machinery-validation';
import { wellFormed } from '@binnacle/apis-registry';
import { validateNodeSelector } from '../../../core/v1/pod/scheduling-validation.js';
import { validateBindingConditions } from '../binding-conditions.js';
import type { Counter, CounterSet, Device, DeviceCounterConsumption } from '../index.js';
import { validateList, validateMap, validateSet } from '../lists.js';
import { validateLabelName, validateQualifiedName } from '../names.js';
import { validateTaint } from '../taints.js';
import { validateAmountOfFacts, validateAttribute } from './attribute-validation.js';
import { validateCapacity } from './capacity-validation.js';

const MOST_COUNTERS = 32;
const MOST_CONSUMPTIONS = 2;
const MOST_TAINTS = 16;
const UNBOUNDED = Number.POSITIVE_INFINITY;
const ONE_PLACE =
  'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
const NO_PLACE =
  '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';

function validateCounters(counters: Readonly<Record<string, Counter>> | undefined, path: FieldPath): FieldError[] {
  if (!counters || Object.keys(counters).length === 0) return [required(path)];
  return validateMap(counters, path, MOST_COUNTERS, validateLabelName, () => []);
}

export function validateCounterSet({ name, counters }: CounterSet, path: FieldPath): FieldError[] {
  return [
    ...wellFormed(name, path.child('name'), isDns1123Label),
    ...validateCounters(counters, path.child('counters')),
  ];
}

function validateConsumption({ counterSet, counters }: DeviceCounterConsumption, path: FieldPath): FieldError[] {
  return [
    ...wellFormed(counterSet, path.child('counterSet'), isDns1123Label),
    ...validateCounters(counters, path.child('counters')),
  ];
}

/** Where something can be used. */
interface Placed {
  readonly nodeName?: string;
  readonly nodeSelector?: Device['nodeSelector'];
  readonly allNodes?: boolean;
}

/** What of that is said, as upstream lists it. */
export function placesOf({ nodeName, nodeSelector, allNodes }: Placed): string[] {
  return [
    ...(nodeName ? ['`nodeName`'] : []),
    ...(nodeSelector ? ['`nodeSelector`'] : []),
    ...(allNodes ? ['`allNodes`'] : []),
  ];
}

export function validateNodeName(name: string | undefined, path: FieldPath, empty: string): FieldError[] {
  if (name === undefined) return [];
  return name ? invalidEach(path, name, nameIsDnsSubdomain(name, false)) : [invalid(path, name, empty)];
}

export function validateFlag(flag: boolean | undefined, path: FieldPath): FieldError[] {
  return flag === false ? [invalid(path, flag, 'must be either unset or set to true')] : [];
}

function validatePlaces(device: Device, path: FieldPath, own: boolean): FieldError[] {
  const { nodeName, nodeSelector, allNodes } = device;
  const said = nodeName !== undefined || nodeSelector !== undefined || allNodes !== undefined;
  if (!own) return said ? [invalid(path, null, NO_PLACE)] : [];
  const places = placesOf(device);
  const several = places.length > 1 ? [invalid(path, `{${places.join(', ')}}`, ONE_PLACE)] : [];
  return [
    ...validateNodeName(nodeName, path.child('nodeName'), 'must not be empty'),
    ...(nodeSelector ? validateNodeSelector(nodeSelector, path.child('nodeSelector')) : []),
    ...validateFlag(allNodes, path.child('allNodes')),
    ...(places.length === 0 ? [required(path, ONE_PLACE)] : several),
  ];
}

/** `own`: whether each device says for itself where it is. Behaves as kubernetes validateDevice. */
export function validateDevice(device: Device, path: FieldPath, own: boolean): FieldError[] {
  const shared = device.allowMultipleAllocations === true;
  const capacity = path.child('capacity');
  return [
    ...validateLabelName(device.name, path.child('name')),
    ...validateAmountOfFacts(device, path),
    ...validateMap(device.attributes, path.child('attributes'), UNBOUNDED, validateQualifiedName, validateAttribute),
    ...validateMap(device.capacity, capacity, UNBOUNDED, validateQualifiedName, (value, at) =>
      validateCapacity(value, at, shared),
    ),
    ...validateList(device.taints, path.child('taints'), MOST_TAINTS, validateTaint),
    ...validateSet(
      device.consumesCounters,
      path.child('consumesCounters'),
      MOST_CONSUMPTIONS,
      validateConsumption,
      ({ counterSet }) => counterSet,
    ),
    ...validatePlaces(device, path, own),
    ...validateBindingConditions(device, path),
  ];
}
