import { formatApiVersion, isExpired, type ListMeta } from '@binnacle/machinery-meta';
import { inTurns } from '@binnacle/server-flow-control';
import { type ResourceStore, selectionOf } from '@binnacle/server-registry';
import { jsonPieces, type ListOptions, type ListResult, type StoredObject } from '@binnacle/server-storage';
import type { ApiRequest, BytesAnswer } from '../request/api-request.js';
import { type Collection, collectionPieces } from '../answer/collection-answer.js';
import {
  type ContinueToken,
  decodeContinueToken,
  encodeContinueToken,
  expiredToken,
  isTokenExpired,
  refuseTokenWithVersion,
} from '../request/continue-token.js';
import { checkListOptions, type ListOptionsQuery, listRevision, readListOptions } from '../request/list-options.js';
import type { Encoding } from '../request/media-types.js';
import { contentTypeOf, encodingOf, tableOptions } from '../answer/object-answer.js';
import { partialPieces, tableHead, tableRows } from '../answer/table-answer.js';

interface Page {
  readonly options: ListOptions;
  readonly token?: ContinueToken;
}

function pageOf(query: ListOptionsQuery, now: number): Page {
  if (!query.continue) {
    const revision = listRevision(query);
    const limited = query.limit > 0 && revision.at !== 'any';
    return { options: { revision, ...(limited && { limit: query.limit }) } };
  }
  refuseTokenWithVersion(query.resourceVersion);
  const token = decodeContinueToken(query.continue);
  if (isTokenExpired(token, now)) throw expiredToken(token, now);
  const revision =
    token.revision > 0 ? ({ at: 'exact', revision: token.revision } as const) : ({ at: 'latest' } as const);
  return { token, options: { revision, after: token.start, ...(query.limit > 0 && { limit: query.limit }) } };
}

function listMeta(result: ListResult, page: Page, now: number): ListMeta {
  const last = result.next ?? result.items.at(-1)?.key;
  const meta = { resourceVersion: String(result.revision) };
  if (!result.more || !last) return meta;
  const start = { namespace: last.namespace, name: last.name };
  const issued = page.token && page.token.revision > 0 ? page.token.issued : now;
  return {
    ...meta,
    continue: encodeContinueToken({ revision: result.revision, start, issued }),
    ...(result.remaining !== undefined && result.remaining > 0 && { remainingItemCount: result.remaining }),
  };
}

async function readPage(request: ApiRequest, store: ResourceStore, page: Page): Promise<ListResult> {
  const { ctx, info, query } = request;
  const selection = selectionOf(store.definition, {
    namespace: info.resource?.namespace ?? '',
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
  });
  try {
    return await store.list(ctx, selection, page.options);
  } catch (error) {
    throw isExpired(error) && page.token ? expiredToken(page.token, ctx.clock.now()) : error;
  }
}

/** A list as its stored bytes: nothing is parsed. */
async function listOf(
  { ctx }: ApiRequest,
  { definition }: ResourceStore,
  { items }: ListResult,
  metadata: ListMeta,
): Promise<Collection> {
  const { group, version, names } = definition;
  const head = { kind: names.listKind, apiVersion: formatApiVersion({ group, version }), metadata };
  return { head, member: 'items', elements: await inTurns(items, ctx.signal, jsonPieces) };
}

async function partialListOf(
  { ctx }: ApiRequest,
  { items }: ListResult,
  metadata: ListMeta,
  { metaVersion }: Encoding,
): Promise<Collection> {
  const head = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${metaVersion}`, metadata };
  const partial = (item: StoredObject) => partialPieces(item, metaVersion);
  return { head, member: 'items', elements: await inTurns(items, ctx.signal, partial) };
}

async function tableListOf(
  request: ApiRequest,
  { definition }: ResourceStore,
  { result, meta }: Answer,
  encoding: Encoding,
): Promise<Collection> {
  const options = tableOptions(request, encoding);
  const rows = await tableRows(definition, result.items, options, request.ctx.signal);
  return { head: tableHead(definition, meta, options), member: 'rows', elements: rows };
}

interface Answer {
  readonly result: ListResult;
  readonly meta: ListMeta;
}

function collectionOf(
  request: ApiRequest,
  store: ResourceStore,
  answer: Answer,
  encoding: Encoding,
): Promise<Collection> {
  const { result, meta } = answer;
  if (encoding.transform === 'partialMetadata') return partialListOf(request, result, meta, encoding);
  if (encoding.transform === 'none') return listOf(request, store, result, meta);
  return tableListOf(request, store, answer, encoding);
}

/** Less than any row and the metadata of any object have. */
const LEAST_ROW = 200;

/** How many bytes an answer has at least. */
function leastBytes({ items }: ListResult, { transform }: Encoding): number {
  if (transform !== 'none') return items.length * LEAST_ROW;
  return items.reduce((bytes, { body }) => bytes + body.length, 0);
}

/** Answers a collection. */
export async function handleList(request: ApiRequest, store: ResourceStore): Promise<BytesAnswer> {
  const query = readListOptions(request.query);
  checkListOptions(query, false);
  const encoding = encodingOf(request);
  const now = request.ctx.clock.now();
  const page = pageOf(query, now);
  const result = await readPage(request, store, page);
  request.willAnswer?.(leastBytes(result, encoding));
  const meta = listMeta(result, page, now);
  const collection = await collectionOf(request, store, { result, meta }, encoding);
  const pieces = await collectionPieces(collection, encoding, request.ctx.signal);
  return { status: 200, contentType: contentTypeOf(encoding), body: pieces };
}
