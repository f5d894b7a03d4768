import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { Status } from '@binnacle/machinery-meta';
import { formatYaml } from '@binnacle/machinery-yaml';
import { jsonPieces, type StoredObject } from '@binnacle/server-storage';
import type { ApiRequest, BytesAnswer } from '../request/api-request.js';
import { type Encoding, JSON_TYPE, negotiateEncoding, YAML_TYPE } from '../request/media-types.js';
import { partialPieces, readIncludeObject, type TableOptions, tableOf } from './table-answer.js';

const LISTS: readonly string[] = ['list', 'deletecollection'];

/** How this request wants objects of a kind that has Tables. */
export function encodingOf(request: ApiRequest): Encoding {
  const { verb } = request.info;
  if (verb === 'watch') return negotiateEncoding(request.headers.accept, { tables: true, yaml: false });
  const partial = LISTS.includes(verb) ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return negotiateEncoding(request.headers.accept, { tables: true, yaml: true, partial });
}

export function tableOptions(request: ApiRequest, { metaVersion }: Encoding, noHeaders = false): TableOptions {
  return { metaVersion, includeObject: readIncludeObject(request.query), noHeaders, now: request.ctx.clock.now() };
}

/** The Content-Type of an answer. As upstream, it does not say what the object was transformed to: its kind does. */
export function contentTypeOf({ format }: Pick<Encoding, 'format'>): string {
  return format === 'yaml' ? YAML_TYPE : JSON_TYPE;
}

/** The bytes of a stored object; one that was only tried has no resourceVersion. */
export function objectPieces(stored: StoredObject): (string | Buffer)[] {
  return stored.revision === 0 ? [stored.body] : jsonPieces(stored);
}

/** Answers JSON text in the format that was negotiated. */
export function inFormat(encoding: Pick<Encoding, 'format'>, pieces: (string | Buffer)[]): (string | Buffer)[] {
  if (encoding.format === 'json') return pieces;
  return [formatYaml(JSON.parse(pieces.map(String).join('')), { sorted: true })];
}

/** Answers one object the way the request wants it. */
export function objectAnswer(
  request: ApiRequest,
  definition: ResourceDefinition,
  stored: StoredObject,
  status = 200,
): BytesAnswer {
  const encoding = encodingOf(request);
  const contentType = contentTypeOf(encoding);
  return { status, contentType, body: inFormat(encoding, transformed(request, definition, stored, encoding)) };
}

function transformed(
  request: ApiRequest,
  definition: ResourceDefinition,
  stored: StoredObject,
  encoding: Encoding,
): (string | Buffer)[] {
  if (encoding.transform === 'none') return objectPieces(stored);
  if (encoding.transform === 'partialMetadata') return partialPieces(stored, encoding.metaVersion);
  const meta = { resourceVersion: String(stored.revision) };
  return [tableOf(definition, [stored], meta, tableOptions(request, encoding))];
}

/** How this request wants a value that is no stored object, such as a Scale or a Status; Tables of such are not acceptable. */
export function valueEncodingOf(request: ApiRequest): Encoding {
  return negotiateEncoding(request.headers.accept, { tables: false, yaml: true });
}

export function valueAnswer(request: ApiRequest, value: object, status = 200): BytesAnswer {
  const encoding = valueEncodingOf(request);
  const contentType = contentTypeOf(encoding);
  return { status, contentType, body: inFormat(encoding, [JSON.stringify(value)]) };
}

/** Answers a Status, which stays as it is whatever a client wants objects transformed to. */
export function statusAnswer(request: ApiRequest, status: Status): BytesAnswer {
  const encoding = encodingOf(request);
  return { status: 200, contentType: contentTypeOf(encoding), body: inFormat(encoding, [JSON.stringify(status)]) };
}
