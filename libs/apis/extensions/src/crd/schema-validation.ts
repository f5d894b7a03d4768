import type { Steps } from '@binnacle/machinery-context';
import type { FieldError, FieldPath } from '@binnacle/machinery-validation';
import { META_FIELDS } from '../objects/prune.js';
import { itemsOf, propertiesOf, valuesOf } from '../schema/children.js';
import { EMBEDDED, type JsonSchema, LIST_TYPE, MAP_TYPE, RULES } from '../schema/types.js';
import { validateElements, validateTopology } from './list-rules.js';
import { validateRuleTexts } from './rule-texts.js';
import { type Surroundings, validateOneSchema } from './schema-rules.js';

/** Compiles the rules of a schema and of those below it, and counts what they may cost. */
export interface RuleScope {
  /** Of a schema that is one of its properties, values or items. */
  below(schema: JsonSchema): RuleScope;
  /** `uncorrelatable`: the place above for which there is no old state to compare with. */
  validate(path: FieldPath, uncorrelatable: FieldPath | undefined): Steps<FieldError[]>;
}

export interface SchemaChecks {
  readonly requireAtomicSets: boolean;
  readonly requireElements: boolean;
}

/** Errors of rules are kept apart: rules are only compiled where the schema they stand in is good. */
interface Errors {
  readonly schema: FieldError[];
  readonly rules: FieldError[];
}

interface Node {
  readonly schema: JsonSchema;
  readonly path: FieldPath;
  readonly where: Surroundings;
  readonly rules: RuleScope | undefined;
  readonly isRoot: boolean;
}

function insideMeta(where: Surroundings, isRoot: boolean, name: string): Surroundings {
  return { ...where, insideMeta: true, ...(isRoot && { forbiddenDefault: `in top-level ${name}` }) };
}

function withoutOldSelf(where: Surroundings, path: FieldPath): Surroundings {
  return { ...where, uncorrelatable: where.uncorrelatable ?? path };
}

const isCorrelatable = (mapType: string | undefined): boolean =>
  mapType === undefined || mapType === 'granular' || mapType === 'atomic';

const childNode = (schema: JsonSchema, path: FieldPath, where: Surroundings, rules?: RuleScope): Node => ({
  schema,
  path,
  where,
  rules,
  isRoot: false,
});

function valueNodes({ schema, path, where, rules }: Node): Node[] {
  const values = valuesOf(schema);
  if (!values) return [];
  const why = 'inside additionalProperties applying to object metadata';
  const inner = where.insideMeta ? { ...where, forbiddenDefault: why } : where;
  return [childNode(values, path.child('additionalProperties'), inner, rules?.below(values))];
}

function propertyNodes({ schema, path, rules, isRoot, where: outer }: Node): Node[] {
  const where = isCorrelatable(schema[MAP_TYPE]) ? outer : withoutOldSelf(outer, path);
  const isWhole = isRoot || schema[EMBEDDED] === true;
  return propertiesOf(schema).map(([name, property]) => {
    const inner = isWhole && META_FIELDS.has(name) ? insideMeta(where, isRoot, name) : where;
    return childNode(property, path.child('properties').key(name), inner, rules?.below(property));
  });
}

function itemNodes({ schema, path, rules, where: outer }: Node): Node[] {
  const where = schema[LIST_TYPE] === 'map' ? outer : withoutOldSelf(outer, path);
  const items = itemsOf(schema);
  if (items) return [childNode(items, path.child('items'), where, rules?.below(items))];
  const tuple = Array.isArray(schema.items) ? (schema.items as readonly JsonSchema[]) : [];
  return tuple.map((item, index) => childNode(item, path.child('items').index(index), where, rules?.below(item)));
}

/** Schemas of clauses, whose rules are never compiled. */
function clauseNodes({ schema, path, where }: Node): Node[] {
  const { not, allOf = [], oneOf = [], anyOf = [], definitions = {} } = schema;
  return [
    ...(not ? [childNode(not, path.child('not'), where)] : []),
    ...Object.entries({ allOf, oneOf, anyOf }).flatMap(([name, clauses]) =>
      clauses.map((clause, index) => childNode(clause, path.child(name).index(index), where)),
    ),
    ...Object.entries(definitions).map(([name, inner]) => childNode(inner, path.child('definitions').key(name), where)),
  ];
}

/** Each schema is a step, and each of its rules. */
function* validateNode(node: Node, checks: SchemaChecks): Steps<Errors> {
  const { schema, path, where, rules } = node;
  const nodes = [...valueNodes(node), ...propertyNodes(node), ...clauseNodes(node), ...itemNodes(node)];
  const found: Errors[] = [];
  for (const child of nodes) found.push(yield* validateNode(child, checks));
  yield;
  const own = [
    ...validateOneSchema(schema, path, where),
    ...validateTopology(schema, path, checks.requireAtomicSets),
    ...(checks.requireElements ? validateElements(schema, path) : []),
    ...validateRuleTexts(schema, path),
  ];
  const errors = {
    schema: [...own, ...found.flatMap((child) => child.schema)],
    rules: found.flatMap((child) => child.rules),
  };
  if (errors.schema.length > 0 || !rules || (schema[RULES] ?? []).length === 0) return errors;
  return { ...errors, rules: [...errors.rules, ...(yield* rules.validate(path, where.uncorrelatable))] };
}

/**
 * What a schema and those below it may not say in a definition. Behaves as kubernetes apiextensions-apiserver
 * pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema.
 */
export function* validateOpenApiSchema(
  schema: JsonSchema,
  path: FieldPath,
  where: Surroundings,
  checks: SchemaChecks,
  rules: RuleScope | undefined,
): Steps<FieldError[]> {
  const errors = yield* validateNode({ schema, path, where, rules, isRoot: true }, checks);
  return [...errors.schema, ...errors.rules];
}
