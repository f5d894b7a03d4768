import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import type { Status } from '@binnacle/machinery-meta';
import { jsonPieces, parseBody, type StoredObject } from '@binnacle/server-storage';
import { dump } from 'js-yaml';
import type { ApiRequest, BytesAnswer } from './api-request.js';
import { type Encoding, JSON_TYPE, negotiateEncoding, YAML_TYPE } from './media-types.js';
import { partialMetadata, readIncludeObject, type TableOptions, tableOf } from './table-answer.js';

/** How this request wants objects of a kind that has Tables. */
export function encodingOf(request: ApiRequest): Encoding {
  return negotiateEncoding(request.headers.accept, { tables: true, yaml: request.info.verb !== 'watch' });
}

export function tableOptions(request: ApiRequest, { metaVersion }: Encoding, noHeaders = false): TableOptions {
  return { metaVersion, includeObject: readIncludeObject(request.query), noHeaders, now: request.ctx.clock.now() };
}

/** The Content-Type of an answer: what was negotiated, transformation included. */
export function contentTypeOf({ format, transform, metaVersion }: Encoding, list: boolean): string {
  const base = format === 'yaml' ? YAML_TYPE : JSON_TYPE;
  if (transform === 'none') return base;
  const partial = list ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `${base};as=${transform === 'table' ? 'Table' : partial};v=${metaVersion};g=meta.k8s.io`;
}

/** The bytes of a stored object; one that was only tried has no resourceVersion. */
export function objectPieces(stored: StoredObject): (string | Buffer)[] {
  return stored.revision === 0 ? [stored.body] : jsonPieces(stored);
}

/** Answers JSON text in the format that was negotiated. */
export function inFormat(encoding: Encoding, pieces: (string | Buffer)[]): (string | Buffer)[] {
  if (encoding.format === 'json') return pieces;
  return [dump(JSON.parse(pieces.map(String).join('')), { noRefs: true, lineWidth: -1 })];
}

/** Answers one object the way the request wants it. */
export function objectAnswer(
  request: ApiRequest,
  definition: ResourceDefinition,
  stored: StoredObject,
  status = 200,
): BytesAnswer {
  const encoding = encodingOf(request);
  const contentType = contentTypeOf(encoding, false);
  return { status, contentType, body: inFormat(encoding, transformed(request, definition, stored, encoding)) };
}

function transformed(
  request: ApiRequest,
  definition: ResourceDefinition,
  stored: StoredObject,
  encoding: Encoding,
): (string | Buffer)[] {
  if (encoding.transform === 'none') return objectPieces(stored);
  if (encoding.transform === 'partialMetadata') {
    return [JSON.stringify(partialMetadata(parseBody(stored), encoding.metaVersion))];
  }
  const meta = { resourceVersion: String(stored.revision) };
  return [tableOf(definition, [stored], meta, tableOptions(request, encoding))];
}

/** Answers a value that is no stored object, such as a Scale or a Status. Tables of such are not acceptable. */
export function valueAnswer(request: ApiRequest, value: object, status = 200): BytesAnswer {
  const encoding = negotiateEncoding(request.headers.accept, { tables: false, yaml: true });
  const contentType = contentTypeOf(encoding, false);
  return { status, contentType, body: inFormat(encoding, [JSON.stringify(value)]) };
}

/** Answers a Status, which stays as it is whatever a client wants objects transformed to. */
export function statusAnswer(request: ApiRequest, status: Status): BytesAnswer {
  const encoding = { ...encodingOf(request), transform: 'none' } as const;
  return {
    status: 200,
    contentType: contentTypeOf(encoding, false),
    body: inFormat(encoding, [JSON.stringify(status)]),
  };
}
