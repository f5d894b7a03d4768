import type { Soon } from '@binnacle/machinery-context';
import { newMethodNotAllowed, newUnknownPath } from '@binnacle/machinery-meta';
import type { Registry, ResourceStore, ResourceStores } from '@binnacle/server-registry';
import { valueEncodingOf } from '../answer/object-answer.js';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { refuseLargeBody } from '../request/body-values.js';
import type { DiscoveryHandler } from '../discovery/discovery-handler.js';
import type { ObjectReader } from '../verbs/object-reader.js';
import type { ResourceInfo } from '../request/request-info.js';
import type { ResourceHandler } from '../verbs/resource-handler.js';
import type { Reviews } from './reviews.js';
import { handleLegacyBinding, type SubresourceHandler } from '../verbs/subresource-handler.js';
import { readWriteParameters } from '../request/write-options.js';
import type { SystemHandler } from './system-handler.js';

/** Answers a request to a path that is no resource's; undefined where it does not know the path. */
export interface PathHandler {
  /** Paths of which bodies may hold more values than others. */
  readonly bodyValues?: Readonly<Record<string, number>>;
  handle(request: ApiRequest): Soon<ApiAnswer | undefined>;
}

export interface ApiHandlerParts {
  readonly registry: Registry;
  readonly reader: ObjectReader;
  readonly resources: ResourceHandler;
  readonly subresources: SubresourceHandler;
  readonly discovery: DiscoveryHandler;
  readonly system: SystemHandler;
  /** Tried in order before discovery and system paths. */
  readonly others?: readonly PathHandler[];
  /** Kinds that are only ever posted, such as access reviews. */
  readonly reviews: Pick<Reviews, 'find'>;
}

/** The older way to bind a Pod, whose body names it. */
function isLegacyBinding({ group, resource, namespace, name }: ResourceInfo): boolean {
  return resource === 'bindings' && group === '' && Boolean(namespace) && !name;
}

const ACROSS_NAMESPACES = ['list', 'watch'];
const OF_COLLECTIONS = [...ACROSS_NAMESPACES, 'create', 'deletecollection'];

/** Whether a path can be one of a kind's. */
function isKnown(verb: string, info: ResourceInfo, namespaced: boolean): boolean {
  const { namespace, name, resource, subresource, rest } = info;
  // Only a proxy has more behind it.
  if ((rest && subresource !== 'proxy') || (subresource && !name)) return false;
  if (!namespaced) return !namespace || resource === 'namespaces';
  // What a list across namespaces is narrowed to by a field selector counts as its name.
  return Boolean(namespace) || !name || ACROSS_NAMESPACES.includes(verb);
}

/** The collection of all namespaces can only be read, and nothing is put or patched without a name. */
function isMeant(verb: string, { namespace, name }: ResourceInfo, namespaced: boolean): boolean {
  if (namespaced && !namespace) return ACROSS_NAMESPACES.includes(verb);
  return Boolean(name) || OF_COLLECTIONS.includes(verb);
}

/** The Kubernetes API: finds who serves a request. Rejects with a StatusError. */
export class ApiHandler {
  constructor(private readonly parts: ApiHandlerParts) {}

  async handle(request: ApiRequest): Promise<ApiAnswer> {
    const { resource } = request.info;
    const answer = resource ? await this.handleResource(request, resource) : await this.handlePath(request);
    if (!answer) throw newUnknownPath();
    return answer;
  }

  private async handlePath(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { discovery, system, others = [] } = this.parts;
    const { path } = request.info;
    refuseLargeBody(request, others.find(({ bodyValues = {} }) => Object.hasOwn(bodyValues, path))?.bodyValues?.[path]);
    for (const handler of [...others, discovery, system]) {
      const answer = await handler.handle(request);
      if (!answer) continue;
      const methods = handler === discovery ? ['GET'] : ['GET', 'HEAD', 'OPTIONS'];
      if (methods.includes(request.method) || others.includes(handler)) return answer;
      throw newMethodNotAllowed();
    }
    return undefined;
  }

  private handleResource(request: ApiRequest, info: ResourceInfo): Soon<ApiAnswer | undefined> {
    const { registry, reader, reviews } = this.parts;
    const { verb } = request.info;
    const review = reviews.find(info);
    const isBinding = isLegacyBinding(info);
    if (review || isBinding) refuseLargeBody(request);
    if (review) {
      if (verb === 'create') return valueEncodingOf(request) && readWriteParameters(request) && review(request);
      throw newMethodNotAllowed();
    }
    if (isBinding) {
      if (verb === 'create') return handleLegacyBinding(request, registry, reader);
      throw newMethodNotAllowed();
    }
    const stores = registry.of(request.ctx);
    if (stores instanceof Promise) return stores.then((read) => this.handleServed(request, read, info));
    return this.handleServed(request, stores, info);
  }

  private handleServed(
    request: ApiRequest,
    stores: ResourceStores,
    info: ResourceInfo,
  ): Promise<ApiAnswer> | undefined {
    const store = stores.find(info.group, info.version, info.resource);
    return store && this.handleStored(request, store, info);
  }

  private handleStored(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> | undefined {
    const { resources, subresources } = this.parts;
    const { namespaced, deprecation } = store.definition;
    const { verb } = request.info;
    if (!isKnown(verb, info, namespaced)) return undefined;
    if (!isMeant(verb, info, namespaced)) throw newMethodNotAllowed();
    refuseLargeBody(request, store.definition.bodyValues);
    if (deprecation) request.ctx.warn(deprecation);
    const scoped = namespaced ? info : { ...info, namespace: '' };
    if (info.subresource) return subresources.handle(request, store, scoped);
    return resources.handle(request, store, scoped);
  }
}
