import type { LoadBalancerStatus, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { CLEANUP_FINALIZER, hasFinalizer } from './needs.js';
import { isSameStatus, statusOf } from './plan.js';

/** Writes what a load balancer leaves on its Service, all of it as its status, and waits until the informer has it. */
export class ServiceWriter {
  constructor(
    private readonly client: ResourceClient<Service>,
    private readonly services: SharedInformer<Service>,
  ) {}

  async addFinalizer(ctx: Context, service: Service): Promise<void> {
    if (!hasFinalizer(service)) await this.patch(ctx, service, { metadata: { finalizers: [CLEANUP_FINALIZER] } });
  }

  /** A Service that was only kept by it is gone then. */
  async removeFinalizer(ctx: Context, service: Service): Promise<void> {
    if (!hasFinalizer(service)) return;
    const metadata = { '$deleteFromPrimitiveList/finalizers': [CLEANUP_FINALIZER] };
    await ignoreNotFound(this.patch(ctx, service, { metadata }));
  }

  /** A Service that has gone has no status to write. */
  async writeStatus(ctx: Context, service: Service, status: LoadBalancerStatus): Promise<void> {
    if (isSameStatus(statusOf(service), status)) return;
    const loadBalancer = { ingress: status.ingress ?? null };
    await ignoreNotFound(this.patch(ctx, service, { status: { loadBalancer } }));
  }

  private async patch(
    ctx: Context,
    { metadata }: Service,
    patch: { metadata?: object; status?: object },
  ): Promise<void> {
    const { name = '', namespace, uid } = metadata;
    const body = { ...patch, metadata: { ...patch.metadata, uid } };
    const written = await this.client.patch(ctx, { name, namespace }, 'strategic', body, 'status');
    await this.services.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
