import type { ResourceDefinition } from '@binnacle/apis-registry';
import { newBadRequest, quote } from '@binnacle/machinery-meta';
import {
  type FieldMatcher,
  type LabelMatcher,
  parseFieldSelector,
  parseLabelSelector,
} from '@binnacle/machinery-selectors';
import type { Attributes, Key } from '@binnacle/server-storage';
import { servedAttributes } from './object-encoding.js';
import type { Selection } from './resource-store.js';

/** What a client selects by, as it wrote it. */
export interface SelectorText {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Behaves as the field label conversions of kubernetes pkg/apis and apimachinery DefaultMetaV1FieldSelectorConversion. */
function checkFields({ fields, namespaced, unknownField }: ResourceDefinition, matcher: FieldMatcher): void {
  const own = Object.keys(fields).length > 0;
  // A kind with fields of its own says all it can be selected by; every other takes both of these.
  const meta = own && !namespaced ? ['metadata.name'] : ['metadata.name', 'metadata.namespace'];
  const field = matcher.unsupportedField((name) => meta.includes(name) || Object.hasOwn(fields, name));
  if (field === undefined) return;
  if (own) throw newBadRequest(unknownField?.(field) ?? `field label not supported: ${field}`);
  const known = meta.map((name) => quote(name)).join(', ');
  throw newBadRequest(`${quote(field)} is not a known field selector: only ${known}`);
}

/** What a field of a kind is called where its objects are kept. */
function storedName({ storage }: ResourceDefinition, field: string): string {
  return storage?.fields?.names[field] ?? field;
}

function valueOf(definition: ResourceDefinition, attributes: Attributes, key: Key, field: string): string {
  if (field === 'metadata.name') return key.name;
  if (field === 'metadata.namespace') return key.namespace;
  return attributes.fields[storedName(definition, field)] ?? '';
}

function matchesOf(definition: ResourceDefinition, labels: LabelMatcher, fields: FieldMatcher): Selection['matches'] {
  if (labels.matchesEverything && fields.matchesEverything) return undefined;
  // What was stored under an earlier definition knows nothing of the fields of this one.
  const current = definition.custom && Object.keys(definition.fields).length > 0;
  return (attributes, key, object) => {
    if (!labels.matches(attributes.labels)) return false;
    const values = current ? servedAttributes(definition, object) : attributes;
    return fields.matches((field) => valueOf(definition, values, key, field));
  };
}

function indexOf(definition: ResourceDefinition, fields: FieldMatcher): Selection['index'] {
  for (const field of definition.indexedFields ?? []) {
    const value = fields.exactValue(field);
    if (value !== undefined) return { field: storedName(definition, field), value };
  }
  return undefined;
}

/** What a kind's own fields have to be. */
function equalOf(definition: ResourceDefinition, fields: FieldMatcher): Selection['equal'] {
  if (fields.matchesEverything) return undefined;
  const own = Object.keys(definition.fields);
  const values = own.map((field) => [storedName(definition, field), fields.exactValue(field)] as const);
  return Object.fromEntries(values.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Reads selectors. Throws BadRequest for text that is none and for fields the kind cannot be selected by. */
export function selectionOf(definition: ResourceDefinition, text: SelectorText): Selection {
  const labels = parseLabelSelector(text.labelSelector ?? '');
  const fields = parseFieldSelector(text.fieldSelector ?? '');
  checkFields(definition, fields);
  const namespace = text.namespace || fields.exactValue('metadata.namespace');
  const name = fields.exactValue('metadata.name');
  const matches = matchesOf(definition, labels, fields);
  const index = indexOf(definition, fields);
  const equal = equalOf(definition, fields);
  return {
    ...(definition.namespaced && namespace && { namespace }),
    ...(name !== undefined && { name }),
    ...(matches && { matches }),
    ...(index && { index }),
    ...(equal && { equal }),
  };
}
