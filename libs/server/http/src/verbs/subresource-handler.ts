import { each, expectedKind, validateFinalizerName } from '@binnacle/apis-registry';
import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import { fieldPath } from '@binnacle/machinery-validation';
import { newMethodNotAllowed, newUnknownPath, type Status, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  asServer,
  bindPod,
  evictPod,
  invalid,
  type ObjectPlace,
  type PodEviction,
  type Registry,
  type ResourceStore,
  type Scale,
  scaleOf,
  updateScale,
} from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { getRevision } from '../request/list-options.js';
import { checkName, refuseOtherName } from '../request/named-body.js';
import { encodingOf, objectAnswer, valueAnswer, valueEncodingOf } from '../answer/object-answer.js';
import { scaleAnswer } from '../answer/scale-answer.js';
import type { ObjectReader } from './object-reader.js';
import { handlePatch, isApply } from './patch-handler.js';
import { APPLY_PATCH, patchReader } from './read-patch.js';
import type { ResourceInfo } from '../request/request-info.js';
import { isBodiless, placeOf } from './resource-handler.js';
import { handleScaleApply } from './scale-apply.js';
import { checkDeleteOptions, readWriteParameters } from '../request/write-options.js';

/** Serves one subresource of one request. */
export type ServeSubresource = (request: ApiRequest, store: ResourceStore, place: ObjectPlace) => Promise<ApiAnswer>;

/** Who serves a subresource of one resource. */
export interface SubresourceServer {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly serve: ServeSubresource;
}

const SUCCESS: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
const BINDING = builtinKind('', 'v1', 'Binding');
const SCALE = builtinKind('autoscaling', 'v1', 'Scale');
const EVICTION = builtinKind('policy', 'v1', 'Eviction');

/** Subresources whose answers are not the object they belong to. */
const VALUES: readonly string[] = ['scale', 'binding', 'eviction', 'token'];

/** Before anything is written: an answer that cannot be made afterwards would deny what has happened. */
function checkAcceptable(request: ApiRequest, subresource: string): void {
  if (VALUES.includes(subresource)) valueEncodingOf(request);
  else encodingOf(request);
}

/** What is behind a proxy may be asked with OPTIONS, too, which is no verb of its own. */
const isProxied = ({ info, method }: ApiRequest): boolean =>
  method === 'OPTIONS' && info.resource?.subresource === 'proxy';

const keyOf = ({ group, resource, subresource }: Pick<ResourceInfo, 'group' | 'resource' | 'subresource'>): string =>
  `${group}/${resource}/${subresource}`;

/** Serves `<plural>/<name>/<subresource>`. */
export class SubresourceHandler {
  /** Of any kind that has them. */
  private readonly usual: Readonly<Record<string, ServeSubresource>> = {
    status: (request, store, place) => this.view(request, store, place, 'status'),
    scale: (request, store, place) => this.scale(request, store, place),
  };
  private readonly servers: ReadonlyMap<string, ServeSubresource>;

  /** `registry` is where an eviction finds disruption budgets; `others` serve what needs more than the registry, such as logs and tokens. */
  constructor(
    private readonly reader: ObjectReader,
    private readonly registry: Registry,
    others: readonly SubresourceServer[] = [],
  ) {
    this.servers = new Map([...this.own(), ...others].map((server) => [keyOf(server), server.serve]));
  }

  private own(): SubresourceServer[] {
    const of = (resource: string, subresource: string, serve: ServeSubresource) => ({
      group: '',
      resource,
      subresource,
      serve,
    });
    return [
      of('namespaces', 'finalize', (request, store, place) => this.finalize(request, store, place)),
      of('pods', 'binding', (request, store, place) => this.bind(request, store, place)),
      of('pods', 'eviction', (request, store, place) => this.evict(request, store, place)),
    ];
  }

  handle(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    const { definition } = store;
    const known = definition.subresources.find(({ name }) => name === info.subresource);
    const server = this.servers.get(keyOf(info)) ?? this.usual[info.subresource] ?? this.part(store, info);
    if (!known || !server) throw newUnknownPath();
    const takes = known.verbs.some((verb) => verb === request.info.verb);
    if (!takes && !isProxied(request)) throw newMethodNotAllowed();
    if (isBodiless(request) && !known.connects) throw newMethodNotAllowed();
    if (request.info.verb !== 'get' && !known.connects) checkAcceptable(request, info.subresource);
    return server(request, store, placeOf(info));
  }

  /** A part of the object that is read and written as its status is. */
  private part({ definition }: ResourceStore, { subresource }: ResourceInfo): ServeSubresource | undefined {
    if (!definition.strategy.parts?.[subresource]) return undefined;
    return (request, store, place) => this.view(request, store, place, 'part');
  }

  private async view(
    request: ApiRequest,
    store: ResourceStore,
    place: ObjectPlace,
    rules: 'status' | 'part',
  ): Promise<ApiAnswer> {
    const subresource = request.info.resource?.subresource ?? '';
    if (request.info.verb === 'patch') return handlePatch(request, store, place, this.reader, { rules, subresource });
    if (request.info.verb === 'get') {
      return objectAnswer(request, store.definition, await store.get(request.ctx, place, getRevision(request.query)));
    }
    const options = { ...readWriteParameters(request), rules, subresource };
    const { next, sent } = this.reader.readNext(request, store, place);
    checkName(next, place);
    const { stored } = await store.replace(request.ctx, place, next, { ...options, ...sent });
    return objectAnswer(request, store.definition, stored);
  }

  /** Only `spec.finalizers` may change here; what is then no longer held goes away. */
  private async finalize(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const parameters = readWriteParameters(request);
    const wanted = this.reader.read(request, expectedKind(store.definition));
    checkName(wanted, place);
    const finalizers = (wanted.spec as { finalizers?: string[] } | undefined)?.finalizers ?? [];
    const change = (current: UnstructuredObject) => {
      const { uid, resourceVersion } = wanted.metadata;
      const metadata = { ...current.metadata, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
      const spec: { finalizers?: string[] } = { ...(current.spec as object) };
      delete spec.finalizers;
      if (finalizers.length > 0) spec.finalizers = finalizers;
      const next = { ...current, metadata, spec };
      const errors = each(finalizers, fieldPath('spec', 'finalizers'), validateFinalizerName);
      if (errors.length > 0) throw invalid(store.definition, place.name, errors);
      return next;
    };
    const options = { ...parameters, rules: 'none', subresource: 'finalize' } as const;
    return objectAnswer(request, store.definition, await store.update(request.ctx, place, change, options));
  }

  private async scale(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const { ctx, info } = request;
    if (info.verb === 'get') {
      const stored = await store.get(ctx, place, getRevision(request.query));
      return scaleAnswer(request, scaleOf(store, store.decode(stored)));
    }
    if (isApply(request)) return handleScaleApply(request, store, place, this.reader);
    const options = readWriteParameters(request);
    const change = info.verb === 'patch' ? this.scalePatch(request, place) : this.scaleBody(request, place);
    const scale = await updateScale(store, ctx, place, change, options);
    return scaleAnswer(request, scale);
  }

  private scaleBody(request: ApiRequest, place: ObjectPlace): (current: Scale) => Scale {
    const wanted = this.reader.read(request, SCALE);
    checkName(wanted, place);
    return () => wanted as unknown as Scale;
  }

  private scalePatch(request: ApiRequest, place: ObjectPlace): (current: Scale) => Scale {
    const read = patchReader(request, SCALE, APPLY_PATCH);
    return (current) => {
      const patch = read();
      const next = this.reader.readPatched(request, SCALE, patch.apply({ ...current }), patch);
      checkName(next, place);
      return next as unknown as Scale;
    };
  }

  private async bind(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const { dryRun } = readWriteParameters(request);
    const binding = this.reader.read(request, BINDING);
    refuseOtherName(binding, place);
    await bindPod(store, request.ctx, place, binding, { dryRun });
    return valueAnswer(request, { ...SUCCESS, code: 201 }, 201);
  }

  private async evict(request: ApiRequest, pods: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const parameters = readWriteParameters(request);
    const eviction = this.reader.read(request, EVICTION) as UnstructuredObject & PodEviction;
    refuseOtherName(eviction, place);
    const dryRun = parameters.dryRun || checkDeleteOptions(eviction.deleteOptions ?? {});
    const stores = { pods, budgets: this.registry.get('policy', 'v1', 'poddisruptionbudgets') };
    await evictPod(stores, request.ctx, place, eviction, { dryRun });
    return valueAnswer(request, { ...SUCCESS, code: 201 }, 201);
  }
}

/** Serves the older `namespaces/<ns>/bindings`, whose body names the Pod. */
export async function handleLegacyBinding(
  request: ApiRequest,
  registry: Registry,
  reader: ObjectReader,
): Promise<ApiAnswer> {
  valueEncodingOf(request);
  const { dryRun } = readWriteParameters(request);
  const binding = reader.read(request, BINDING);
  const place = { namespace: request.info.resource?.namespace ?? '', name: binding.metadata.name ?? '' };
  const pods = registry.get('', 'v1', 'pods');
  // What was allowed is a Binding, which is no kind of the store's.
  await bindPod(pods, asServer(request.ctx), place, binding, { dryRun });
  return valueAnswer(request, { ...SUCCESS, code: 201 }, 201);
}
