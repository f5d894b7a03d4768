import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import { type Context, formatMicroTime, sleep } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';

export const NODE_LEASE_NAMESPACE = 'kube-node-lease';
const DURATION_SECONDS = 40;
const RENEW_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 1000;

/** Renews the node's Lease every ten seconds, by which the control plane sees that the node lives. */
export class LeaseHeartbeat {
  private lease: Lease | undefined;

  constructor(
    private readonly leases: ResourceClient<Lease>,
    private readonly nodeName: string,
    private readonly node: () => Node | undefined,
  ) {}

  /** Runs until the context aborts. */
  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      const renewed = await this.renew(ctx).then(
        () => true,
        (error: unknown) => {
          this.lease = undefined;
          ctx.logger.debug('the node lease could not be renewed', { error });
          return false;
        },
      );
      await sleep(ctx, renewed ? RENEW_MILLISECONDS : RETRY_MILLISECONDS).catch(() => undefined);
    }
  }

  private async renew(ctx: Context): Promise<void> {
    const name = { name: this.nodeName, namespace: NODE_LEASE_NAMESPACE };
    this.lease ??= await ignoreNotFound(this.leases.get(ctx, name));
    const next = this.renewed(ctx.clock.now());
    this.lease = this.lease ? await this.leases.update(ctx, next) : await this.leases.create(ctx, next);
  }

  private renewed(now: number): Lease {
    const uid = this.node()?.metadata?.uid;
    const owner = { apiVersion: 'v1', kind: 'Node', name: this.nodeName, uid: uid ?? '' };
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...this.lease?.metadata,
        name: this.nodeName,
        namespace: NODE_LEASE_NAMESPACE,
        ...(uid && { ownerReferences: [owner] }),
      },
      spec: { holderIdentity: this.nodeName, leaseDurationSeconds: DURATION_SECONDS, renewTime: formatMicroTime(now) },
    };
  }
}
