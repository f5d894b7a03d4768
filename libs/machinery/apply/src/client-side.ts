import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { ANNOTATIONS_MAX_BYTES, semanticEqual } from '@binnacle/machinery-validation';
import type { ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { allFields } from './owned-fields.js';
import { isListType, type Part, partsOf } from './parts.js';

/** Where kubectl's client-side apply keeps the configuration it applied last. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const ANNOTATION_PATH = FieldSet.at('f:metadata', 'f:annotations', `f:${LAST_APPLIED}`);

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Clients may write into annotations what they like.
    return undefined;
  }
}

const isShared = (type: ApplyType): boolean => type.kind === 'map' || isListType(type);

/**
 * The fields of a live value that still are as a configuration says, and what the server filled in beside them inside the
 * elements of lists, which come and go as a whole.
 */
function unchanged(live: unknown, config: unknown, type: ApplyType, inElement = false): FieldSet {
  const [liveParts, configParts] = [partsOf(live, type), partsOf(config, type)];
  if (!liveParts || !configParts) return semanticEqual(live, config) ? FieldSet.self : FieldSet.empty;
  if (configParts.length === 0) return FieldSet.self;
  const said = new Map(configParts.map((part) => [part.element, part]));
  const isElement = isListType(type);
  const fieldsOf = ({ element, value, type: of }: Part): FieldSet => {
    const wanted = said.get(element);
    if (!wanted) return inElement && !isElement && !isShared(of) ? allFields(value, of) : FieldSet.empty;
    const fields = unchanged(value, wanted.value, of, inElement || isElement);
    return isElement ? fields.union(FieldSet.self) : fields;
  };
  return FieldSet.of(
    false,
    liveParts.map((part) => [part.element, fieldsOf(part)]),
  );
}

/** What client-side apply put into an object, its own note included; undefined where it never had to do with it. */
export function clientSideFields(live: UnstructuredObject, type: ApplyType, apiVersion: string): FieldSet | undefined {
  const config = parseObject(live.metadata.annotations?.[LAST_APPLIED] ?? '');
  if (config?.apiVersion !== apiVersion) return undefined;
  return unchanged(live, config, type).union(ANNOTATION_PATH);
}

function sizeOf(annotations: Readonly<Record<string, string>>): number {
  return Object.entries(annotations).reduce((size, [key, value]) => size + key.length + value.length, 0);
}

/** Keeps the note of client-side apply up to date where there is one, so that its user may go back to it. */
export function withLastApplied(object: UnstructuredObject, config: UnstructuredObject): UnstructuredObject {
  const { annotations } = object.metadata;
  if (!annotations?.[LAST_APPLIED]) return object;
  const { [LAST_APPLIED]: _, ...said } = config.metadata.annotations ?? {};
  const noted = { ...config, metadata: { ...config.metadata, annotations: said } };
  const next = { ...annotations, [LAST_APPLIED]: `${JSON.stringify(noted)}\n` };
  if (sizeOf(next) > ANNOTATIONS_MAX_BYTES) delete (next as Partial<typeof next>)[LAST_APPLIED];
  return { ...object, metadata: { ...object.metadata, annotations: next } };
}
