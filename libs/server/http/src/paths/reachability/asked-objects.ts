import type { Namespace, Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { hasEnded } from '@binnacle/apis-network-policy';
import { newForbidden, newRequestEntityTooLarge, StatusError } from '@binnacle/machinery-meta';
import type { AskFor } from '@binnacle/server-auth';
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

/** Of what one question looks at. */
const MOST_OBJECTS = 1000;
const MOST_BYTES = 1024 * 1024;
const MOST_NODES = 10_000;

const LATEST = { at: 'latest' } as const;

const decoded = <T>(store: ResourceStore, stored: StoredObject): T => store.decode(stored) as unknown as T;

/** Reads what a question about reachability needs, as far as who asks may see it. */
export class AskedObjects {
  constructor(
    private readonly ctx: CallerContext,
    private readonly registry: Pick<Registry, 'get'>,
    private readonly permit: AskFor,
  ) {}

  /** Rejects with Forbidden or NotFound. */
  async pod(namespace: string, name: string): Promise<Pod> {
    return await this.get<Pod>(this.registry.get('', 'v1', 'pods'), namespace, name);
  }

  async service(namespace: string, name: string): Promise<Service> {
    return await this.get<Service>(this.registry.get('', 'v1', 'services'), namespace, name);
  }

  /** Rejects with Forbidden where who asks may not list them, with RequestEntityTooLarge where there are too many. */
  async policies(namespace: string): Promise<readonly NetworkPolicy[]> {
    const store = this.registry.get('networking.k8s.io', 'v1', 'networkpolicies');
    return await this.list<NetworkPolicy>(await this.allowed(store, 'list', namespace), store, { namespace });
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
    return await this.pod(namespace, name).catch((error: unknown) => {
      if (!(error instanceof StatusError) || error.reason !== 'Forbidden') throw error;
      throw newForbidden({ group: '', resource: 'pods' }, '', `you may not see the Pod that has the address ${ip}`);
    });
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
    const isAt = ({ status }: Node) => status?.addresses?.some(({ address }) => address === ip) ?? false;
    // Few are read: thousands of nodes are not taken apart for one of them.
    const likely = items.filter(({ body }) => body.includes(ip)).map((item) => decoded<Node>(store, item));
    return likely.find(isAt)?.metadata.name;
  }

  private async get<T>(store: ResourceStore, namespace: string, name: string): Promise<T> {
    const ctx = await this.allowed(store, 'get', namespace, name);
    return decoded<T>(store, await store.get(ctx, { namespace, name }, LATEST));
  }

  private async list<T>(ctx: RequestContext, store: ResourceStore, text: SelectorText): Promise<T[]> {
    const selection = selectionOf(store.definition, text);
    const { items, more } = await store.list(ctx, selection, { revision: LATEST, limit: MOST_OBJECTS });
    const bytes = items.reduce((sum, { body }) => sum + body.length, 0);
    if (more || bytes > MOST_BYTES) {
      const { plural } = store.definition.names;
      throw newRequestEntityTooLarge(`there are more ${plural} than one question looks at`);
    }
    return items.map((item) => decoded<T>(store, item));
  }

  private async allowed(store: ResourceStore, verb: string, namespace: string, name = ''): Promise<RequestContext> {
    const { group, version, names } = store.definition;
    const resource = { group, version, resource: names.plural, subresource: '', namespace, name };
    const { ctx } = this;
    return withPermit(ctx, await this.permit(ctx, { user: ctx.user, cluster: ctx.cluster, verb, resource }));
  }
}
