import type { Steps } from '@binnacle/machinery-context';
import {
  type FieldError,
  type FieldPath,
  invalid,
  isDns1035Label,
  isDns1123Subdomain,
  required,
} from '@binnacle/machinery-validation';
import { validateSupported } from '@binnacle/apis-registry';
import { someSchema } from '../schema/children.js';
import { EMBEDDED, INT_OR_STRING, type JsonSchema, LIST_KEYS, LIST_TYPE, PRESERVE, RULES } from '../schema/types.js';
import { isSet } from '../schema/set.js';
import { unsupportedConstruct } from '../schema/unsupported.js';
import { validateColumn, validateSubresources } from './column-validation.js';
import { validateConversion } from './conversion-validation.js';
import { type InternalSpec, internalSpec, type Shared } from './internal.js';
import { validateNames, validateRequiredNames } from './names-validation.js';
import type { ValidationOptions } from './options.js';
import { validateSelectableFields } from './selectable-validation.js';
import { type CustomResourceDefinitionSpec, type CustomResourceDefinitionVersion, schemasOf } from './types.js';
import { type Tools, validateDeprecation, validateSchema } from './version-validation.js';

const SCOPES = ['Cluster', 'Namespaced'];

function validateGroup(group: string | undefined, path: FieldPath): FieldError[] {
  if (!group) return [required(path)];
  const complaints = isDns1123Subdomain(group);
  if (complaints.length > 0) return [invalid(path, group, complaints.join(','))];
  return group.includes('.') ? [] : [invalid(path, group, 'should be a domain with at least one dot')];
}

function validateScope(scope: string | undefined, path: FieldPath): FieldError[] {
  if (!scope) return [required(path)];
  return validateSupported(scope, path, SCOPES);
}

const hasDefault = (schema: JsonSchema): boolean => schema.default !== undefined && schema.default !== null;

const hasExtension = (schema: JsonSchema): boolean =>
  schema[PRESERVE] !== undefined ||
  schema[LIST_TYPE] !== undefined ||
  [EMBEDDED, INT_OR_STRING, LIST_KEYS, RULES].some((name) => isSet(schema[name as keyof JsonSchema]));

/** Schemas must be structural where something depends on their structure, whatever they were before. */
function withNeeds(spec: CustomResourceDefinitionSpec, options: ValidationOptions): ValidationOptions {
  const needs = (schema: JsonSchema): boolean =>
    someSchema(schema, (inner) => hasDefault(inner) || hasExtension(inner));
  const requireStructural =
    options.requireStructural || !spec.preserveUnknownFields || schemasOf(spec).some((schema) => needs(schema));
  return { ...options, requireStructural };
}

function validateSchemasThere(
  { spec, shared }: InternalSpec,
  path: FieldPath,
  options: ValidationOptions,
): FieldError[] {
  if (shared.schema?.openAPIV3Schema) return [];
  const at = (index: number): FieldPath => path.child('versions').index(index).child('schema', 'openAPIV3Schema');
  const errors = (why: string, isNeeded: (version: CustomResourceDefinitionVersion) => boolean): FieldError[] =>
    spec.versions.flatMap((version, index) =>
      isNeeded(version) && !version.schema?.openAPIV3Schema ? [required(at(index), why)] : [],
    );
  if (options.requireOpenApiSchema) return errors('', () => true);
  if (spec.preserveUnknownFields) return [];
  return errors('because otherwise all fields are pruned', ({ served }) => served);
}

function validateDefaultsAllowed(spec: CustomResourceDefinitionSpec, path: FieldPath): FieldError[] {
  const uses = schemasOf(spec).some((schema) => someSchema(schema, hasDefault));
  if (!uses || !spec.preserveUnknownFields) return [];
  const why = 'must be false in order to use defaults in the schema';
  return [invalid(path.child('preserveUnknownFields'), true, why)];
}

function validateVersionSet(spec: CustomResourceDefinitionSpec, path: FieldPath): FieldError[] {
  const { versions } = spec;
  const at = path.child('versions');
  const names = new Set(versions.map(({ name }) => name));
  const errors = names.size === versions.length ? [] : [invalid(at, versions, 'must contain unique version names')];
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalid(at, versions, 'must have exactly one version marked as storage version'));
  }
  const [first] = versions;
  const complaints = first ? isDns1035Label(first.name) : [];
  if (first && complaints.length > 0) errors.push(invalid(path.child('version'), first.name, complaints.join(',')));
  return errors;
}

function validateSelectable(
  { selectableFields = [], schema }: Shared,
  path: FieldPath,
  isShared: boolean,
  allowTooMany: boolean,
): FieldError[] {
  if (selectableFields.length === 0) return [];
  const at = path.child('selectableFields');
  const openApi = schema?.openAPIV3Schema;
  if (!openApi) {
    const why = isShared
      ? 'may only be set when validations.schema is included'
      : 'may only be set when `version.schema.openAPIV3Schema` is not included';
    return [invalid(at, '', why)];
  }
  const problem = unsupportedConstruct(openApi);
  const errors = problem ? [invalid(path.child('schema.openAPIV3Schema'), '', problem)] : [];
  return [...errors, ...validateSelectableFields(selectableFields, openApi, at, allowTooMany)];
}

function validateColumns({ additionalPrinterColumns = [] }: Shared, path: FieldPath): FieldError[] {
  const at = path.child('additionalPrinterColumns');
  return additionalPrinterColumns.flatMap((column, index) => validateColumn(column, at.index(index)));
}

type Version = CustomResourceDefinitionVersion;

function* validateVersion(
  version: Version,
  shared: Shared,
  path: FieldPath,
  options: ValidationOptions,
  tools: Tools,
): Steps<FieldError[]> {
  const complaints = isDns1035Label(version.name ?? '');
  const subresources = version.subresources ?? shared.subresources;
  const about = { version: version.name, hasStatus: subresources?.status !== undefined };
  return [
    ...(complaints.length > 0 ? [invalid(path.child('name'), version.name, complaints.join(','))] : []),
    ...validateDeprecation(version, path),
    ...(yield* validateSchema(version.schema, path.child('schema'), about, options, tools)),
    ...validateSubresources(version.subresources, path.child('subresources')),
    ...validateColumns(version, path),
    ...validateSelectable(version, path, false, options.tooManyFields.has(version.name)),
  ];
}

function* validateShared(
  internal: InternalSpec,
  path: FieldPath,
  options: ValidationOptions,
  tools: Tools,
): Steps<FieldError[]> {
  const { spec, shared } = internal;
  const hasStatus = spec.versions.some(({ subresources }) => subresources?.status !== undefined);
  const about = { version: spec.versions[0]?.name ?? '', hasStatus };
  return [
    ...(yield* validateSchema(shared.schema, path.child('validation'), about, options, tools)),
    ...validateSubresources(shared.subresources, path.child('subresources')),
    ...validateColumns(shared, path),
    ...validateSelectable(shared, path, true, options.tooManyFields.has(about.version)),
  ];
}

/** Behaves as upstream's validateCustomResourceDefinitionSpec. */
export function* validateSpec(
  spec: CustomResourceDefinitionSpec,
  path: FieldPath,
  asked: ValidationOptions,
  tools: Tools,
): Steps<FieldError[]> {
  const options = withNeeds(spec, asked);
  const internal = internalSpec(spec);
  const versions = path.child('versions');
  const ofVersions: FieldError[] = [];
  for (const [index, version] of internal.versions.entries()) {
    ofVersions.push(...(yield* validateVersion(version, internal.shared, versions.index(index), options, tools)));
  }
  return [
    ...validateGroup(spec.group, path.child('group')),
    ...validateScope(spec.scope, path.child('scope')),
    ...validateSchemasThere(internal, path, options),
    ...validateDefaultsAllowed(spec, path),
    ...ofVersions,
    ...validateVersionSet(spec, path),
    ...validateRequiredNames(spec.names, path.child('names')),
    ...validateNames(spec.names, path.child('names')),
    ...(yield* validateShared(internal, path, options, tools)),
    ...validateConversionAllowed(spec, path),
    ...validateConversion(spec.conversion, path.child('conversion'), options),
  ];
}

function validateConversionAllowed(spec: CustomResourceDefinitionSpec, path: FieldPath): FieldError[] {
  const strategy = spec.conversion?.strategy;
  if (!strategy || strategy === 'None' || !spec.preserveUnknownFields) return [];
  const why = 'must be None if spec.preserveUnknownFields is true';
  return [invalid(path.child('conversion').child('strategy'), strategy, why)];
}
