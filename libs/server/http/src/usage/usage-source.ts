import { type KubeObject, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { inTurns } from '@binnacle/server-flow-control';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  encodeBody,
  expiredRevision,
  type Key,
  type ListResult,
  presentCluster,
  type ResourceSize,
  type Scope,
  type StorageReader,
  type StoredObject,
  type Watch,
  type WatchOptions,
} from '@binnacle/server-storage';
import type { ClusterUsage } from './usage-history.js';
import { gistOf, usageHead, usageObject } from './usage-object.js';
import { SLOT_MILLISECONDS } from './usage-ring.js';
import type { UsageSampler } from './usage-sampler.js';
import { type Measurement, type Told, UsageWatch } from './usage-watch.js';
import { usageWindow } from './usage-window.js';
import type { FindUsed } from './used.js';

const NOTHING = Buffer.alloc(0);
/** Bytes of an object with a series of the usual length. */
const USUAL_BYTES = 700;

export interface UsageParts {
  readonly storage: Pick<StorageReader, 'list' | 'sizeOf'>;
  /** Undefined where the server has no way to ask kubelets. */
  readonly sampler: UsageSampler | undefined;
  /** The resource whose objects are measured, as it is stored. */
  readonly of: string;
  readonly find: FindUsed;
}

/** Seconds since the epoch: as fine as need be, and no server is ahead of another by more than it measured later. */
const revisionOf = (usage: ClusterUsage | undefined): number => ((usage?.whole ?? 0) * SLOT_MILLISECONDS) / 1_000;

/** Answers what Nodes, Pods or workloads have used in the last hour. Their resourceVersion is when that was measured. */
export class UsageSource implements ObjectSource {
  constructor(private readonly parts: UsageParts) {}

  async get(ctx: RequestContext, key: Key): Promise<StoredObject | undefined> {
    const { cluster, resource, namespace, name } = key;
    const scope = { cluster, resource, name, ...(namespace && { namespace }) };
    return (await this.list(ctx, scope)).items[0];
  }

  /** All of them at once, as metrics are. */
  async list(ctx: RequestContext, scope: Scope): Promise<ListResult> {
    const { told, revision } = await this.measured(ctx, scope);
    return { items: told.map(({ object }) => object), revision, more: false };
  }

  async watch(ctx: RequestContext, scope: Scope, options: WatchOptions): Promise<Watch> {
    // What cannot be read is refused at once.
    usageWindow(scope);
    const { sampler } = this.parts;
    const revision = revisionOf(this.look(scope.cluster));
    // What is gone since is not known any more.
    if (options.after !== undefined && options.after < revision) throw expiredRevision(options.after, revision);
    const follow = (listener: () => void) => sampler?.follow(scope.cluster, listener) ?? (() => undefined);
    return new UsageWatch(ctx, options, { list: () => this.measured(ctx, scope), follow }).stream;
  }

  peek(): undefined {
    return undefined;
  }

  async write(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'what is used is measured and not written');
  }

  /** Of the past of a cluster nothing is kept. */
  private look(cluster: string): ClusterUsage | undefined {
    return presentCluster(cluster) === cluster ? this.parts.sampler?.look(cluster) : undefined;
  }

  private async measured(ctx: RequestContext, scope: Scope): Promise<Measurement> {
    const window = usageWindow(scope);
    const usage = this.look(scope.cluster);
    const revision = revisionOf(usage);
    if (!usage?.whole) return { told: [], revision };
    const found = await this.parts.find(ctx, this.parts.storage, scope, usage);
    const told = await inTurns(found, ctx.signal, (used): Told[] => {
      const head = { ...usageHead(scope, used, window), revision, body: NOTHING };
      if (scope.matches && !scope.matches(head.attributes, head.key, head)) return [];
      const object = usageObject(used, window, usage);
      return [
        {
          object: { ...head, body: encodeBody(object as KubeObject as UnstructuredObject) },
          gist: gistOf(used, object),
        },
      ];
    });
    return { told: told.flat(), revision };
  }

  sizeOf(cluster: string): ResourceSize | undefined {
    const objects = this.parts.storage.sizeOf?.(cluster, this.parts.of)?.objects;
    return objects === undefined ? undefined : { objects, bytes: objects * USUAL_BYTES };
  }
}
