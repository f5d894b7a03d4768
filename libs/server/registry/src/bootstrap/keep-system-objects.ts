import { sleep } from '@binnacle/machinery-context';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import { ApiServerLeases } from './api-server-leases.js';
import { keepFlowControlObjects } from './flow-control-objects.js';
import {
  type ApiServerAddress,
  publishEndpoints,
  publishKubernetesService,
  restoreKubernetesService,
} from './kubernetes-service.js';
import { restoreNamespaces } from './system-objects.js';

export const KEEP_EVERY_MILLISECONDS = 10_000;
/** Who stops does not wait longer for a store that does not answer. */
const LEAVE_WITHIN_MILLISECONDS = 5_000;

/** Keeps what the cluster `main` must have, and says there where the API servers are reached. */
export class SystemObjects {
  private readonly leases: ApiServerLeases;
  private readonly stopping = new AbortController();
  private keeping: Promise<void> = Promise.resolve();

  /** `id` tells this API server from the others, and is the same after a restart. */
  constructor(
    private readonly ctx: RequestContext,
    private readonly registry: Registry,
    private readonly address: ApiServerAddress,
    id: string,
  ) {
    const { host, port } = address;
    this.leases = new ApiServerLeases(registry, id, { host, port });
  }

  /**
   * Announces this server, and until `stop` or the context aborts makes again what somebody deleted. Behaves as kubernetes
   * pkg/controlplane/controller kubernetesservice and systemnamespaces.
   */
  async start(): Promise<void> {
    await publishKubernetesService(this.ctx, this.registry, this.address);
    await this.announce();
    this.keeping = this.keep();
  }

  /** Takes this server off the list, so that nobody is sent to it any more. The last one leaves its address. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the API server stops'));
    await this.keeping;
    const late = new AbortController();
    const cancel = this.ctx.clock.after(LEAVE_WITHIN_MILLISECONDS, () =>
      late.abort(new Error('the store is too slow')),
    );
    await this.leave({ ...this.ctx, signal: late.signal }).finally(cancel);
  }

  private async announce(): Promise<void> {
    await this.leases.renew(this.ctx);
    await publishEndpoints(this.ctx, this.registry, await this.leases.living(this.ctx));
  }

  private async keep(): Promise<void> {
    const signal = AbortSignal.any([this.ctx.signal, this.stopping.signal]);
    while (!signal.aborted) {
      await sleep({ ...this.ctx, signal }, KEEP_EVERY_MILLISECONDS).catch(() => undefined);
      if (!signal.aborted) await this.restore();
    }
  }

  private async restore(): Promise<void> {
    const { ctx, registry, address } = this;
    try {
      await restoreNamespaces(ctx, registry);
      await keepFlowControlObjects(ctx, registry);
      await restoreKubernetesService(ctx, registry, address);
      await this.announce();
    } catch (error) {
      if (!ctx.signal.aborted) ctx.logger.warn('system objects cannot be kept and are tried again later', { error });
    }
  }

  private async leave(ctx: RequestContext): Promise<void> {
    try {
      await this.leases.release(ctx);
      const others = await this.leases.living(ctx);
      if (others.length > 0) await publishEndpoints(ctx, this.registry, others);
    } catch (error) {
      ctx.logger.warn('the other API servers will find out by themselves that this one has stopped', { error });
    }
  }
}
