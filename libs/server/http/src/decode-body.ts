import { cannotBeHandled, JsonSyntaxError, parseJson } from '@binnacle/apis-kubernetes/schema';
import { decodeMessage, openEnvelope } from '@binnacle/apis-kubernetes/schema/protobuf';
import { type GroupVersionKind, newBadRequest } from '@binnacle/machinery-meta';
import { load, YAMLException } from 'js-yaml';
import { bodyFormat } from './media-types.js';

/** A kind as a body must be of, and where its structure is described. */
export interface ExpectedKind extends GroupVersionKind {
  readonly schema: string;
}

/** A request body as a plain value. */
export interface DecodedBody {
  readonly value: unknown;
  /** Paths of members that were given twice. */
  readonly duplicates: readonly string[];
}

function summary(body: Buffer): string {
  return body.length > 30 ? `${body.subarray(0, 30).toString()} ...` : body.toString();
}

function decodeJson(body: Buffer, expectedKind: string): DecodedBody {
  try {
    const { value, duplicates } = parseJson(body.toString());
    return { value, duplicates };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const why = `couldn't get version/kind; json parse error: ${error.message}`;
    throw newBadRequest(
      `the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${summary(body)})`,
    );
  }
}

function repeatedKey(text: string): string[] {
  try {
    load(text);
    return [];
  } catch (error) {
    const found = error instanceof YAMLException && /duplicated mapping key/.test(error.reason);
    return found ? [`line ${(error.mark?.line ?? 0) + 1}`] : [];
  }
}

function decodeYaml(body: Buffer, expectedKind: string): DecodedBody {
  const text = body.toString();
  try {
    return { value: load(text, { json: true }), duplicates: repeatedKey(text) };
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : String(error);
    const line = error instanceof YAMLException ? `line ${(error.mark?.line ?? 0) + 1}: ` : '';
    const why = `yaml: ${line}${reason}`;
    throw newBadRequest(
      `the object provided is unrecognized (must be of type ${expectedKind}): ${why} (${summary(body)})`,
    );
  }
}

/** A message of another kind than expected is not read at all: its kind alone is enough to refuse it. */
function decodeProtobuf(body: Buffer, expected: ExpectedKind): DecodedBody {
  try {
    const { apiVersion, kind, raw } = openEnvelope(body);
    const same = kind === '' || kind === expected.kind;
    return { value: { ...(same && decodeMessage(expected.schema, raw)), apiVersion, kind }, duplicates: [] };
  } catch (error) {
    throw cannotBeHandled(expected, expected.kind, (error as Error).message);
  }
}

/** Decodes a body by its Content-Type. Throws BadRequest or UnsupportedMediaType. */
export function decodeBody(body: Buffer, contentType: string | undefined, expected: ExpectedKind): DecodedBody {
  const format = bodyFormat(contentType);
  if (format === 'protobuf') return decodeProtobuf(body, expected);
  return format === 'yaml' ? decodeYaml(body, expected.kind) : decodeJson(body, expected.kind);
}
