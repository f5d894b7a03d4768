import { type FieldError, type FieldPath, invalid, tooLong } from '@binnacle/machinery-validation';
import { each, optional } from '@binnacle/apis-registry';
import type { Device, DeviceAttribute } from '../index.js';

const MAX_VALUE = 64;
const MOST_ENTRIES = 32;
const MOST_VALUES = 48;
const LISTS = ['bools', 'ints', 'strings', 'versions'] as const;
const ONE_VALUE = 'exactly one value must be specified';

const NUMBER = '(0|[1-9]\\d*)';
const PRERELEASE = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const BUILD = '[0-9a-zA-Z-]+';
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(-${PRERELEASE}(\\.${PRERELEASE})*)?(\\+${BUILD}(\\.${BUILD})*)?$`,
);

function validateText(text: string, path: FieldPath): FieldError[] {
  return text.length > MAX_VALUE ? [tooLong(path, MAX_VALUE)] : [];
}

function validateVersion(version: string, path: FieldPath): FieldError[] {
  const wrong = SEMVER.test(version)
    ? []
    : [invalid(path, version, 'must be a string compatible with semver.org spec 2.0.0')];
  return [...wrong, ...validateText(version, path)];
}

/** One value, or one list of values. Behaves as kubernetes validateDeviceAttribute. */
export function validateAttribute(attribute: DeviceAttribute, path: FieldPath): FieldError[] {
  const said = Object.values(attribute).filter((value) => value !== undefined && value !== null).length;
  return [
    ...optional(attribute.string, path.child('string'), validateText),
    ...optional(attribute.version, path.child('version'), validateVersion),
    ...LISTS.filter((list) => attribute[list]?.length === 0).map((list) =>
      invalid(path.child(list), [], 'must not be empty if specified'),
    ),
    ...each(attribute.strings, path.child('strings'), validateText),
    ...each(attribute.versions, path.child('versions'), validateVersion),
    ...(said === 1 ? [] : [invalid(path, said === 0 ? '' : attribute, ONE_VALUE)]),
  ];
}

/** A list counts as many as it has. */
function valuesOf(attribute: DeviceAttribute): number {
  return LISTS.reduce((count, list) => count + (attribute[list]?.length ?? 0), 0) || 1;
}

/** How much may be said of one device. */
export function validateAmountOfFacts({ attributes = {}, capacity = {} }: Device, path: FieldPath): FieldError[] {
  const entries = Object.keys(attributes).length + Object.keys(capacity).length;
  const values = Object.values(attributes).reduce((count, attribute) => count + valuesOf(attribute), 0);
  const [crowded, long] = [
    `the total number of attributes and capacities must not exceed ${MOST_ENTRIES}`,
    `the total number of attribute values must not exceed ${MOST_VALUES}`,
  ];
  return [
    ...(entries > MOST_ENTRIES ? [invalid(path, entries, crowded)] : []),
    ...(values > MOST_VALUES ? [invalid(path, values, long)] : []),
  ];
}
