import { expectedKind } from '@binnacle/apis-registry';
import { newMethodNotAllowed, type Status, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type ObjectPlace, type ResourceStore, selectionOf } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { handleList } from './list-handler.js';
import { getRevision } from '../request/list-options.js';
import { checkName } from '../request/named-body.js';
import { encodingOf, objectAnswer, objectPieces, statusAnswer } from '../answer/object-answer.js';
import { handlePatch } from './patch-handler.js';
import type { ObjectReader } from './object-reader.js';
import type { ResourceInfo } from '../request/request-info.js';
import { handleWatch } from './watch-handler.js';
import { readDeleteOptions, readWriteParameters } from '../request/write-options.js';

type VerbHandler = (request: ApiRequest, store: ResourceStore, info: ResourceInfo) => Promise<ApiAnswer>;

/** No resource takes these, though they may be sent. */
export const isBodiless = ({ method }: ApiRequest): boolean => method === 'HEAD' || method === 'OPTIONS';

export function placeOf({ namespace, name }: ResourceInfo): ObjectPlace {
  return { namespace, name };
}

function deletedStatus(store: ResourceStore, object: UnstructuredObject): Status {
  const { group, names } = store.definition;
  const { name = '', uid = '' } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group && { group }), kind: names.plural, ...(uid && { uid }) },
  };
}

/** Serves the verbs of a resource itself; subresources have handlers of their own. */
export class ResourceHandler {
  private readonly verbs: Readonly<Record<string, VerbHandler>>;

  constructor(private readonly reader: ObjectReader) {
    this.verbs = {
      get: (request, store, info) => this.get(request, store, info),
      list: (request, store) => handleList(request, store),
      watch: (request, store) => handleWatch(request, store),
      create: (request, store, info) => this.create(request, store, info),
      update: (request, store, info) => this.update(request, store, info),
      patch: (request, store, info) => handlePatch(request, store, placeOf(info), this.reader),
      delete: (request, store, info) => this.delete(request, store, info),
      deletecollection: (request, store, info) => this.deleteCollection(request, store, info),
    };
  }

  /** Throws MethodNotAllowed for verbs the kind does not serve. */
  handle(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    const { verb } = request.info;
    const handler = this.verbs[verb];
    const served = store.definition.verbs.some((known) => known === verb);
    if (!handler || !served || isBodiless(request)) throw newMethodNotAllowed();
    return handler(request, store, info);
  }

  private async get(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    encodingOf(request);
    const stored = await store.get(request.ctx, placeOf(info), getRevision(request.query));
    return objectAnswer(request, store.definition, stored);
  }

  private async create(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    if (info.name) throw newMethodNotAllowed();
    encodingOf(request);
    const options = readWriteParameters(request);
    const draft = this.reader.read(request, expectedKind(store.definition));
    const stored = await store.create(request.ctx, { namespace: info.namespace }, draft, options);
    return objectAnswer(request, store.definition, stored, 201);
  }

  private async update(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    encodingOf(request);
    const options = readWriteParameters(request);
    const place = placeOf(info);
    const { next, sent } = this.reader.readNext(request, store, place);
    checkName(next, place);
    const { stored, created } = await store.replace(request.ctx, place, next, { ...options, ...sent });
    return objectAnswer(request, store.definition, stored, created ? 201 : 200);
  }

  private async delete(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    encodingOf(request);
    const { tried: dryRun, ...options } = readDeleteOptions(request, this.reader);
    const { stored, removed } = await store.delete(request.ctx, placeOf(info), options, { dryRun });
    const status = !removed && options.orphanDependents === false ? 202 : 200;
    if (!removed || store.definition.strategy.answersDeleted) {
      return objectAnswer(request, store.definition, stored, status);
    }
    return statusAnswer(request, deletedStatus(store, store.decode(stored)));
  }

  private async deleteCollection(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    encodingOf(request);
    const { tried: dryRun, ...options } = readDeleteOptions(request, this.reader);
    const selection = selectionOf(store.definition, {
      namespace: info.namespace,
      labelSelector: request.query.get('labelSelector') ?? '',
      fieldSelector: request.query.get('fieldSelector') ?? '',
    });
    const { deleted, revision } = await store.deleteCollection(request.ctx, selection, options, { dryRun });
    return { status: 200, contentType: 'application/json', body: deletedList(store, deleted, revision) };
  }
}

function deletedList(store: ResourceStore, deleted: readonly StoredObject[], revision: number): (string | Buffer)[] {
  const { group, version, names } = store.definition;
  const apiVersion = group ? `${group}/${version}` : version;
  const head = JSON.stringify({ kind: names.listKind, apiVersion, metadata: { resourceVersion: String(revision) } });
  const items = deleted.flatMap((item, at) => (at === 0 ? objectPieces(item) : [',', ...objectPieces(item)]));
  return [`${head.slice(0, -1)},"items":[`, ...items, ']}\n'];
}
