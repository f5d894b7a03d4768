import type { Steps } from '@binnacle/machinery-context';
import { type FieldError, type FieldPath, forbidden, invalid } from '@binnacle/machinery-validation';
import type { MetadataReader } from '../objects/object-meta.js';
import { validateStructural } from '../schema/structural.js';
import type { JsonSchema } from '../schema/types.js';
import { unsupportedConstruct } from '../schema/unsupported.js';
import { type RuleJudge, validateDefaults } from './default-validation.js';
import type { ValidationOptions } from './options.js';
import { type RuleScope, validateOpenApiSchema } from './schema-validation.js';
import { allowedAtRoot, forbiddenAtRoot } from './status-root.js';
import type { CustomResourceDefinitionVersion, CustomResourceValidation } from './types.js';

/** Compiles and judges the validation rules of schemas; without it they are taken as they are. */
export interface RuleCompiler {
  /** `judgeCost`: whether a rule may be refused for what it alone may cost. */
  scope(schema: JsonSchema, judgeCost: boolean): RuleScope & { totalCost(path: FieldPath): FieldError[] };
  judge: RuleJudge;
}

/** What validation needs besides the definition. */
export interface Tools {
  readonly reader: MetadataReader;
  readonly rules?: RuleCompiler;
}

function validateStatusRoot(schema: JsonSchema, path: FieldPath): FieldError[] {
  const found = forbiddenAtRoot(schema);
  if (found === 'type') {
    const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalid(path.child('openAPIV3Schema.type'), schema.type, why)];
  }
  if (found === undefined) return [];
  const why = `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [invalid(path.child('openAPIV3Schema'), schema, why)];
}

interface Structure {
  readonly errors: FieldError[];
  /** Told only where nothing else is wrong: it says the same in other words. */
  readonly unsupported: string | undefined;
  readonly isGood: boolean;
}

function validateStructure(schema: JsonSchema, path: FieldPath, options: ValidationOptions, tools: Tools): Structure {
  if (!options.requireStructural) return { errors: [], unsupported: undefined, isGood: false };
  const unsupported = unsupportedConstruct(schema);
  if (unsupported) return { errors: [], unsupported, isGood: false };
  const structural = validateStructural(schema, path);
  if (structural.length > 0) return { errors: structural, unsupported, isGood: false };
  const judge = tools.rules?.judge;
  const checks = { reader: tools.reader, requirePruned: options.requirePrunedDefaults, ...(judge && { judge }) };
  const defaults = validateDefaults(schema, path, checks);
  return { errors: defaults, unsupported, isGood: defaults.length === 0 };
}

/** A schema of one version, or of all. `version`: its name, as far as there is one. */
export function* validateSchema(
  validation: CustomResourceValidation | undefined,
  path: FieldPath,
  about: { readonly version: string; readonly hasStatus: boolean },
  options: ValidationOptions,
  tools: Tools,
): Steps<FieldError[]> {
  const schema = validation?.openAPIV3Schema;
  if (!schema) return [];
  const at = path.child('openAPIV3Schema');
  const errors = about.hasStatus ? validateStatusRoot(schema, path) : [];
  if (schema.nullable) {
    errors.push(forbidden(path.child('openAPIV3Schema.nullable'), 'nullable cannot be true at the root'));
  }
  const structure = validateStructure(schema, at, options, tools);
  yield;
  const rules = structure.isGood ? tools.rules?.scope(schema, !options.unchanged.has(about.version)) : undefined;
  const where = {
    forbiddenDefault: undefined,
    insideMeta: false,
    requireValidType: options.requireValidType,
    uncorrelatable: undefined,
  };
  errors.push(...structure.errors, ...(yield* validateOpenApiSchema(schema, at, where, options, rules)));
  if (errors.length === 0 && structure.unsupported) errors.push(invalid(at, '', structure.unsupported));
  return [...errors, ...(rules?.totalCost(at) ?? [])];
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function unprintableAt(text: string): number {
  const encoder = new TextEncoder();
  let at = 0;
  for (const rune of text) {
    if (!PRINTABLE.test(rune)) return at;
    at += encoder.encode(rune).length;
  }
  return -1;
}

function warningProblems(deprecated: boolean, warning: string | undefined): string[] {
  if (warning === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const problems = new TextEncoder().encode(warning).length > 256 ? ['must be <= 256 characters long'] : [];
  if (warning === '') problems.push('must not be an empty string');
  const at = unprintableAt(warning);
  const why = 'must only contain printable UTF-8 characters; non-printable character found at index';
  return at < 0 ? problems : [...problems, `${why} ${at}`];
}

export function validateDeprecation(version: CustomResourceDefinitionVersion, path: FieldPath): FieldError[] {
  const { deprecated = false, deprecationWarning } = version;
  return warningProblems(deprecated, deprecationWarning).map((problem) =>
    invalid(path.child('deprecationWarning'), deprecationWarning, problem),
  );
}
