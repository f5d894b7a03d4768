import {
  formatApiVersion,
  type GroupVersionKind,
  newBadRequest,
  parseApiVersion,
  quote,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject, jsonTypeName } from '@binnacle/machinery-patch';
import { parseYaml, YamlSyntaxError } from '@binnacle/machinery-yaml';
import { cannotBeHandled, conform, strictProblems } from './conform.js';
import { memberOrder } from './json-duplicates.js';
import { JsonSyntaxError, type ParsedJson, parseJson } from './json-scanner.js';
import { decodeMessage } from './protobuf/decode.js';
import { openEnvelope } from './protobuf/envelope.js';
import { schemaIn } from './table.js';
import type { SchemaTable } from './types.js';

/** The kind a request must carry, and where its structure is found. */
export interface ExpectedKind extends GroupVersionKind {
  /** Its name in … */
  readonly schema: string;
  /** … this table. */
  readonly schemas: SchemaTable;
  /** Members and elements one may hold; MAX_BODY_VALUES unless it is said. */
  readonly bodyValues?: number;
}

export interface DecodedBody {
  /** Conformed, with apiVersion, kind and metadata filled in. */
  readonly object: UnstructuredObject;
  /** Members that are unknown or given twice: warnings, or the reason of a `strictDecodingError`. */
  readonly problems: readonly string[];
  /** Paths of the unknown ones, such as `spec.containers[0].imag`. */
  readonly unknownFields?: readonly string[];
}

const decoder = new TextDecoder();
const SUMMARY_LENGTH = 30;
const SCHEME = 'pkg/api/legacyscheme/scheme.go:30';

/** The start of a body, as upstream shows it: text where it looks like JSON, else hexadecimal. */
function summarize(body: Uint8Array): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, SUMMARY_LENGTH);
  const more = body.length > SUMMARY_LENGTH ? ' ...' : '';
  if (body[0] === 0x7b) return decoder.decode(start) + more;
  return Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}

/** A body that is not even an object of some kind; a BadRequest. */
export function unrecognizedBody(kind: string, why: string, body: Uint8Array): Error {
  return newBadRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summarize(body)})`);
}

/** The kind a value says it is, where it says nothing the one expected. */
function statedKind(value: JsonObject, expected: GroupVersionKind): GroupVersionKind {
  const { apiVersion, kind } = value;
  const version = typeof apiVersion === 'string' && apiVersion !== '' ? parseApiVersion(apiVersion) : expected;
  return {
    group: version.group,
    version: version.version,
    kind: typeof kind === 'string' && kind !== '' ? kind : expected.kind,
  };
}

/** Behaves as kubernetes apiserver pkg/endpoints/handlers: says in upstream's words why a kind does not fit. */
function checkKind(stated: GroupVersionKind, expected: ExpectedKind): void {
  const [statedVersion, expectedVersion] = [formatApiVersion(stated), formatApiVersion(expected)];
  if (stated.kind === expected.kind && statedVersion === expectedVersion) return;
  if (!expected.schemas.findKind(stated)) {
    const why = `no kind ${quote(stated.kind)} is registered for version ${quote(statedVersion)} in scheme ${quote(SCHEME)}`;
    throw cannotBeHandled(stated, expected.kind, why);
  }
  if (stated.kind === expected.kind) {
    throw newBadRequest(
      `the API version in the data (${statedVersion}) does not match the expected API version (${expectedVersion})`,
    );
  }
  const internal = `${expected.group.split('.')[0] || 'core'}.${expected.kind}`;
  const why = `converting (${stated.version}.${stated.kind}) to (${internal}): unknown conversion`;
  throw cannotBeHandled(stated, expected.kind, why);
}

function identified(object: JsonObject, expected: GroupVersionKind): UnstructuredObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  const meta = isJsonObject(metadata) ? metadata : {};
  return { apiVersion: formatApiVersion(expected), kind: expected.kind, metadata: meta, ...rest };
}

/**
 * Makes a decoded value (of YAML, of a patch) an object of the kind expected.
 * What is `owned` may be changed, as `conform` says.
 * @throws StatusError BadRequest where it is of another kind or a field has the wrong type.
 */
export function conformToKind(
  value: unknown,
  expected: ExpectedKind,
  duplicates: readonly string[] = [],
  owned = false,
): DecodedBody {
  const stated = isJsonObject(value) ? statedKind(value, expected) : expected;
  checkKind(stated, expected);
  try {
    const { object, unknownFields } = conform(expected.schemas, expected.schema, value, owned);
    const problems = strictProblems(unknownFields, duplicates);
    return { object: identified(object, expected), problems, unknownFields };
  } catch (error) {
    throw cannotBeHandled(stated, expected.kind, (error as Error).message);
  }
}

function parsed(body: Uint8Array, kind: string): ParsedJson {
  try {
    return parseJson(decoder.decode(body));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw unrecognizedBody(kind, `couldn't get version/kind; json parse error: ${error.message}`, body);
  }
}

/** What Go reads the kind of a body into. */
const TYPE_META =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function refuseKindless(value: unknown, body: Uint8Array, kind: string): void {
  if (value === null || isJsonObject(value)) return;
  const why = `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${TYPE_META}`;
  throw unrecognizedBody(kind, `couldn't get version/kind; json parse error: ${why}`, body);
}

/**
 * Reads a JSON body; `null` says as little as an empty object.
 * @throws StatusError BadRequest, worded as kube-apiserver words it.
 */
export function decodeJsonBody(body: Uint8Array, expected: ExpectedKind): DecodedBody {
  const { value, duplicates } = parsed(body, expected.kind);
  refuseKindless(value, body, expected.kind);
  const decoded = conformToKind(value ?? {}, expected, duplicates, true);
  const isMixed = duplicates.length > 0 && decoded.unknownFields?.length;
  return isMixed ? { ...decoded, problems: inOrder(body, decoded.unknownFields ?? [], duplicates) } : decoded;
}

/** The problems of a body as they stand in it. */
function inOrder(body: Uint8Array, unknownFields: readonly string[], duplicates: readonly string[]): string[] {
  const order = memberOrder(decoder.decode(body));
  const at = (places: ReadonlyMap<string, number> | undefined, path: string) => places?.get(path) ?? 0;
  const placed = [
    ...duplicates.map((path) => ({ at: at(order?.again, path), problem: strictProblems([], [path]) })),
    ...unknownFields.map((path) => ({ at: at(order?.first, path), problem: strictProblems([path]) })),
  ];
  return placed.sort((a, b) => a.at - b.at).flatMap(({ problem }) => problem);
}

function parsedYaml(body: Uint8Array, kind: string): { value: unknown; repeated: readonly string[] } {
  try {
    return parseYaml(decoder.decode(body));
  } catch (error) {
    throw error instanceof YamlSyntaxError ? unrecognizedBody(kind, error.message, body) : error;
  }
}

/**
 * Reads a YAML body, as Kubernetes reads YAML.
 * @throws StatusError BadRequest, or RequestEntityTooLarge for what only seems short.
 */
export function decodeYamlBody(body: Uint8Array, expected: ExpectedKind): DecodedBody {
  const { value, repeated } = parsedYaml(body, expected.kind);
  const decoded = conformToKind(value ?? {}, expected, [], true);
  return { ...decoded, problems: [...repeated, ...decoded.problems] };
}

/**
 * Reads a body in Kubernetes' protobuf envelope, which has no unknown or repeated members to tell of.
 * @throws StatusError BadRequest.
 */
export function decodeProtobufBody(body: Uint8Array, expected: ExpectedKind): DecodedBody {
  let stated: GroupVersionKind | undefined;
  try {
    const { apiVersion, kind, raw } = openEnvelope(body);
    stated = statedKind({ apiVersion, kind }, expected);
    checkKind(stated, expected);
    const object = decodeMessage(expected.schemas, expected.schema, raw);
    // Kinds that are read in a way of their own are so whatever they are written in.
    if (schemaIn(expected.schemas, expected.schema).conform)
      return conformToKind({ apiVersion, kind, ...object }, expected);
    return { object: identified(object, expected), problems: [] };
  } catch (error) {
    if ((error as Error).name === 'StatusError') throw error;
    const why = (error as Error).message;
    throw stated ? cannotBeHandled(stated, expected.kind, why) : unrecognizedBody(expected.kind, why, body);
  }
}

const DELETE_OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

/**
 * Reads the DeleteOptions of a request, which clients send in the version of any group.
 * @throws StatusError BadRequest.
 */
export function decodeDeleteOptions(
  body: Uint8Array,
  format: 'json' | 'yaml' | 'protobuf',
  schemas: SchemaTable,
): DecodedBody {
  const expected = { group: '', version: 'v1', kind: 'DeleteOptions', schema: DELETE_OPTIONS, schemas };
  if (format === 'protobuf') {
    try {
      return {
        object: identified(decodeMessage(schemas, DELETE_OPTIONS, openEnvelope(body).raw), expected),
        problems: [],
      };
    } catch (error) {
      throw unrecognizedBody(expected.kind, (error as Error).message, body);
    }
  }
  const { value, duplicates } =
    format === 'yaml' ? { value: parsedYaml(body, expected.kind).value, duplicates: [] } : parsed(body, expected.kind);
  const untyped = isJsonObject(value) && value.kind === 'DeleteOptions' ? { ...value, apiVersion: 'v1' } : value;
  return conformToKind(untyped, expected, duplicates);
}
