import { cloneJson, isJsonObject, type JsonObject, setMember } from '@binnacle/machinery-patch';
import { itemsOf, memberOf, propertiesOf, propertyOf, somewhere, valuesOf } from '../schema/children.js';
import type { JsonSchema } from '../schema/types.js';

/** A null where the schema allows none, which counts as if nothing stood there. */
const isMissing = (value: unknown, { nullable }: JsonSchema): boolean => value === null && !nullable;

const hasDefault = (schema: JsonSchema): boolean => schema.default !== undefined && schema.default !== null;

const defaultOf = (schema: JsonSchema): unknown => cloneJson(schema.default ?? null);

/** Whether a default stands anywhere in the structure; in most there is none, and nothing to be looked for. */
const hasDefaults = somewhere(hasDefault);

function fillProperties(object: JsonObject, schema: JsonSchema): void {
  for (const [name, property] of propertiesOf(schema)) {
    if (!hasDefault(property)) continue;
    const isThere = Object.hasOwn(object, name) && !isMissing(object[name], property);
    if (!isThere) setMember(object, name, defaultOf(property));
  }
}

function fillMembers(object: JsonObject, schema: JsonSchema): void {
  for (const name of Object.keys(object)) {
    const property = propertyOf(schema, name);
    const values = property ? undefined : valuesOf(schema);
    if (values && hasDefault(values) && isMissing(object[name], values)) setMember(object, name, defaultOf(values));
    applyDefaults(object[name], property ?? values);
  }
}

function fillItems(list: unknown[], items: JsonSchema): void {
  for (let index = 0; index < list.length; index += 1) {
    if (isMissing(list[index], items)) list[index] = defaultOf(items);
    applyDefaults(list[index], items);
  }
}

/**
 * Fills in the defaults of a structural schema, in place. Behaves as kubernetes apiextensions-apiserver
 * pkg/apiserver/schema/defaulting Default.
 */
export function applyDefaults(value: unknown, schema: JsonSchema | undefined): void {
  if (!schema || !hasDefaults(schema)) return;
  if (isJsonObject(value)) {
    fillProperties(value, schema);
    fillMembers(value, schema);
  } else if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items) fillItems(value, items);
  }
}

/** Takes away, in place, nulls that the schema neither allows nor replaces: they mean that nothing is said. */
export function dropMeaninglessNulls(value: unknown, schema: JsonSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) dropMeaninglessNulls(item, schema && itemsOf(schema));
  } else if (isJsonObject(value)) {
    for (const name of Object.keys(value)) {
      const member = schema && memberOf(schema, name);
      if (value[name] === null && member && !member.nullable && !hasDefault(member)) delete value[name];
      else dropMeaninglessNulls(value[name], member);
    }
  }
}
