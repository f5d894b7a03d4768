import { applyType, conformToKind, type ExpectedKind, JsonSyntaxError, parseJson } from '@binnacle/apis-schema';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { checkConfiguration } from '@binnacle/machinery-apply';
import {
  formatApiVersion,
  newBadRequest,
  newUnclassifiedError,
  parseApiVersion,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject, jsonTypeName } from '@binnacle/machinery-patch';
import { parseYaml, type ParsedYaml, YamlSyntaxError } from '@binnacle/machinery-yaml';
import { conflict } from '@binnacle/server-registry';

export interface ReadConfiguration {
  readonly config: UnstructuredObject;
  /** What upstream says of keys given twice. */
  readonly repeated: readonly string[];
}

/** Go's reader goes by way of JSON. */
const NOT_JSON = 'error converting YAML to JSON: ';

/** Nearly all clients send JSON, which is read at a fraction of the cost; what YAML would complain of is left to it. */
function parsedJson(text: string): ParsedYaml | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { value, duplicates } = parseJson(text);
    return duplicates.length === 0 ? { value, repeated: [] } : undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function parsed(text: string): ParsedYaml {
  try {
    return parsedJson(text) ?? parseYaml(text);
  } catch (error) {
    throw error instanceof YamlSyntaxError ? newBadRequest(`error decoding YAML: ${NOT_JSON}${error.message}`) : error;
  }
}

/** What is no text is none, as upstream's reader of anything takes it. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A kind as Go prints it: `apps/v1, Kind=Deployment`. */
function kindText({ apiVersion, kind }: JsonObject): string {
  const { group, version } = parseApiVersion(textOf(apiVersion));
  return `${group}/${version}, Kind=${textOf(kind)}`;
}

function checkKind(value: JsonObject, expected: ExpectedKind): void {
  const isExpected = value.apiVersion === formatApiVersion(expected) && value.kind === expected.kind;
  if (!isExpected) throw newBadRequest(`invalid object type: ${kindText(value)}`);
}

/**
 * Reads what a server-side apply is to make of an object: YAML, of which JSON is a part, that says its kind and nothing
 * the schema does not know. What it says is left as it is. Behaves as kubernetes apiserver pkg/endpoints/handlers
 * applyPatcher.
 */
export function readConfiguration(text: string, expected: ExpectedKind): ReadConfiguration {
  const { value: written, repeated } = parsed(text);
  const value = written ?? {};
  if (!isJsonObject(value)) {
    const why = `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type map[string]interface {}`;
    throw newBadRequest(`error decoding YAML: error unmarshaling JSON: ${why}`);
  }
  checkKind(value, expected);
  const config = value as unknown as UnstructuredObject;
  checkConfiguration(config, { type: applyType(expected.schemas, expected.schema) });
  const problems = repeated.map((problem) => NOT_JSON + problem);
  // Who says no metadata gives up what he owned of them.
  if (value.metadata === undefined || isJsonObject(value.metadata)) return { config, repeated: problems };
  return { config: { ...config, metadata: {} }, repeated: problems };
}

/** Brings what an apply has made into the shape of its kind: without nulls, with values in their canonical form. */
export function conformApplied(object: UnstructuredObject, expected: ExpectedKind): UnstructuredObject {
  try {
    return conformToKind(object, expected).object;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { namespace, name } = object.metadata;
    const what = `${textOf(namespace)}/${textOf(name)}; ${kindText(object as unknown as JsonObject)}`;
    throw newUnclassifiedError(`failed to convert new object (${what}) to proper version: ${error.message}`);
  }
}

/** Who insists on an object of that uid does not want another made. */
export function refuseUid(definition: ResourceDefinition, name: string, config: Partial<UnstructuredObject>): void {
  const { uid } = config.metadata ?? {};
  if (!uid) return;
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(definition, name, why);
}
