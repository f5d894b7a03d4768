import {
  JsonSyntaxError,
  MOST_STRICT_PROBLEMS,
  parseJson,
  type ParsedJson,
  strategicSchema,
} from '@binnacle/apis-schema';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import { newBadRequest, newUnsupportedMediaType, quote, StatusError } from '@binnacle/machinery-meta';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  goText,
  isJsonObject,
  type JsonObject,
  jsonTypeName,
} from '@binnacle/machinery-patch';
import type { ApiRequest } from '../request/api-request.js';
import { mediaType } from '../request/media-types.js';

export const APPLY_PATCH = 'application/apply-patch+yaml';
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
/** Patches that say how to change a document. */
const CHANGES: readonly string[] = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH];
/** The same of kinds without merge keys. */
const CUSTOM_CHANGES: readonly string[] = [JSON_PATCH, MERGE_PATCH];

/** The structure of what is patched. */
export type Patched = Pick<ResourceDefinition, 'schema' | 'schemas' | 'custom'>;

export interface Patch {
  /** Makes the next document from the present one, which it does not change. It need not be an object any more. */
  apply(document: JsonObject): unknown;
  /** Members of the patch itself that are given twice or mean nothing. */
  readonly problems: readonly string[];
  /** It may look at managed fields, or say something of them. */
  readonly readsOwners: boolean;
  /** What it makes shares nothing with the present document, nor with itself. */
  readonly owned: boolean;
  /** What is shown of it where it has made `patched`, and that is not right. */
  told(patched: unknown): string;
}

/** Managed fields are as long as all the rest; few patches have to do with them. */
function mentionsOwners({ body }: ApiRequest): boolean {
  return body?.includes('managedFields') ?? false;
}

const WHOLES: readonly unknown[] = ['', '/', '/metadata'];

/** A JSON patch may also speak of what they stand in. */
const movesMetadata = (operations: readonly unknown[]): boolean =>
  operations.some((one) => isJsonObject(one) && (WHOLES.includes(one.path) || WHOLES.includes(one.from)));

const asJson = (patched: unknown): string => JSON.stringify(patched);

function parsed(request: ApiRequest, refuse: (why: string) => Error): ParsedJson {
  try {
    return parseJson((request.body ?? '').toString());
  } catch (error) {
    throw error instanceof JsonSyntaxError ? refuse(error.message) : error;
  }
}

const undecodable = (why: string) => newBadRequest(`error decoding patch: ${why}`);
const repeated = (paths: readonly string[]): string[] => paths.map((path) => `duplicate field ${quote(path)}`);
const wrongType = (value: unknown, type: string): string =>
  `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${type}`;

const OPERATION_FIELDS = ['op', 'path', 'from', 'value'];

function unknownMembers(operations: readonly unknown[]): string[] {
  const unknown = operations.flatMap((operation, index) => {
    const names = isJsonObject(operation) ? Object.keys(operation) : [];
    return names.filter((name) => !OPERATION_FIELDS.includes(name)).map((name) => `[${index}].${name}`);
  });
  return unknown.slice(0, MOST_STRICT_PROBLEMS).map((path) => `unknown field ${quote(path)}`);
}

function readJsonPatch(request: ApiRequest): Patch {
  const { value, duplicates } = parsed(request, undecodable);
  if (value !== null && !Array.isArray(value)) throw undecodable(wrongType(value, '[]handlers.jsonPatchOp'));
  const problems = [...repeated(duplicates), ...unknownMembers(value ?? [])].map((problem) => `json patch ${problem}`);
  const readsOwners = mentionsOwners(request) || movesMetadata(value ?? []);
  return { problems, readsOwners, owned: false, told: asJson, apply: (document) => applyJsonPatch(document, value) };
}

function readMergePatch(request: ApiRequest): Patch {
  const { value, duplicates } = parsed(request, undecodable);
  if (value !== null && !isJsonObject(value)) throw undecodable(wrongType(value, 'map[string]interface {}'));
  const readsOwners = mentionsOwners(request);
  return {
    problems: repeated(duplicates),
    readsOwners,
    owned: false,
    told: asJson,
    apply: (document) => applyMergePatch(document, value),
  };
}

function readStrategicPatch(request: ApiRequest, { schema, schemas }: Patched): Patch {
  const { value, duplicates } = parsed(request, newBadRequest);
  const apply = (document: JsonObject) => applyStrategicMergePatch(document, value, strategicSchema(schemas, schema));
  const readsOwners = mentionsOwners(request);
  return { problems: repeated(duplicates), readsOwners, owned: value !== null, told: () => goText(value), apply };
}

/** What upstream's router says of built-in kinds. */
const unsupported = (): StatusError => new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});

const READERS: Readonly<Record<string, (request: ApiRequest, patched: Patched) => Patch>> = {
  [JSON_PATCH]: readJsonPatch,
  [MERGE_PATCH]: readMergePatch,
  [STRATEGIC_PATCH]: readStrategicPatch,
};

/**
 * How to read the patch of a request, which is done once, when there is something to patch: that there is nothing is told
 * before what is wrong with the patch. `others` are what else a client may send there. Behaves as kubernetes apiserver
 * pkg/endpoints/handlers patcher.
 */
export function patchReader(request: ApiRequest, patched: Patched, ...others: string[]): () => Patch {
  const changes = patched.custom ? CUSTOM_CHANGES : CHANGES;
  const type = mediaType(request.headers['content-type']);
  const read = changes.includes(type) ? READERS[type] : undefined;
  if (!read) throw patched.custom ? newUnsupportedMediaType([...changes, ...others]) : unsupported();
  let known: Patch | undefined;
  return () => (known ??= read(request, patched));
}
