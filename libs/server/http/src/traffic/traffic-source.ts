import type { Connection, ServiceTraffic } from '@binnacle/apis-kubernetes/traffic/v1';
import { type KubeObject, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { inTurns } from '@binnacle/server-flow-control';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  encodeBody,
  type Key,
  type ListResult,
  presentCluster,
  type ResourceSize,
  type Scope,
  type StoredObject,
} from '@binnacle/server-storage';
import { mergeTraffic } from './merge-traffic.js';
import type { Proxies } from './proxies.js';
import { readConnections, readTraffic } from './read-traffic.js';

/** How a kind is asked for, read and selected. */
export interface Told {
  readonly what: 'connections' | 'traffic';
  /** Of what all proxies say. */
  read(answers: readonly unknown[]): readonly KubeObject[];
  fields(object: KubeObject): Readonly<Record<string, string>>;
  /** Whether its objects have the names of Services. */
  readonly isNamedAsService: boolean;
}

export const ofConnections: Told = {
  what: 'connections',
  read: (answers) => answers.flatMap(readConnections),
  fields: (object) => {
    const { spec } = object as Connection;
    return {
      'spec.serviceName': spec.serviceName,
      'spec.protocol': spec.protocol,
      'spec.client.address': spec.client.address,
      'spec.endpoint.address': spec.endpoint.address,
    };
  },
  isNamedAsService: false,
};

export const ofServices: Told = {
  what: 'traffic',
  read: (answers): readonly ServiceTraffic[] => mergeTraffic(answers.flatMap(readTraffic)),
  fields: () => ({}),
  isNamedAsService: true,
};

const SERVICE_NAME = 'spec.serviceName';
/** What a list looks through at most, and bytes of an object. */
const MOST = 5_000;
const USUAL_BYTES = 600;
const NOTHING = Buffer.alloc(0);

const readOnly = (what: string): StatusError =>
  new StatusError(405, 'MethodNotAllowed', `what is connected is ${what} and not written`);

/** Answers what Services carry now by asking the proxies. Its resourceVersion is when that was, in seconds since the epoch. */
export class TrafficSource implements ObjectSource {
  readonly listSize: ResourceSize = { objects: MOST, bytes: MOST * USUAL_BYTES };

  constructor(
    private readonly told: Told,
    private readonly proxies: Pick<Proxies, 'ask'>,
  ) {}

  async get(ctx: RequestContext, { cluster, resource, namespace, name }: Key): Promise<StoredObject | undefined> {
    return (await this.list(ctx, { cluster, resource, namespace, name })).items[0];
  }

  async list(ctx: RequestContext, scope: Scope): Promise<ListResult> {
    const revision = Math.floor(ctx.clock.now() / 1_000);
    // Of the past of a cluster nothing is kept.
    if (presentCluster(scope.cluster) !== scope.cluster) return { items: [], revision, more: false };
    const objects = this.told.read(await this.proxies.ask(ctx, this.pathOf(scope)));
    const items = await inTurns(objects, ctx.signal, (object) => this.itemOf(scope, object, revision));
    return { items: items.flat(), revision, more: false };
  }

  peek(): undefined {
    return undefined;
  }

  async watch(): Promise<never> {
    throw readOnly('told when it is asked for');
  }

  async write(): Promise<never> {
    throw readOnly('told');
  }

  /** The proxy need not tell what is not asked for. */
  private pathOf({ cluster, namespace, name, equal }: Scope): string {
    const service = this.told.isNamedAsService ? name : equal?.[SERVICE_NAME];
    const query = new URLSearchParams({
      ...(namespace !== undefined && { namespace }),
      ...(namespace !== undefined && service !== undefined && { name: service }),
    });
    return `/${this.told.what}/${encodeURIComponent(cluster)}?${query}`;
  }

  private itemOf(scope: Scope, object: KubeObject, revision: number): StoredObject[] {
    const { namespace = '', name = '' } = object.metadata;
    const { cluster, resource } = scope;
    const head: StoredObject = {
      key: { cluster, resource, namespace, name },
      revision,
      attributes: { labels: {}, fields: this.told.fields(object) },
      body: NOTHING,
    };
    return isIn(scope, head) ? [{ ...head, body: encodeBody(object as UnstructuredObject) }] : [];
  }
}

function isIn({ namespace, namespaces, name, matches }: Scope, head: StoredObject): boolean {
  const { key, attributes } = head;
  if (namespace !== undefined && key.namespace !== namespace) return false;
  if (name !== undefined && key.name !== name) return false;
  return namespaces?.has(key.namespace) !== false && (matches?.(attributes, key, head) ?? true);
}
