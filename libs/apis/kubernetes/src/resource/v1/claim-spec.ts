import {
  type FieldError,
  type FieldPath,
  invalid,
  isDns1123Subdomain,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, wellFormed } from '@binnacle/apis-registry';
import { MOST_CONFIGURATIONS, validateConfiguration } from './configuration.js';
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from './index.js';
import { validateList, validateSet } from './lists.js';
import { validateFullyQualifiedName, validateLabelName } from './names.js';
import { validateSelectors } from './selectors.js';
import { validateToleration } from './taints.js';

export const MOST_REQUESTS = 32;
const MOST_CONSTRAINTS = 32;
const MOST_ALTERNATIVES = 8;
const MODES = ['All', 'ExactCount'];
const ONE_FORM = 'exactly one of `exactly` or `firstAvailable` is required';
const REFERENCE =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

type Asked = ExactDeviceRequest | DeviceSubRequest;

function defaultCount(asked: Asked): void {
  asked.allocationMode ||= 'ExactCount';
  if (asked.allocationMode === 'ExactCount') asked.count ||= 1;
}

/** One device of the class is meant unless it says otherwise. */
export function applyClaimDefaults(spec: ResourceClaimSpec | undefined): void {
  for (const { exactly, firstAvailable = [] } of spec?.devices?.requests ?? []) {
    if (exactly) defaultCount(exactly);
    firstAvailable.forEach(defaultCount);
  }
}

function validateMode({ allocationMode: mode = '', count = 0 }: Asked, path: FieldPath): FieldError[] {
  const at = path.child('count');
  if (mode === 'All')
    return count === 0 ? [] : [invalid(at, count, `must not be specified when allocationMode is '${mode}'`)];
  if (mode === 'ExactCount') return count > 0 ? [] : [invalid(at, count, 'must be greater than zero')];
  return [notSupported(path.child('allocationMode'), mode, MODES)];
}

function validateAsked(asked: Asked, path: FieldPath): FieldError[] {
  return [
    ...wellFormed(asked.deviceClassName, path.child('deviceClassName'), isDns1123Subdomain),
    ...validateSelectors(asked.selectors, path.child('selectors')),
    ...validateMode(asked, path),
    ...each(asked.tolerations, path.child('tolerations'), validateToleration),
  ];
}

function validateForms({ exactly, firstAvailable = [] }: DeviceRequest, path: FieldPath): FieldError[] {
  const several = firstAvailable.length > 0;
  if (!exactly && !several) return [required(path, ONE_FORM)];
  if (exactly && several) return [invalid(path, null, `${ONE_FORM}, but multiple fields are set`)];
  if (exactly) return validateAsked(exactly, path.child('exactly'));
  return validateSet(
    firstAvailable,
    path.child('firstAvailable'),
    MOST_ALTERNATIVES,
    (asked, at) => [...validateLabelName(asked.name, at.child('name')), ...validateAsked(asked, at)],
    ({ name }) => name,
  );
}

/** The requests of a claim by what they are referred to: `a`, or `a/b` for one alternative of several. */
export type RequestNames = ReadonlySet<string>;

export function requestNames({ requests = [] }: DeviceClaim): RequestNames {
  return new Set(
    requests.flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((one) => `${name}/${one.name}`)]),
  );
}

export function validateRequestReference(name: string, path: FieldPath, names: RequestNames): FieldError[] {
  const parts = name.split('/');
  if (parts.length > 2) return [invalid(path, name, REFERENCE)];
  const errors = parts.flatMap((part) => validateLabelName(part, path));
  return names.has(name) ? errors : [...errors, invalid(path, name, REFERENCE)];
}

export function validateRequestReferences(
  references: readonly string[] | undefined,
  path: FieldPath,
  names: RequestNames,
): FieldError[] {
  return validateSet(references, path, MOST_REQUESTS, (name, at) => validateRequestReference(name, at, names));
}

function validateConstraint(constraint: DeviceConstraint, path: FieldPath, names: RequestNames): FieldError[] {
  const { matchAttribute, distinctAttribute } = constraint;
  const errors = validateRequestReferences(constraint.requests, path.child('requests'), names);
  if (matchAttribute !== undefined)
    return [...errors, ...validateFullyQualifiedName(matchAttribute, path.child('matchAttribute'))];
  if (distinctAttribute !== undefined)
    return [...errors, ...validateFullyQualifiedName(distinctAttribute, path.child('distinctAttribute'))];
  const why = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
  return [...errors, required(path, why)];
}

/** Behaves as kubernetes pkg/apis/resource/validation validateResourceClaimSpec. */
export function validateClaimSpec({ devices = {} }: ResourceClaimSpec, path: FieldPath): FieldError[] {
  const names = requestNames(devices);
  const at = path.child('devices');
  return [
    ...validateSet(
      devices.requests,
      at.child('requests'),
      MOST_REQUESTS,
      (request, where) => [...validateLabelName(request.name, where.child('name')), ...validateForms(request, where)],
      ({ name }) => name,
    ),
    ...validateList(devices.constraints, at.child('constraints'), MOST_CONSTRAINTS, (constraint, where) =>
      validateConstraint(constraint, where, names),
    ),
    ...validateList(devices.config, at.child('config'), MOST_CONFIGURATIONS, (config, where) => [
      ...validateRequestReferences(config.requests, where.child('requests'), names),
      ...validateConfiguration(config, where),
    ]),
  ];
}
