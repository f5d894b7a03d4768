import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import {
  BadValue,
  cannotBeHandled,
  conform,
  findSchema,
  strictDecodingError,
  strictProblems,
} from '@binnacle/apis-kubernetes/schema';
import {
  formatApiVersion,
  type GroupVersionKind,
  newBadRequest,
  newInvalid,
  parseApiVersion,
  unknownKindMessage,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import type { ApiRequest } from './api-request.js';
import { type DecodedBody, decodeBody, type ExpectedKind } from './decode-body.js';
import { readFieldValidation } from './write-options.js';

export function expectedKind({ group, version, names, schema }: ResourceDefinition): ExpectedKind {
  return { group, version, kind: names.kind, schema };
}

/** The kinds this server knows, to tell a wrong kind from one that does not exist. */
function isKnown({ group, version, kind }: GroupVersionKind): boolean {
  const reversed = group.endsWith('.k8s.io') ? group.slice(0, -'.k8s.io'.length) : group;
  const short = reversed === '' ? 'core' : (reversed.split('.')[0] ?? '');
  return findSchema(`io.k8s.api.${short}.${version}.${kind}`) !== undefined;
}

function goName({ group, version, kind }: GroupVersionKind): { outer: string; inner: string } {
  return { outer: `${version}.${kind}`, inner: `${group.split('.')[0] || 'core'}.${kind}` };
}

function wrongKind(given: GroupVersionKind, expected: ExpectedKind): Error {
  const known = isKnown(given);
  if (known && given.kind === expected.kind && given.group === expected.group) {
    const versions = `(${formatApiVersion(given)}) does not match the expected API version (${formatApiVersion(expected)})`;
    return newBadRequest(`the API version in the data ${versions}`);
  }
  const conversion = `converting (${goName(given).outer}) to (${goName(expected).inner}): unknown conversion`;
  return cannotBeHandled(given, expected.kind, known ? conversion : unknownKindMessage(given));
}

function checkKind(value: JsonObject, expected: ExpectedKind): void {
  const { kind = '', apiVersion = '' } = value;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
    throw newBadRequest("couldn't get version/kind; json parse error: kind and apiVersion must be strings");
  }
  if (kind === '' && apiVersion === '') return;
  const given = { ...(apiVersion ? parseApiVersion(apiVersion) : expected), kind: kind || expected.kind };
  const same = given.kind === expected.kind && given.group === expected.group && given.version === expected.version;
  if (!same) throw wrongKind(given, expected);
}

function shape(value: unknown, expected: ExpectedKind): JsonObject {
  if (!isJsonObject(value)) {
    const what = Array.isArray(value) ? 'array' : typeof value;
    const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value`;
    throw newBadRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${why}`);
  }
  checkKind(value, expected);
  return { ...value, apiVersion: formatApiVersion(expected), kind: expected.kind };
}

function withMetadata(object: JsonObject): UnstructuredObject {
  if (!isJsonObject(object.metadata)) object.metadata = {};
  return object as UnstructuredObject;
}

/** Reads the objects of writes: decodes, checks kind and fields, and brings values into canonical form. */
export class ObjectReader {
  /** The object a request carries. Throws BadRequest where it is none of the kind. */
  read(request: ApiRequest, expected: ExpectedKind): UnstructuredObject {
    const { value, duplicates } = this.decode(request, expected);
    const object = shape(value, expected);
    try {
      const { object: conformed, unknownFields } = conform(expected.schema, object);
      this.complain(request, strictProblems(unknownFields, duplicates), (problems) =>
        strictDecodingError(expected, problems),
      );
      return withMetadata(conformed);
    } catch (error) {
      throw error instanceof BadValue ? cannotBeHandled(expected, expected.kind, error.message) : error;
    }
  }

  /** Checks what a patch has made. Throws Invalid, as upstream does for patches. */
  readPatched(request: ApiRequest, expected: ExpectedKind, patched: unknown): UnstructuredObject {
    const refuse = (why: string) => {
      const error = invalid(fieldPath('patch'), (request.body ?? '').toString(), why);
      return newInvalid({ group: '', kind: '' }, '', [error]);
    };
    const object = shape(patched, expected);
    try {
      const { object: conformed, unknownFields } = conform(expected.schema, object);
      this.complain(request, strictProblems(unknownFields), (problems) =>
        refuse(`strict decoding error: ${problems.join(', ')}`),
      );
      return withMetadata(conformed);
    } catch (error) {
      throw error instanceof BadValue ? refuse(error.message) : error;
    }
  }

  private decode({ body, headers }: ApiRequest, expected: ExpectedKind): DecodedBody {
    return decodeBody(body ?? Buffer.alloc(0), headers['content-type'], expected);
  }

  private complain(request: ApiRequest, problems: readonly string[], refuse: (problems: readonly string[]) => Error) {
    const validation = readFieldValidation(request);
    if (problems.length === 0 || validation === 'Ignore') return;
    if (validation === 'Strict') throw refuse(problems);
    for (const problem of problems) request.ctx.warn(problem);
  }
}
