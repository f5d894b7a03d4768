import { ANNOTATION_LAST_APPLIED_CONFIG, type UnstructuredObject } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { ANNOTATIONS_MAX_BYTES } from '@binnacle/machinery-validation';
import { compareValues } from './compare.js';
import { FieldSet } from './field-set.js';
import { fieldsOf } from './to-set.js';
import { configurationFault } from './validate.js';
import type { ManagedWrite } from './write.js';

/** The name under which kubectl applies on either side, unless its user chooses another. */
const KUBECTL = 'kubectl';

export const isKubectl = ({ manager }: ManagedWrite): boolean => manager === KUBECTL;

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Clients may write into annotations what they like.
    return undefined;
  }
}

/**
 * What kubectl may change without a conflict: the fields that still are as client-side apply noted them. That is how one
 * moves from one to the other. Behaves as kubernetes apimachinery pkg/util/managedfields lastAppliedManager.
 */
export function clientSideFields(live: UnstructuredObject, { type, apiVersion }: ManagedWrite): FieldSet {
  const config = parseObject(live.metadata.annotations?.[ANNOTATION_LAST_APPLIED_CONFIG] ?? '');
  if (config?.apiVersion !== apiVersion || configurationFault(config, type) !== undefined) return FieldSet.empty;
  const { changed, removed } = compareValues(config, live, type);
  return fieldsOf(config, type).difference(changed).difference(removed);
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((size, [key, value]) => size + key.length + value.length, 0);
}

/** With members in order of name, as Go writes them. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
}

function noteOf(config: UnstructuredObject): string {
  const { annotations, ...metadata } = (config as Partial<UnstructuredObject>).metadata ?? {};
  const { [ANNOTATION_LAST_APPLIED_CONFIG]: _, ...said } = annotations ?? {};
  return `${JSON.stringify(inOrder({ ...config, metadata: { ...metadata, ...(annotations && { annotations: said }) } }))}\n`;
}

/** Keeps the note of client-side apply up to date where there is one, so that its user may go back to it. */
export function withLastApplied(object: UnstructuredObject, config: UnstructuredObject): UnstructuredObject {
  const { annotations } = object.metadata;
  if (!annotations?.[ANNOTATION_LAST_APPLIED_CONFIG]) return object;
  const { [ANNOTATION_LAST_APPLIED_CONFIG]: _, ...others } = annotations;
  const noted = { ...others, [ANNOTATION_LAST_APPLIED_CONFIG]: noteOf(config) };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: sizeOf(noted) > ANNOTATIONS_MAX_BYTES ? others : noted },
  };
}
