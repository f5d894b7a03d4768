import { type CancelTimer, type Context, withSignal } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import type { ClusterDirectory } from '../clusters/cluster-directory.js';
import type { Registry } from '../registry.js';
import { systemContext } from '../request-context.js';
import type { Endpoint } from './api-server-leases.js';
import { KEEP_EVERY_MILLISECONDS } from './keep-system-objects.js';
import { publishEndpoints, restoreKubernetesService } from './kubernetes-service.js';
import { restoreSystemObjects } from './system-objects.js';

export interface UpkeepParts {
  readonly registry: Registry;
  readonly directory: Pick<ClusterDirectory, 'follow'>;
  /** Clusters that others take care of. */
  readonly except: readonly string[];
  /** Where the living API servers are reached. */
  readonly living: () => Promise<readonly Endpoint[]>;
  /** The address of a cluster's Service `kubernetes`. */
  readonly serviceAddress: (ctx: Context, cluster: string) => Promise<string>;
  /** The network that its Services get addresses of. */
  readonly serviceNetwork: (ctx: Context, cluster: string) => Promise<string>;
}

/**
 * Gives every logical cluster what it must have: when it is made, when it is first used here, and again when it moved, since
 * somebody may have deleted some of it. A cluster at rest is left alone.
 */
export class ClusterUpkeep {
  private readonly due = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly ctx: Context;
  private cancel: CancelTimer | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    ctx: Context,
    private readonly parts: UpkeepParts,
  ) {
    this.ctx = withSignal(ctx, AbortSignal.any([ctx.signal, this.stopping.signal]));
  }

  /** Follows all clusters until `stop`. What there is already is looked at when it moves or is used. */
  start(): void {
    let initial = true;
    const stop = this.parts.directory.follow((moves) => {
      if (!initial) for (const { name, deleted = false } of moves) this.moved(name, deleted);
    });
    initial = false;
    this.ctx.signal.addEventListener('abort', stop, { once: true });
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the API server stops'));
    this.cancel?.();
    await this.working;
  }

  /** Makes what is missing of it. Rejects where the cluster cannot be given what it must have. */
  async make(ctx: Context, cluster: string): Promise<void> {
    const { registry, living, serviceAddress, serviceNetwork } = this.parts;
    const system = systemContext(ctx, cluster);
    await restoreSystemObjects(system, registry);
    const endpoints = await living();
    const [first] = endpoints;
    if (!first) return;
    const [clusterIp, network] = await Promise.all([serviceAddress(ctx, cluster), serviceNetwork(ctx, cluster)]);
    await restoreKubernetesService(system, registry, { ...first, clusterIp, serviceNetwork: network });
    await publishEndpoints(system, registry, endpoints);
  }

  /** Somebody reads or writes the cluster, for the first time in a while. */
  used(cluster: string): void {
    if (this.isOurs(cluster)) this.lookIn(cluster, 0);
  }

  private moved(cluster: string, deleted: boolean): void {
    if (deleted) this.due.delete(cluster);
    else if (this.isOurs(cluster)) this.lookIn(cluster, KEEP_EVERY_MILLISECONDS);
  }

  private isOurs(cluster: string): boolean {
    return !this.parts.except.includes(cluster) && !this.ctx.signal.aborted;
  }

  private lookIn(cluster: string, delay: number): void {
    this.due.add(cluster);
    if (delay === 0) this.cancel?.();
    else if (this.cancel) return;
    this.cancel = this.ctx.clock.after(delay, () => {
      this.cancel = undefined;
      const due = [...this.due];
      this.due.clear();
      this.working = this.working.then(() => this.keepAll(due));
    });
  }

  private async keepAll(due: readonly string[]): Promise<void> {
    for (const cluster of due) if (!this.ctx.signal.aborted) await this.keep(cluster);
  }

  private async keep(cluster: string): Promise<void> {
    try {
      await this.make(this.ctx, cluster);
    } catch (error) {
      if (isNotFound(error) || this.ctx.signal.aborted) return;
      this.ctx.logger.warn('system objects of a cluster cannot be kept', { cluster, error });
      this.lookIn(cluster, KEEP_EVERY_MILLISECONDS);
    }
  }
}
