import { isSet } from '../schema/set.js';
import type { JsonSchema } from '../schema/types.js';

/** Members of a schema in upstream's order, with the names upstream calls them by. */
const MEMBERS: readonly (readonly [keyof JsonSchema, string, isAllowed: boolean])[] = [
  ['id', 'ID', false],
  ['$schema', 'Schema', false],
  ['$ref', 'Ref', false],
  ['description', 'Description', true],
  ['type', 'Type', true],
  ['nullable', 'Nullable', false],
  ['format', 'Format', true],
  ['title', 'Title', true],
  ['default', 'Default', false],
  ['maximum', 'Maximum', true],
  ['exclusiveMaximum', 'ExclusiveMaximum', true],
  ['minimum', 'Minimum', true],
  ['exclusiveMinimum', 'ExclusiveMinimum', true],
  ['maxLength', 'MaxLength', true],
  ['minLength', 'MinLength', true],
  ['pattern', 'Pattern', true],
  ['maxItems', 'MaxItems', true],
  ['minItems', 'MinItems', true],
  ['uniqueItems', 'UniqueItems', true],
  ['multipleOf', 'MultipleOf', true],
  ['enum', 'Enum', false],
  ['maxProperties', 'MaxProperties', false],
  ['minProperties', 'MinProperties', false],
  ['required', 'Required', true],
  ['items', 'Items', true],
  ['allOf', 'AllOf', false],
  ['oneOf', 'OneOf', false],
  ['anyOf', 'AnyOf', false],
  ['not', 'Not', false],
  ['properties', 'Properties', true],
  ['additionalProperties', 'AdditionalProperties', false],
  ['patternProperties', 'PatternProperties', false],
  ['dependencies', 'Dependencies', false],
  ['additionalItems', 'AdditionalItems', false],
  ['definitions', 'Definitions', false],
  ['externalDocs', 'ExternalDocs', true],
  ['example', 'Example', true],
  ['x-kubernetes-preserve-unknown-fields', 'XPreserveUnknownFields', true],
  ['x-kubernetes-embedded-resource', 'XEmbeddedResource', false],
  ['x-kubernetes-int-or-string', 'XIntOrString', false],
  ['x-kubernetes-list-map-keys', 'XListMapKeys', false],
  ['x-kubernetes-list-type', 'XListType', false],
  ['x-kubernetes-map-type', 'XMapType', false],
  ['x-kubernetes-validations', 'XValidations', true],
];

/** What upstream lists as allowed, in the order it lists it. */
export const allowedAtRoot = MEMBERS.filter(([, , isAllowed]) => isAllowed)
  .map(([, name]) => name)
  .join(' ');

/** Even a zero or false is something said there. */
const POINTERS: ReadonlySet<keyof JsonSchema> = new Set([
  'maxProperties',
  'minProperties',
  'additionalProperties',
  'additionalItems',
  'not',
]);

const isSaid = (schema: JsonSchema, member: keyof JsonSchema): boolean =>
  POINTERS.has(member) ? schema[member] !== undefined : isSet(schema[member]);

/**
 * The first member that the root may not have where the schema of the status must be good alone too; `type` where that
 * is not `object`.
 */
export function forbiddenAtRoot(schema: JsonSchema): keyof JsonSchema | undefined {
  return MEMBERS.find(([member, , isAllowed]) => {
    if (member === 'type') return Boolean(schema.type) && schema.type !== 'object';
    return !isAllowed && isSaid(schema, member);
  })?.[0];
}
