import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  encodeBody,
  type Key,
  type ListResult,
  type Scope,
  type StorageReader,
  type StoredObject,
} from '@binnacle/server-storage';
import type { KubeletSummaries } from './kubelet-summaries.js';
import type { MeasuredNode } from './measured.js';
import { nodeMetrics, podMetrics } from './metrics-object.js';

const ANY = { revision: { at: 'any' } } as const;
const NODE_NAME = 'spec.nodeName';

/** Metrics of the objects of a kind, which have the names and labels of these. */
interface Measuring {
  /** The kind that is measured, as it is stored. */
  readonly of: 'nodes' | 'pods';
  /** The nodes whose kubelets know. */
  nodes(objects: readonly StoredObject[]): ReadonlySet<string>;
  measure(object: StoredObject, summaries: ReadonlyMap<string, MeasuredNode>): UnstructuredObject | undefined;
}

const named = ({ key: { name, namespace }, attributes: { labels } }: StoredObject) => ({
  name,
  ...(namespace && { namespace }),
  labels,
});

export const ofNodes: Measuring = {
  of: 'nodes',
  nodes: (objects) => new Set(objects.map(({ key }) => key.name)),
  measure: (node, summaries) => {
    const summary = summaries.get(node.key.name);
    return summary && nodeMetrics(named(node), summary);
  },
};

export const ofPods: Measuring = {
  of: 'pods',
  nodes: (objects) => new Set(objects.flatMap(({ attributes }) => attributes.fields[NODE_NAME] || [])),
  measure: (pod, summaries) => {
    const summary = summaries.get(pod.attributes.fields[NODE_NAME] ?? '');
    const found = summary?.pods.get(`${pod.key.namespace}/${pod.key.name}`);
    // One whose containers do not run yet has no figures.
    return found && found.containers.length > 0 ? podMetrics(named(pod), found) : undefined;
  },
};

const readOnly = (what: string): StatusError => new StatusError(405, 'MethodNotAllowed', `metrics are ${what}`);

/** Answers what Nodes or Pods use now, by asking the kubelets of those that are asked for. */
export class ResourceMetrics implements ObjectSource {
  constructor(
    private readonly measuring: Measuring,
    private readonly storage: Pick<StorageReader, 'get' | 'list'>,
    private readonly summaries: KubeletSummaries | undefined,
  ) {}

  async get(ctx: RequestContext, key: Key): Promise<StoredObject | undefined> {
    const object = await this.storage.get(ctx, { ...key, resource: this.measuring.of }, { at: 'any' });
    if (!object) return undefined;
    const [found] = await this.measure(ctx, key.resource, [object]);
    return found;
  }

  async list(ctx: RequestContext, { resource, ...scope }: Scope): Promise<ListResult> {
    const { items, revision } = await this.storage.list(ctx, { ...scope, resource: this.measuring.of }, ANY);
    return { items: await this.measure(ctx, resource, items), revision, more: false };
  }

  peek(): undefined {
    return undefined;
  }

  async watch(): Promise<never> {
    throw readOnly('measured when they are asked for');
  }

  async write(): Promise<never> {
    throw readOnly('measured and not written');
  }

  private async measure(
    ctx: RequestContext,
    resource: string,
    objects: readonly StoredObject[],
  ): Promise<StoredObject[]> {
    const wanted = this.measuring.nodes(objects);
    if (!this.summaries || wanted.size === 0) return [];
    const matches: Scope['matches'] = (_, { name }) => wanted.has(name);
    const nodes = await this.storage.list(ctx, { cluster: ctx.cluster, resource: 'nodes', matches }, ANY);
    const summaries = await this.summaries.of(ctx, nodes.items);
    return objects.flatMap((object) => {
      const body = this.measuring.measure(object, summaries);
      if (!body) return [];
      const { key, revision, attributes } = object;
      return [
        { key: { ...key, resource }, revision, body: encodeBody(body), attributes: { ...attributes, fields: {} } },
      ];
    });
  }
}
