import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { newBadRequest } from '@binnacle/machinery-meta';
import {
  type FieldMatcher,
  type LabelMatcher,
  parseFieldSelector,
  parseLabelSelector,
} from '@binnacle/machinery-selectors';
import type { Attributes, Key } from '@binnacle/server-storage';
import type { Selection } from './resource-store.js';

/** What a client selects by, as it wrote it. */
export interface SelectorText {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const META_FIELDS = ['metadata.name', 'metadata.namespace'];

function checkFields(definition: ResourceDefinition, matcher: FieldMatcher): void {
  const known = (field: string) => META_FIELDS.includes(field) || Object.hasOwn(definition.fields, field);
  const field = matcher.unsupportedField(known);
  if (field !== undefined) throw newBadRequest(`field label not supported: ${field}`);
}

function valueOf(attributes: Attributes, key: Key, field: string): string {
  if (field === 'metadata.name') return key.name;
  if (field === 'metadata.namespace') return key.namespace;
  return attributes.fields[field] ?? '';
}

function matchesOf(labels: LabelMatcher, fields: FieldMatcher): Selection['matches'] {
  if (labels.matchesEverything && fields.matchesEverything) return undefined;
  return (attributes, key) =>
    labels.matches(attributes.labels) && fields.matches((field) => valueOf(attributes, key, field));
}

function indexOf(definition: ResourceDefinition, fields: FieldMatcher): Selection['index'] {
  for (const field of definition.indexedFields ?? []) {
    const value = fields.exactValue(field);
    if (value !== undefined) return { field, value };
  }
  return undefined;
}

/** Reads selectors. Throws BadRequest for text that is none and for fields the kind cannot be selected by. */
export function selectionOf(definition: ResourceDefinition, text: SelectorText): Selection {
  const labels = parseLabelSelector(text.labelSelector ?? '');
  const fields = parseFieldSelector(text.fieldSelector ?? '');
  checkFields(definition, fields);
  const namespace = text.namespace || fields.exactValue('metadata.namespace');
  const name = fields.exactValue('metadata.name');
  const matches = matchesOf(labels, fields);
  const index = indexOf(definition, fields);
  return {
    ...(definition.namespaced && namespace && { namespace }),
    ...(name !== undefined && { name }),
    ...(matches && { matches }),
    ...(index && { index }),
  };
}
