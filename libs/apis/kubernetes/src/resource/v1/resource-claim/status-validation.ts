import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  formatIp,
  invalid,
  parseCidr,
  tooLong,
  tooMany,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { oneOf, optional, present, validateConditions, validateStatusMeta } from '@binnacle/apis-registry';
import { validateDriverName } from '../../../core/v1/csi-driver-name.js';
import { validateNodeSelector } from '../../../core/v1/pod/scheduling-validation.js';
import { validateBindingConditions } from '../binding-conditions.js';
import {
  MOST_REQUESTS,
  type RequestNames,
  requestNames,
  validateRequestReference,
  validateRequestReferences,
} from '../claim-spec.js';
import { MOST_CONFIGURATIONS, validateConfiguration, validateRawObject } from '../configuration.js';
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '../index.js';
import { validateList, validateSet } from '../lists.js';
import { validateLabelName, validatePoolName, validateUid } from '../names.js';
import { allocatedDevices, deviceId } from './prepare.js';

const STATUS = fieldPath('status');
const RESERVED = STATUS.child('reservedFor');
const MOST_CONSUMERS = 256;
const MOST_CONDITIONS = 8;
const MOST_ADDRESSES = 16;
const MAX_INTERFACE = 256;
const MAX_HARDWARE_ADDRESS = 128;
const SOURCES = ['FromClaim', 'FromClass'];

/** Where a device is. */
function validatePlace(
  { driver, pool, device }: DeviceRequestAllocationResult | AllocatedDeviceStatus,
  path: FieldPath,
) {
  return [
    ...validateDriverName(driver, path.child('driver')),
    ...validatePoolName(pool, path.child('pool')),
    ...validateLabelName(device, path.child('device')),
  ];
}

/** An address of an interface, with the size of its network. Behaves as apimachinery IsValidInterfaceAddress. */
function validateAddress(address: string, path: FieldPath): FieldError[] {
  const cidr = parseCidr(address);
  const form = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';
  if (!cidr) return [invalid(path, address, form)];
  const text = `${formatIp(cidr.address)}/${cidr.prefix}`;
  return text === address ? [] : [invalid(path, address, `must be in canonical form ("${text}")`)];
}

function validateNetwork({ interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData, path: FieldPath) {
  const hardware = path.child('hardwareAddress');
  return [
    ...(interfaceName.length > MAX_INTERFACE ? [tooLong(path.child('interfaceName'), MAX_INTERFACE)] : []),
    ...(hardwareAddress.length > MAX_HARDWARE_ADDRESS ? [tooLong(hardware, MAX_HARDWARE_ADDRESS)] : []),
    ...validateSet(ips, path.child('ips'), MOST_ADDRESSES, validateAddress),
  ];
}

function validateDevice(device: AllocatedDeviceStatus, path: FieldPath, allocated: ReadonlySet<string>): FieldError[] {
  const { conditions = [], data, networkData } = device;
  const at = path.child('conditions');
  const known = allocated.has(deviceId(device));
  return [
    ...validatePlace(device, path),
    ...optional(device.shareID, path.child('shareID'), validateUid),
    ...(known ? [] : [invalid(path, deviceId(device), 'must be an allocated device in the claim')]),
    ...(conditions.length > MOST_CONDITIONS ? [tooMany(at, conditions.length, MOST_CONDITIONS)] : []),
    ...validateConditions(conditions, at),
    ...optional(data, path.child('data'), validateRawObject),
    ...optional(networkData, path.child('networkData'), validateNetwork),
  ];
}

function validateResult(result: DeviceRequestAllocationResult, path: FieldPath, names: RequestNames): FieldError[] {
  return [
    ...validateRequestReference(result.request ?? '', path.child('request'), names),
    ...validatePlace(result, path),
    ...validateBindingConditions(result, path),
    ...optional(result.shareID, path.child('shareID'), validateUid),
  ];
}

function validateAllocation({ devices = {}, nodeSelector }: AllocationResult, names: RequestNames): FieldError[] {
  const path = STATUS.child('allocation');
  const [results, configs] = [path.child('devices', 'results'), path.child('devices', 'config')];
  return [
    ...validateList(devices.results, results, MOST_REQUESTS, (result, at) => validateResult(result, at, names)),
    ...validateList(devices.config, configs, 2 * MOST_CONFIGURATIONS, (config, at) => [
      ...oneOf(config.source, at.child('source'), SOURCES),
      ...validateRequestReferences(config.requests, at.child('requests'), names),
      ...validateConfiguration(config, at),
    ]),
    ...optional(nodeSelector, path.child('nodeSelector'), validateNodeSelector),
  ];
}

/** Who uses a claim can only be said while there is something to use, and is not on its way out. */
function validateReservation(next: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { reservedFor = [], allocation } = next.status ?? {};
  if (reservedFor.length === 0) return [];
  if (!allocation) return [forbidden(RESERVED, 'may not be specified when `allocated` is not set')];
  if (!next.metadata.deletionTimestamp) return [];
  const meaning = ({ apiGroup = '', resource, name, uid }: ResourceClaimConsumerReference): string =>
    JSON.stringify([apiGroup, resource, name, uid]);
  const before = new Set((old.status?.reservedFor ?? []).map(meaning));
  const added = reservedFor.some((consumer) => !before.has(meaning(consumer)));
  const why = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';
  return added ? [forbidden(RESERVED, why)] : [];
}

function validateAllocationChange(next: ResourceClaim, old: ResourceClaim): FieldError[] {
  const [after, before] = [next.status?.allocation, old.status?.allocation];
  if (!after) return [];
  if (before) return validateImmutable(after, before, STATUS.child('allocation'));
  return validateAllocation(after, requestNames(next.spec?.devices ?? {}));
}

/** Behaves as kubernetes pkg/apis/resource/validation ValidateResourceClaimStatusUpdate. */
export function validateClaimStatusUpdate(next: ResourceClaim, old: ResourceClaim): FieldError[] {
  const { reservedFor, devices } = next.status ?? {};
  const allocated = allocatedDevices(next);
  return [
    ...validateStatusMeta(next.metadata),
    ...validateSet(
      reservedFor,
      RESERVED,
      MOST_CONSUMERS,
      (consumer, at) =>
        (['resource', 'name', 'uid'] as const).flatMap((field) => present(consumer[field], at.child(field))),
      ({ uid }) => uid,
    ),
    ...validateSet(
      devices,
      STATUS.child('devices'),
      Number.POSITIVE_INFINITY,
      (device, at) => validateDevice(device, at, allocated),
      deviceId,
    ),
    ...validateReservation(next, old),
    ...validateAllocationChange(next, old),
  ];
}
