import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { DEFAULT_CLUSTER, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  encodeBody,
  type Key,
  type ListResult,
  parseBody,
  type Scope,
  type StorageReader,
  type StoredObject,
} from '@binnacle/server-storage';
import type { RequestContext } from '../request-context.js';
import type { ObjectSource } from '../resource-core.js';

/** Components by the names they have always had here, and what they are called where they run. */
const COMPONENTS: readonly (readonly [component: string, program: string])[] = [
  ['controller-manager', 'kube-controller-manager'],
  ['scheduler', 'kube-scheduler'],
];
/** The store, under upstream's name. It answers, or nothing here does. */
const STORE = 'etcd-0';
const SYSTEM = { cluster: DEFAULT_CLUSTER, namespace: 'kube-system' };
const LEASES: Scope = { ...SYSTEM, resource: 'coordination.k8s.io/leases' };
const LABEL_COMPONENT = 'component';
const PODS: Scope = { ...SYSTEM, resource: 'pods', matches: ({ labels }) => labels[LABEL_COMPONENT] !== undefined };

interface Health {
  readonly message?: string;
  readonly error?: string;
}

const HEALTHY: Health = { message: 'ok' };

/** Several take turns by a Lease: whoever holds it works, and one that has run out, nobody does. */
function isLed(lease: Lease, now: number): boolean {
  const { holderIdentity, renewTime, leaseDurationSeconds = 0 } = lease.spec ?? {};
  return Boolean(holderIdentity && renewTime && now <= Date.parse(renewTime) + leaseDurationSeconds * 1000);
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');
}

function objectOf(name: string, { message, error }: Health): UnstructuredObject {
  const condition = {
    type: 'Healthy',
    status: error ? 'False' : 'True',
    ...(message && { message }),
    ...(error && { error }),
  };
  return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions: [condition] };
}

/**
 * Answers how the components are. Upstream asks each at a port of its own machine; here they may be anywhere, and are well where
 * a Pod of theirs is ready, or where they say by their Lease that they work: in the default cluster, for all clusters.
 */
export class ComponentStatuses implements ObjectSource {
  constructor(private readonly storage: Pick<StorageReader, 'list'>) {}

  async get(ctx: RequestContext, key: Key): Promise<StoredObject | undefined> {
    const { items } = await this.all(ctx, key);
    return items.find((item) => item.key.name === key.name);
  }

  async list(ctx: RequestContext, scope: Scope): Promise<ListResult> {
    const { revision, items } = await this.all(ctx, scope);
    const matching = items.filter((item) => scope.matches?.(item.attributes, item.key, item) ?? true);
    return { revision, items: matching, more: false };
  }

  peek(): undefined {
    return undefined;
  }

  async watch(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'components are looked at when they are asked for');
  }

  async write(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'components are not written');
  }

  private async all(
    ctx: RequestContext,
    { cluster, resource }: Pick<Key, 'cluster' | 'resource'>,
  ): Promise<ListResult> {
    const any = { revision: { at: 'any' } } as const;
    const [leases, pods] = await Promise.all([this.storage.list(ctx, LEASES, any), this.storage.list(ctx, PODS, any)]);
    const { revision } = leases;
    const healthOf = (program: string): Health => {
      const lease = leases.items.find(({ key }) => key.name === program);
      const own = pods.items.filter(({ attributes }) => attributes.labels[LABEL_COMPONENT] === program);
      const works = own.some((pod) => isReady(parseBody(pod))) || (lease && isLed(parseBody(lease), ctx.clock.now()));
      return works ? HEALTHY : { error: `no Pod of ${program} is ready, and nobody holds its lease` };
    };
    const healths = [
      ...COMPONENTS.map(([name, program]) => [name, healthOf(program)] as const),
      [STORE, HEALTHY] as const,
    ];
    const items = healths.map(([name, health]) => ({
      key: { cluster, resource, namespace: '', name },
      revision,
      body: encodeBody(objectOf(name, health)),
      attributes: { labels: {}, fields: {} },
    }));
    return { revision, items: items.sort((a, b) => (a.key.name < b.key.name ? -1 : 1)), more: false };
  }
}
