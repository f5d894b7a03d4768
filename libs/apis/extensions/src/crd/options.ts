import { semanticEqual } from '@binnacle/machinery-validation';
import { someSchema } from '../schema/children.js';
import { isStructural } from '../schema/structural.js';
import type { JsonSchema } from '../schema/types.js';
import { fieldPath } from '@binnacle/machinery-validation';
import { hasRecognizedVersion } from './conversion-validation.js';
import { isOfWholeElements, validateElements } from './list-rules.js';
import { SCHEMA_TYPES } from './schema-rules.js';
import { MAX_SELECTABLE_FIELDS } from './selectable-validation.js';
import { type CustomResourceDefinition, isTrue, schemasOf } from './types.js';
import { hasUnprunedDefaults } from './unpruned-defaults.js';
import { isCaBundle } from '@binnacle/apis-registry';

/** What is asked of a definition. A change is not asked for more than its old state fulfilled. */
export interface ValidationOptions {
  readonly requireRecognizedVersion: boolean;
  readonly requireOpenApiSchema: boolean;
  readonly requireValidType: boolean;
  readonly requireStructural: boolean;
  readonly requirePrunedDefaults: boolean;
  readonly requireAtomicSets: boolean;
  readonly requireElements: boolean;
  readonly allowInvalidCaBundle: boolean;
  /** Versions whose schema stays as it is: what its rules may cost is not judged again. */
  readonly unchanged: ReadonlySet<string>;
  /** Versions that had too many selectable fields before and keep them. */
  readonly tooManyFields: ReadonlySet<string>;
}

export const FOR_NEW: ValidationOptions = {
  requireRecognizedVersion: true,
  requireOpenApiSchema: true,
  requireValidType: true,
  requireStructural: true,
  requirePrunedDefaults: true,
  requireAtomicSets: true,
  requireElements: true,
  allowInvalidCaBundle: true,
  unchanged: new Set(),
  tooManyFields: new Set(),
};

const hasInvalidType = ({ type }: JsonSchema): boolean => Boolean(type) && !SCHEMA_TYPES.includes(type ?? '');

function allowsInvalidCaBundle(old: CustomResourceDefinition): boolean {
  if (!isTrue(old, 'Established')) return true;
  const bundle = old.spec.conversion?.webhook?.clientConfig?.caBundle;
  return Boolean(bundle) && !isCaBundle(bundle ?? '');
}

function unchangedVersions(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition,
  field: 'schema' | 'selectableFields',
): Set<string> {
  const before = new Map(old.spec.versions.map((version) => [version.name, version]));
  const same = next.spec.versions.filter((version) => {
    const oldVersion = before.get(version.name);
    return oldVersion && semanticEqual(version[field], oldVersion[field]);
  });
  return new Set(same.map(({ name }) => name));
}

function tooManyFields(next: CustomResourceDefinition, old: CustomResourceDefinition): Set<string> {
  const many = old.spec.versions.filter(({ selectableFields = [] }) => selectableFields.length > MAX_SELECTABLE_FIELDS);
  const same = unchangedVersions(next, old, 'selectableFields');
  return new Set(many.map(({ name }) => name).filter((name) => same.has(name)));
}

/** Behaves as upstream's ValidateCustomResourceDefinitionUpdate: no rule is tightened for what is already stored. */
export function optionsForUpdate(next: CustomResourceDefinition, old: CustomResourceDefinition): ValidationOptions {
  const schemas = schemasOf(old.spec);
  const none = (test: (schema: JsonSchema) => boolean): boolean => !schemas.some((schema) => someSchema(schema, test));
  return {
    requireRecognizedVersion: hasRecognizedVersion(old.spec.conversion?.webhook?.conversionReviewVersions),
    requireOpenApiSchema: old.spec.versions.every(({ schema }) => schema?.openAPIV3Schema),
    requireValidType: none(hasInvalidType),
    requireStructural: schemas.every(isStructural),
    requirePrunedDefaults: !schemas.some(hasUnprunedDefaults),
    requireAtomicSets: none((schema) => !isOfWholeElements(schema)),
    requireElements: none((schema) => validateElements(schema, fieldPath('')).length > 0),
    allowInvalidCaBundle: allowsInvalidCaBundle(old),
    unchanged: unchangedVersions(next, old, 'schema'),
    tooManyFields: tooManyFields(next, old),
  };
}
