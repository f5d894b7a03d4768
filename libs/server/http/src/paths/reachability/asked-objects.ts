import type { Namespace, Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { hasEnded } from '@binnacle/apis-network-policy';
import { newForbidden, newRequestEntityTooLarge, StatusError } from '@binnacle/machinery-meta';
import type { AskFor } from '@binnacle/server-auth';
import { inTurns } from '@binnacle/server-flow-control';
import {
  asServer,
  type CallerContext,
  type Registry,
  type RequestContext,
  type ResourceStore,
  selectionOf,
  type SelectorText,
  withPermit,
} from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';

/** Of what one question looks at. A policy takes about a KiB with who manages its fields. */
const MOST_OBJECTS = 1000;
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_NODES = 10_000;

interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

const LATEST = { at: 'latest' } as const;

const decoded = <T>(store: ResourceStore, stored: StoredObject): T => store.decode(stored) as unknown as T;

/** What was read for a question. */
export interface Reading {
  readonly rows: number;
  readonly bytes: number;
}

/** Something that a decision needs, and whether who asks may be told of it. */
export interface Seen<T> {
  readonly value: T;
  readonly isTold: boolean;
}

/** Undefined where it is rejected for that reason. */
async function unless<T>(reason: 'Forbidden' | 'NotFound', asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof StatusError && error.reason === reason) return undefined;
    throw error;
  }
}

/** Reads what a question about reachability needs, as far as who asks may see it. */
export class AskedObjects {
  constructor(
    private readonly ctx: CallerContext,
    private readonly registry: Pick<Registry, 'get'>,
    private readonly permit: AskFor,
    /** Hears of everything that is read, and may end it by throwing. */
    private readonly onRead: (reading: Reading) => void,
  ) {}

  /** Rejects with Forbidden or NotFound. */
  async pod(namespace: string, name: string): Promise<Pod> {
    return await this.get<Pod>(this.registry.get('', 'v1', 'pods'), namespace, name);
  }

  async service(namespace: string, name: string): Promise<Service> {
    return await this.get<Service>(this.registry.get('', 'v1', 'services'), namespace, name);
  }

  /** A Pod that a Service names. Undefined where it is gone. */
  async endpoint(namespace: string, name: string): Promise<Seen<Pod> | undefined> {
    const store = this.registry.get('', 'v1', 'pods');
    const ctx = await unless('Forbidden', this.allowed(store, 'get', namespace, name));
    const asked = this.stored<Pod>(ctx ?? asServer(this.ctx), store, { namespace, name });
    const value = await unless('NotFound', asked);
    return value && { value, isTold: ctx !== undefined };
  }

  /** Rejects with RequestEntityTooLarge where there are too many, with Forbidden where all of them `must` be told. */
  async policies(namespace: string, must: boolean): Promise<Seen<readonly NetworkPolicy[]>> {
    const store = this.registry.get('networking.k8s.io', 'v1', 'networkpolicies');
    const asked = this.allowed(store, 'list', namespace);
    const ctx = must ? await asked : await unless('Forbidden', asked);
    const value = await this.list<NetworkPolicy>(ctx ?? asServer(this.ctx), store, { namespace });
    return { value, isTold: ctx !== undefined };
  }

  async slices({ metadata: { namespace = '', name } }: Service): Promise<readonly EndpointSlice[]> {
    const store = this.registry.get('discovery.k8s.io', 'v1', 'endpointslices');
    const ctx = await this.allowed(store, 'list', namespace);
    return await this.list<EndpointSlice>(ctx, store, { namespace, labelSelector: `${LABEL_SERVICE_NAME}=${name}` });
  }

  /** Only looked at, and never told. */
  async namespace(name: string): Promise<Namespace | undefined> {
    const store = this.registry.get('', 'v1', 'namespaces');
    const [found] = await this.list<Namespace>(asServer(this.ctx), store, { fieldSelector: `metadata.name=${name}` });
    return found;
  }

  /** The Pod that has an address. Rejects with Forbidden where who asks may not get it, without telling which it is. */
  async podAt(ip: string): Promise<Pod | undefined> {
    const store = this.registry.get('', 'v1', 'pods');
    const all = await this.list<Pod>(asServer(this.ctx), store, { fieldSelector: `status.podIP=${ip}` });
    const found = all.find((pod) => !pod.spec?.hostNetwork && !hasEnded(pod));
    if (!found) return undefined;
    const { namespace = '', name = '' } = found.metadata;
    const told = await unless('Forbidden', this.pod(namespace, name));
    if (told) return told;
    throw newForbidden({ group: '', resource: 'pods' }, '', `you may not see the Pod that has the address ${ip}`);
  }

  /** The Service whose own address it is. Rejects with Forbidden where who asks may not get it. */
  async serviceAt(ip: string): Promise<Service | undefined> {
    const store = this.registry.get('', 'v1', 'services');
    const [found] = await this.list<Service>(asServer(this.ctx), store, { fieldSelector: `spec.clusterIP=${ip}` });
    return found && (await this.service(found.metadata.namespace ?? '', found.metadata.name ?? ''));
  }

  /** The name of the node whose own address it is. */
  async nodeAt(ip: string): Promise<string | undefined> {
    const store = this.registry.get('', 'v1', 'nodes');
    const { items } = await store.list(asServer(this.ctx), {}, { revision: LATEST, limit: MOST_NODES });
    this.onRead({ rows: items.length, bytes: 0 });
    const isAt = ({ status }: Node) => status?.addresses?.some(({ address }) => address === ip) ?? false;
    // Few are read: thousands of nodes are not taken apart for one of them.
    const likely = await inTurns(items, this.ctx.signal, (item) =>
      item.body.includes(ip) ? decoded<Node>(store, item) : undefined,
    );
    return likely.find((node) => node && isAt(node))?.metadata.name;
  }

  private async get<T>(store: ResourceStore, namespace: string, name: string): Promise<T> {
    return await this.stored(await this.allowed(store, 'get', namespace, name), store, { namespace, name });
  }

  private async stored<T>(ctx: RequestContext, store: ResourceStore, key: ObjectName): Promise<T> {
    const found = await store.get(ctx, key, LATEST);
    this.onRead({ rows: 1, bytes: found.body.length });
    return decoded<T>(store, found);
  }

  private async list<T>(ctx: RequestContext, store: ResourceStore, text: SelectorText): Promise<T[]> {
    const selection = selectionOf(store.definition, text);
    const { items, more } = await store.list(ctx, selection, { revision: LATEST, limit: MOST_OBJECTS });
    const bytes = items.reduce((sum, { body }) => sum + body.length, 0);
    // What is too much has been read, too.
    this.onRead({ rows: items.length, bytes });
    if (more || bytes > MOST_BYTES) {
      const { plural } = store.definition.names;
      throw newRequestEntityTooLarge(`there are more ${plural} than one question looks at`);
    }
    return await inTurns(items, this.ctx.signal, (item) => decoded<T>(store, item));
  }

  private async allowed(store: ResourceStore, verb: string, namespace: string, name = ''): Promise<RequestContext> {
    const { group, version, names } = store.definition;
    const resource = { group, version, resource: names.plural, subresource: '', namespace, name };
    const { ctx } = this;
    return withPermit(ctx, await this.permit(ctx, { user: ctx.user, cluster: ctx.cluster, verb, resource }));
  }
}
