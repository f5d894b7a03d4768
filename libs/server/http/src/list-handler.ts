import { formatApiVersion, isExpired, type ListMeta } from '@binnacle/machinery-meta';
import { type ResourceStore, selectionOf } from '@binnacle/server-registry';
import { jsonPieces, type ListOptions, type ListResult, parseBody } from '@binnacle/server-storage';
import type { ApiRequest, BytesAnswer } from './api-request.js';
import {
  type ContinueToken,
  decodeContinueToken,
  encodeContinueToken,
  expiredToken,
  isTokenExpired,
  refuseTokenWithVersion,
} from './continue-token.js';
import { checkListOptions, type ListOptionsQuery, listRevision, readListOptions } from './list-options.js';
import type { Encoding } from './media-types.js';
import { contentTypeOf, encodingOf, inFormat, tableOptions } from './object-answer.js';
import { partialMetadata, tableOf } from './table-answer.js';

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
  const last = result.items.at(-1)?.key;
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
function listPieces(store: ResourceStore, result: ListResult, meta: ListMeta): (string | Buffer)[] {
  const { group, version, names } = store.definition;
  const head = { kind: names.listKind, apiVersion: formatApiVersion({ group, version }), metadata: meta };
  const pieces: (string | Buffer)[] = [`${JSON.stringify(head).slice(0, -1)},"items":[`];
  result.items.forEach((item, at) => {
    const [opening, rest] = jsonPieces(item);
    pieces.push(at === 0 ? opening : `,${opening}`, rest);
  });
  pieces.push(']}\n');
  return pieces;
}

function partialList(result: ListResult, meta: ListMeta, { metaVersion }: Encoding): string {
  const items = result.items.map((item) => partialMetadata(parseBody(item), metaVersion));
  const head = { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${metaVersion}`, metadata: meta };
  return JSON.stringify({ ...head, items });
}

function body(
  request: ApiRequest,
  store: ResourceStore,
  answer: { result: ListResult; meta: ListMeta },
  encoding: Encoding,
): (string | Buffer)[] {
  const { result, meta } = answer;
  if (encoding.transform === 'partialMetadata') return [partialList(result, meta, encoding)];
  if (encoding.transform === 'none') return listPieces(store, result, meta);
  return [tableOf(store.definition, result.items, meta, tableOptions(request, encoding))];
}

/** Answers a collection. */
export async function handleList(request: ApiRequest, store: ResourceStore): Promise<BytesAnswer> {
  const query = readListOptions(request.query);
  checkListOptions(query, false);
  const encoding = encodingOf(request);
  const now = request.ctx.clock.now();
  const page = pageOf(query, now);
  const result = await readPage(request, store, page);
  const meta = listMeta(result, page, now);
  const pieces = inFormat(encoding, body(request, store, { result, meta }, encoding));
  return { status: 200, contentType: contentTypeOf(encoding, true), body: pieces };
}
