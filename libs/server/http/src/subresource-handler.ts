import { expectedKind } from '@binnacle/apis-kubernetes/registry';
import type { ExpectedKind } from '@binnacle/apis-kubernetes/schema';
import { newMethodNotSupported, newUnknownPath, type Status, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
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
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { getRevision } from './list-options.js';
import { refuseOtherName } from './named-body.js';
import { objectAnswer, valueAnswer } from './object-answer.js';
import type { ObjectReader } from './object-reader.js';
import { handlePatch, refuseForce } from './patch-handler.js';
import { readPatch } from './read-patch.js';
import type { ResourceInfo } from './request-info.js';
import { placeOf } from './resource-handler.js';
import { readDryRun, readFieldManager } from './write-options.js';

/** Serves one subresource of one or more kinds. */
export type SubresourceServer = (request: ApiRequest, store: ResourceStore, place: ObjectPlace) => Promise<ApiAnswer>;

const SUCCESS: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
const BINDING: ExpectedKind = { group: '', version: 'v1', kind: 'Binding', schema: 'io.k8s.api.core.v1.Binding' };
const SCALE: ExpectedKind = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  schema: 'io.k8s.api.autoscaling.v1.Scale',
};
const EVICTION: ExpectedKind = {
  group: 'policy',
  version: 'v1',
  kind: 'Eviction',
  schema: 'io.k8s.api.policy.v1.Eviction',
};

/** Serves `<plural>/<name>/<subresource>`. */
export class SubresourceHandler {
  private readonly servers: Readonly<Record<string, SubresourceServer>>;

  /** `registry` is where an eviction finds disruption budgets; `others` serves what needs more than the registry, such as logs and tokens; by `<plural>/<subresource>`. */
  constructor(
    private readonly reader: ObjectReader,
    private readonly registry: Registry,
    others: Readonly<Record<string, SubresourceServer>> = {},
  ) {
    this.servers = {
      status: (request, store, place) => this.view(request, store, place, 'status'),
      ephemeralcontainers: (request, store, place) => this.view(request, store, place, 'main'),
      resize: (request, store, place) => this.view(request, store, place, 'main'),
      'namespaces/finalize': (request, store, place) => this.finalize(request, store, place),
      scale: (request, store, place) => this.scale(request, store, place),
      'pods/binding': (request, store, place) => this.bind(request, store, place),
      'pods/eviction': (request, store, place) => this.evict(request, store, place),
      ...others,
    };
  }

  handle(request: ApiRequest, store: ResourceStore, info: ResourceInfo): Promise<ApiAnswer> {
    const { definition } = store;
    const known = definition.subresources.find(({ name }) => name === info.subresource);
    const server = this.servers[`${definition.names.plural}/${info.subresource}`] ?? this.servers[info.subresource];
    const resource = { group: definition.group, resource: `${definition.names.plural}/${info.subresource}` };
    if (!known || !server) throw newUnknownPath();
    if (!known.verbs.some((verb) => verb === request.info.verb))
      throw newMethodNotSupported(resource, request.info.verb);
    return server(request, store, placeOf(info));
  }

  private async view(
    request: ApiRequest,
    store: ResourceStore,
    place: ObjectPlace,
    rules: 'main' | 'status',
  ): Promise<ApiAnswer> {
    const subresource = request.info.resource?.subresource ?? '';
    if (request.info.verb === 'patch') return handlePatch(request, store, place, this.reader, { rules, subresource });
    if (request.info.verb === 'get') {
      return objectAnswer(request, store.definition, await store.get(request.ctx, place, getRevision(request.query)));
    }
    const next = this.reader.read(request, expectedKind(store.definition));
    const options = { dryRun: readDryRun(request), fieldManager: readFieldManager(request), rules, subresource };
    const { stored } = await store.replace(request.ctx, place, next, options);
    return objectAnswer(request, store.definition, stored);
  }

  /** Only `spec.finalizers` may change here; what is then no longer held goes away. */
  private async finalize(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const wanted = this.reader.read(request, expectedKind(store.definition));
    const finalizers = (wanted.spec as { finalizers?: string[] } | undefined)?.finalizers ?? [];
    const change = (current: UnstructuredObject) => {
      const { uid, resourceVersion } = wanted.metadata;
      const metadata = { ...current.metadata, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
      const next = { ...current, metadata, spec: { ...(current.spec as object), finalizers } };
      const errors = store.definition.strategy.validate?.(next) ?? [];
      if (errors.length > 0) throw invalid(store.definition, place.name, errors);
      return next;
    };
    const options = { dryRun: readDryRun(request), rules: 'none', subresource: 'finalize' } as const;
    return objectAnswer(request, store.definition, await store.update(request.ctx, place, change, options));
  }

  private async scale(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const { ctx, info } = request;
    if (info.verb === 'get') {
      const stored = await store.get(ctx, place, getRevision(request.query));
      return valueAnswer(request, scaleOf(store, store.decode(stored)));
    }
    const change = info.verb === 'patch' ? this.scalePatch(request) : this.scaleBody(request, place);
    const options = { dryRun: readDryRun(request), fieldManager: readFieldManager(request) };
    const scale = await updateScale(store, ctx, place, change, options);
    return valueAnswer(request, scale);
  }

  private scaleBody(request: ApiRequest, place: ObjectPlace): (current: Scale) => Scale {
    const wanted = this.reader.read(request, SCALE);
    refuseOtherName(wanted, place);
    return () => wanted as unknown as Scale;
  }

  private scalePatch(request: ApiRequest): (current: Scale) => Scale {
    refuseForce(request);
    const { apply, problems } = readPatch(request, SCALE.schema);
    return (current) => this.reader.readPatched(request, SCALE, apply({ ...current }), problems) as unknown as Scale;
  }

  private async bind(request: ApiRequest, store: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const binding = this.reader.read(request, BINDING);
    refuseOtherName(binding, place);
    await bindPod(store, request.ctx, place, binding, { dryRun: readDryRun(request) });
    return valueAnswer(request, { ...SUCCESS, code: 201 }, 201);
  }

  private async evict(request: ApiRequest, pods: ResourceStore, place: ObjectPlace): Promise<ApiAnswer> {
    const eviction = this.reader.read(request, EVICTION) as UnstructuredObject & PodEviction;
    refuseOtherName(eviction, place);
    const dryRun = readDryRun(request, eviction.deleteOptions?.dryRun);
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
  const binding = reader.read(request, BINDING);
  const place = { namespace: request.info.resource?.namespace ?? '', name: binding.metadata.name ?? '' };
  const pods = registry.get('', 'v1', 'pods');
  await bindPod(pods, request.ctx, place, binding, { dryRun: readDryRun(request) });
  return valueAnswer(request, { ...SUCCESS, code: 201 }, 201);
}
