import { quote } from '@binnacle/machinery-meta';
import { equalJson, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import type { FieldError, FieldPath } from '@binnacle/machinery-validation';
import { canonicalText } from '../objects/canonical.js';
import { itemsOf, propertiesOf, propertyOf, valuesOf } from '../schema/children.js';
import type { JsonSchema } from '../schema/types.js';
import { type Correlation } from './correlation.js';
import { Findings, failure } from './findings.js';
import { isInt64, validateNumber } from './numbers.js';
import { PatternWork } from './pattern-work.js';
import { breach, missing, moreThan, notOneOf, sentence, worded } from './problem.js';
import { validateFormat, validateString } from './strings.js';
import { typesOf, validateType } from './value-types.js';

/** A value and its place, and what stood there before. */
interface Node {
  readonly value: unknown;
  readonly at: string;
  readonly before: Correlation | undefined;
  readonly work: PatternWork;
}

/** What clauses say is judged anew even where nothing changed, as upstream does. */
function validateClauses({ value, at, work }: Node, { anyOf, oneOf, allOf, not }: JsonSchema): Findings {
  const node: Node = { value, at, before: undefined, work };
  const findings = new Findings();
  if (anyOf?.length) findings.merge(validateAny(node, anyOf));
  if (oneOf?.length) findings.merge(validateOne(node, oneOf));
  if (allOf?.length) findings.merge(validateAll(node, allOf));
  if (not && validateAgainst(node, not).isValid) {
    findings.add(sentence(`${quote(node.at)} must not validate the schema (not)`));
  }
  return findings.count();
}

const best = (left: Findings | undefined, right: Findings): Findings =>
  !left || right.matches > left.matches ? right : left;

function validateAny(node: Node, clauses: readonly JsonSchema[]): Findings {
  let closest: Findings | undefined;
  for (const clause of clauses) {
    const result = validateAgainst(node, clause);
    if (result.isValid) return new Findings().merge(result);
    closest = best(closest, result);
  }
  const text = `${quote(node.at)} must validate at least one schema (anyOf)`;
  return failure(sentence(text)).merge(closest);
}

function validateOne(node: Node, clauses: readonly JsonSchema[]): Findings {
  const results = clauses.map((clause) => validateAgainst(node, clause));
  const valid = results.filter((result) => result.isValid);
  if (valid.length === 1) return new Findings().merge(valid[0]);
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`;
  const text = `${quote(node.at)} must validate one and only one schema (oneOf). ${found}`;
  const closest = valid.length === 0 ? results.reduce<Findings | undefined>(best, undefined) : undefined;
  return failure(sentence(text)).merge(closest);
}

function validateAll(node: Node, clauses: readonly JsonSchema[]): Findings {
  const results = clauses.map((clause) => validateAgainst(node, clause));
  const findings = new Findings();
  for (const result of results) findings.merge(result);
  const valid = results.filter((result) => result.isValid).length;
  if (valid === clauses.length) return findings;
  const text = `${quote(node.at)} must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`;
  return findings.add(sentence(text));
}

/** Only the values that change make a fault: what was wrong before and stays as it is passes. */
function ratcheted(node: Node, schema: JsonSchema): Findings {
  const findings = validateAgainst(node, schema);
  return !findings.isValid && node.before?.isUnchanged ? findings.forgiven() : findings;
}

/** The root's apiVersion and kind are never taken for unchanged: both states are shown in the same version. */
function memberBefore({ at, before }: Node, name: string): Correlation | undefined {
  if (at === '' && (name === 'apiVersion' || name === 'kind')) return undefined;
  return before?.key(name);
}

function validateItems(node: Node, list: readonly unknown[], schema: JsonSchema): Findings {
  const findings = new Findings();
  const items = itemsOf(schema);
  if (!items) return findings;
  for (const [index, value] of list.entries()) {
    const at = `${node.at}[${index}]`;
    findings.merge(ratcheted({ ...node, value, at, before: node.before?.index(index) }, items));
  }
  return findings;
}

function validateList(node: Node, list: readonly unknown[], schema: JsonSchema): Findings {
  const { minItems, maxItems, uniqueItems } = schema;
  const { at } = node;
  const findings = validateItems(node, list, schema);
  if (minItems !== undefined && list.length < minItems) {
    findings.add(breach(at, `should have at least ${minItems} items`, list.length));
  }
  if (maxItems !== undefined && list.length > maxItems) findings.add(moreThan(at, 'items', list.length, maxItems));
  if (uniqueItems && new Set(list.map(canonicalText)).size < list.length) {
    findings.add(breach(at, "shouldn't contain duplicates"));
  }
  return findings.count();
}

function validateCount({ at }: Node, count: number, { minProperties, maxProperties }: JsonSchema): Findings {
  const findings = new Findings();
  if (minProperties !== undefined && count < minProperties) {
    findings.add(breach(at, `should have at least ${minProperties} properties`, count));
  }
  if (maxProperties !== undefined && count > maxProperties) {
    findings.add(moreThan(at, 'properties', count, maxProperties));
  }
  return findings;
}

function validateOthers(node: Node, object: JsonObject, schema: JsonSchema): Findings {
  const findings = new Findings();
  const values = valuesOf(schema);
  if (!values && schema.additionalProperties !== false) return findings;
  for (const [name, value] of Object.entries(object)) {
    if (propertyOf(schema, name)) continue;
    const at = `${node.at}.${name}`;
    if (values) findings.merge(ratcheted({ ...node, value, at, before: memberBefore(node, name) }, values));
    else findings.add(worded(node.at, `${at} in body is a forbidden property`, name));
  }
  return findings;
}

function validateObject(node: Node, object: JsonObject, schema: JsonSchema): Findings {
  const { at } = node;
  const findings = validateCount(node, Object.keys(object).length, schema).merge(validateOthers(node, object, schema));
  for (const [name, property] of propertiesOf(schema)) {
    if (!Object.hasOwn(object, name)) continue;
    const below = { value: object[name], at: at ? `${at}.${name}` : name, before: memberBefore(node, name) };
    findings.merge(ratcheted({ ...node, ...below }, property));
  }
  for (const name of schema.required ?? []) if (!Object.hasOwn(object, name)) findings.add(missing(`${at}.${name}`));
  return findings;
}

/** Upstream takes a number for an integer where it compares it with one. */
const asMember = (value: unknown, member: unknown): unknown =>
  typeof value === 'number' && typeof member === 'number' && isInt64(member) ? Math.trunc(value) : value;

/** Null is never one of the values, even where it is listed. */
function validateEnum({ value, at }: Node, { enum: values = [] }: JsonSchema): Findings | undefined {
  if (values.length === 0) return undefined;
  const isMember = values.some((member) => member !== null && equalJson(asMember(value, member), member));
  return isMember ? undefined : failure(notOneOf(at, value, values));
}

function validateByKind(node: Node, schema: JsonSchema): (Findings | undefined)[] {
  const { value, at, work } = node;
  if (typeof value === 'string') {
    return [validateString(value, schema, at, work), ...validateFormat(value, schema, at)];
  }
  if (typeof value === 'number') return [validateNumber(value, schema, typesOf(schema), at)];
  return Array.isArray(value) ? [validateList(node, value, schema)] : [];
}

/** Behaves as kube-openapi pkg/validation/validate SchemaValidator. */
function validateAgainst(node: Node, schema: JsonSchema): Findings {
  const findings = new Findings();
  const { value, at } = node;
  const type = validateType(value, schema, at);
  if (value === null) return findings.merge(type).merge(validateEnum(node, schema));
  if (type) findings.merge(type).count();
  findings.merge(validateClauses(node, schema)).count();
  for (const result of validateByKind(node, schema)) findings.merge(result).count();
  findings.merge(validateEnum(node, schema)).count();
  if (isJsonObject(value)) findings.merge(validateObject(node, value, schema)).count();
  return findings.count();
}

/** What is wrong with a value by its schema. `root`: where the value stands. */
export function validateValue(value: unknown, schema: JsonSchema, root: FieldPath): FieldError[] {
  const { problems } = validateAgainst({ value, at: '', before: undefined, work: new PatternWork() }, schema);
  return problems.map((problem) => problem.toFieldError(root));
}

/** The same for a change, where what was wrong before and stays as it is passes. */
export function validateChange(before: Correlation, schema: JsonSchema, root: FieldPath): FieldError[] {
  const { problems } = ratcheted({ value: before.value, at: '', before, work: new PatternWork() }, schema);
  return problems.map((problem) => problem.toFieldError(root));
}
