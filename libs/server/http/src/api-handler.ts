import { newMethodNotSupported, newUnknownPath } from '@binnacle/machinery-meta';
import type { Registry } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import type { DiscoveryHandler } from './discovery/discovery-handler.js';
import type { ObjectReader } from './object-reader.js';
import type { ResourceInfo } from './request-info.js';
import type { ResourceHandler } from './resource-handler.js';
import { handleLegacyBinding, type SubresourceHandler } from './subresource-handler.js';
import type { SystemHandler } from './system-handler.js';

/** Answers a request to a path that is no resource's; undefined where it does not know the path. */
export interface PathHandler {
  handle(request: ApiRequest): ApiAnswer | undefined | Promise<ApiAnswer | undefined>;
}

export interface ApiHandlerParts {
  readonly registry: Registry;
  readonly reader: ObjectReader;
  readonly resources: ResourceHandler;
  readonly subresources: SubresourceHandler;
  readonly discovery: DiscoveryHandler;
  readonly system: SystemHandler;
  /** Tried in order after discovery and system paths. */
  readonly others?: readonly PathHandler[];
  /** Kinds that are only ever posted, such as reviews: by `<group>/<plural>`. */
  readonly virtual?: Readonly<Record<string, (request: ApiRequest) => Promise<ApiAnswer>>>;
}

/** The older way to bind a Pod, whose body names it. */
function isLegacyBinding(verb: string, { group, resource }: ResourceInfo): boolean {
  return resource === 'bindings' && group === '' && verb === 'create';
}

/** Whether a path says all that is needed to find what it is about, and no more. */
function isPlace(verb: string, { namespace, name, resource, subresource }: ResourceInfo, namespaced: boolean): boolean {
  if (subresource && !name) return false;
  if (!namespaced) return !namespace || resource === 'namespaces';
  return Boolean(namespace) || verb === 'list' || verb === 'watch';
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
    for (const handler of [discovery, system, ...others]) {
      const answer = await handler.handle(request);
      if (!answer) continue;
      if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || others.includes(handler)) return answer;
      throw newMethodNotSupported({ group: '', resource: '' }, request.method);
    }
    return undefined;
  }

  private handleResource(request: ApiRequest, info: ResourceInfo): Promise<ApiAnswer> | undefined {
    const { registry, reader, resources, subresources, virtual } = this.parts;
    const posted = virtual?.[`${info.group}/${info.resource}`];
    if (posted && !info.subresource) return this.handleVirtual(request, info, posted);
    if (isLegacyBinding(request.info.verb, info)) return handleLegacyBinding(request, registry, reader);
    const store = registry.find(info.group, info.version, info.resource);
    if (!store || !isPlace(request.info.verb, info, store.definition.namespaced)) return undefined;
    const place = store.definition.namespaced ? info : { ...info, namespace: '' };
    if (info.subresource) return subresources.handle(request, store, place);
    return resources.handle(request, store, place);
  }

  private handleVirtual(
    request: ApiRequest,
    info: ResourceInfo,
    serve: (request: ApiRequest) => Promise<ApiAnswer>,
  ): Promise<ApiAnswer> {
    if (request.info.verb === 'create') return serve(request);
    throw newMethodNotSupported({ group: info.group, resource: info.resource }, request.info.verb);
  }
}
