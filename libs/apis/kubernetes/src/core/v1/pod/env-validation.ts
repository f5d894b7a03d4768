import { canonicalQuantity, isQuantity } from '@binnacle/machinery-quantity';
import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isConfigMapKey,
  isDns1123Label,
  isEnvVarName,
  isQualifiedName,
  nameIsDnsSubdomain,
  notFound,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, wellFormed, validateSupported } from '@binnacle/apis-registry';
import type {
  ConfigMapKeySelector,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
  Volume,
} from '../index.js';
import { validateNoBacksteps } from './path-validation.js';

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** The parts of `metadata.labels['key']`. A pattern would take the square of the length of what is none. */
function subscripted(text: string): readonly [base: string, key: string] | undefined {
  const end = text.length - "']".length;
  const at = text.lastIndexOf("['", end - "['".length);
  if (at < 1 || !text.endsWith("']") || text.includes('\n')) return undefined;
  return [text.slice(0, at), text.slice(at + "['".length, end)];
}

function validateSubscript(base: string, key: string, path: FieldPath): FieldError[] {
  if (base === 'metadata.annotations') return invalidEach(path, key.toLowerCase(), isQualifiedName(key.toLowerCase()));
  if (base === 'metadata.labels') return invalidEach(path, key, isQualifiedName(key));
  return [invalid(path, base, 'does not support subscript')];
}

/** A field of the Pod that a container may see, `fields` being those allowed in that place. */
export function validateFieldRef(
  selector: ObjectFieldSelector,
  path: FieldPath,
  fields: readonly string[],
): FieldError[] {
  const { apiVersion, fieldPath } = selector;
  if (!apiVersion) return [required(path.child('apiVersion'))];
  if (!fieldPath) return [required(path.child('fieldPath'))];
  const [base, key] = subscripted(fieldPath) ?? [];
  if (base !== undefined && key !== undefined) return validateSubscript(base, key, path);
  return validateSupported(fieldPath, path.child('fieldPath'), fields);
}

const HUGE_PAGE_FIELD = /^(requests|limits)\.hugepages-/;
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

function validateDivisor({ resource, divisor = '0' }: ResourceFieldSelector, path: FieldPath): FieldError[] {
  const text = isQuantity(divisor) ? canonicalQuantity(divisor) : String(divisor);
  if (text === '0') return [];
  const cpu = resource.endsWith('.cpu');
  const allowed = cpu ? ['1m', '1'] : BYTE_DIVISORS;
  if (allowed.includes(text)) return [];
  const kind = cpu ? 'cpu' : resource.endsWith('.memory') ? 'memory' : 'local ephemeral storage';
  const values = cpu ? '1m and 1' : BYTE_DIVISORS.join(', ');
  return [
    invalid(path.child('divisor'), resource, `only divisor's values ${values} are supported with the ${kind} resource`),
  ];
}

export function validateResourceFieldRef(
  selector: ResourceFieldSelector,
  path: FieldPath,
  needsContainer: boolean,
): FieldError[] {
  const { containerName, resource } = selector;
  if (needsContainer && !containerName) return [required(path.child('containerName'))];
  if (!resource) return [required(path.child('resource'))];
  const known = RESOURCE_FIELDS.includes(resource) || HUGE_PAGE_FIELD.test(resource);
  if (!known) return [notSupported(path.child('resource'), resource, RESOURCE_FIELDS)];
  return validateDivisor(selector, path);
}

function validateKeyRef({ name = '', key }: ConfigMapKeySelector, path: FieldPath): FieldError[] {
  return [
    ...invalidEach(path.child('name'), name, nameIsDnsSubdomain(name, false)),
    ...wellFormed(key, path.child('key'), isConfigMapKey),
  ];
}

/** A variable that a container of the Pod itself wrote into a file. */
function validateFileRef({ key, volumeName, path: file }: FileKeySelector, path: FieldPath): FieldError[] {
  return [
    ...wellFormed(key, path.child('key'), isEnvVarName),
    ...wellFormed(volumeName, path.child('volumeName'), isDns1123Label),
    ...(file ? validateNoBacksteps(file, path.child('path')) : [required(path.child('path'))]),
  ];
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

function validateSourceCount(source: EnvVarSource, value: string | undefined, path: FieldPath): FieldError[] {
  const count = SOURCES.filter((name) => source[name]).length;
  if (count === 0) {
    const names = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    return [invalid(path, '', `must specify one of: ${names}`)];
  }
  if (value) return [invalid(path, '', 'may not be specified when `value` is not empty')];
  return count > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : [];
}

function validateValueFrom(source: EnvVarSource, value: string | undefined, path: FieldPath): FieldError[] {
  return [
    ...optional(source.fieldRef, path.child('fieldRef'), (ref, at) => validateFieldRef(ref, at, ENV_FIELDS)),
    ...optional(source.resourceFieldRef, path.child('resourceFieldRef'), (ref, at) =>
      validateResourceFieldRef(ref, at, false),
    ),
    ...optional(source.configMapKeyRef, path.child('configMapKeyRef'), validateKeyRef),
    ...optional(source.secretKeyRef, path.child('secretKeyRef'), validateKeyRef),
    ...optional(source.fileKeyRef, path.child('fileKeyRef'), validateFileRef),
    ...validateSourceCount(source, value, path),
  ];
}

export function validateEnv(variables: readonly EnvVar[] | undefined, path: FieldPath): FieldError[] {
  return each(variables, path, ({ name, value, valueFrom }, at) => [
    ...wellFormed(name, at.child('name'), isEnvVarName),
    ...optional(valueFrom, at.child('valueFrom'), (source, sourceAt) => validateValueFrom(source, value, sourceAt)),
  ]);
}

/** Only what lasts no longer than the Pod may give it variables. Behaves as kubernetes validateFileKeyRefVolumes. */
export function validateFileVolumes(
  variables: readonly EnvVar[] | undefined,
  volumes: ReadonlyMap<string, Volume>,
  path: FieldPath,
): FieldError[] {
  return each(variables, path, ({ valueFrom }, at) =>
    optional(
      valueFrom?.fileKeyRef,
      at.child('valueFrom', 'fileKeyRef').child('volumeName'),
      ({ volumeName }, nameAt) => {
        const volume = volumes.get(volumeName);
        if (!volume) return [notFound(nameAt, volumeName)];
        return volume.emptyDir ? [] : [invalid(nameAt, volumeName, 'referenced volume must be of type emptyDir')];
      },
    ),
  );
}

const isName = (name: string): string[] => nameIsDnsSubdomain(name, true);

export function validateEnvFrom(sources: readonly EnvFromSource[] | undefined, path: FieldPath): FieldError[] {
  return each(sources, path, ({ prefix, configMapRef, secretRef }, at) => {
    const errors = [
      ...(prefix ? invalidEach(at.child('prefix'), prefix, isEnvVarName(prefix)) : []),
      ...optional(configMapRef, at.child('configMapRef'), (ref, refAt) =>
        wellFormed(ref.name, refAt.child('name'), isName),
      ),
      ...optional(secretRef, at.child('secretRef'), (ref, refAt) => wellFormed(ref.name, refAt.child('name'), isName)),
    ];
    if (!configMapRef && !secretRef)
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (configMapRef && secretRef)
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}
