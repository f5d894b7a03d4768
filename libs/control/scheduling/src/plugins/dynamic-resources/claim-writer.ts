import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLAIM_FINALIZER, consumerReference, isReservedForPod } from '@binnacle/apis-kubernetes/devices';
import type { AllocationResult, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import { type Context, formatTime, withSignal } from '@binnacle/machinery-context';
import { isConflict, withFinalizer } from '@binnacle/machinery-meta';
import { givenUpAt, readiness } from './binding-conditions.js';
import { describeClaim } from '../../devices/demands.js';

/** As client-go retry.DefaultRetry. */
const TRIES = 5;

export interface ClaimWriterOptions {
  /** How long a Pod waits for its devices before it is bound, in milliseconds. */
  readonly timeout: number;
  readonly claims: SharedInformer<ResourceClaim>;
  readonly client: Pick<
    ResourceClient<ResourceClaim>,
    'get' | 'create' | 'update' | 'updateStatus' | 'patch' | 'delete'
  >;
}

const nameOf = ({ metadata }: ResourceClaim) => ({ name: metadata.name ?? '', namespace: metadata.namespace });

/** Throws where the claim is not what it was when it was decided about. */
function checkUnchanged(claim: ResourceClaim, allocation: AllocationResult | undefined): void {
  const name = describeClaim(claim);
  if (claim.metadata.deletionTimestamp) throw new Error(`claim ${name} got deleted in the meantime`);
  if (allocation && claim.status?.allocation) throw new Error(`claim ${name} got allocated elsewhere in the meantime`);
  if (!allocation && !claim.status?.allocation)
    throw new Error(`claim ${name} got deallocated elsewhere in the meantime`);
}

/** Writes what was decided about claims. */
export class ClaimWriter {
  constructor(private readonly options: ClaimWriterOptions) {}

  /** Gives a claim its devices, where it has none yet, and its Pod the claim. The informer knows of it then. */
  async bind(
    ctx: Context,
    claim: ResourceClaim,
    pod: Pod,
    allocation: AllocationResult | undefined,
  ): Promise<ResourceClaim> {
    const written = await this.retried(ctx, claim, (latest) => this.write(ctx, latest, pod, allocation));
    await this.options.claims.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }

  create(ctx: Context, claim: ResourceClaim): Promise<ResourceClaim> {
    return this.options.client.create(ctx, claim);
  }

  /** A Pod that is not bound does not use its claim after all. */
  async unreserve(ctx: Context, claim: ResourceClaim, pod: Pod): Promise<void> {
    const { uid } = claim.metadata;
    const patch = { metadata: { uid }, status: { reservedFor: [{ $patch: 'delete', uid: pod.metadata.uid }] } };
    await this.options.client.patch(ctx, nameOf(claim), 'strategic', patch, 'status');
  }

  /** Takes back what a claim was given. */
  async deallocate(ctx: Context, claim: ResourceClaim): Promise<void> {
    await this.options.client.updateStatus(ctx, { ...claim, status: {} });
  }

  /** Removes a claim that was made here, whatever protects it. */
  async remove(ctx: Context, claim: ResourceClaim): Promise<void> {
    const { client } = this.options;
    await this.retried(ctx, claim, (latest) => {
      const finalizers = (latest.metadata.finalizers ?? []).filter((one) => one !== CLAIM_FINALIZER);
      return client.update(ctx, { ...latest, metadata: { ...latest.metadata, finalizers } });
    });
    await client.delete(ctx, nameOf(claim));
  }

  /** Resolves when the devices of these claims can be used. Throws where they cannot be, or are not in time. */
  async untilReady(ctx: Context, claims: readonly ResourceClaim[]): Promise<void> {
    const late = new AbortController();
    const { timeout } = this.options;
    const ends = claims.map((claim) => givenUpAt(claim, timeout) ?? ctx.clock.now() + timeout);
    const error = new Error('device binding timeout: context deadline exceeded');
    const cancel = ctx.clock.after(Math.max(0, Math.min(...ends) - ctx.clock.now()), () => late.abort(error));
    try {
      const limited = withSignal(ctx, AbortSignal.any([ctx.signal, late.signal]));
      await Promise.all(claims.map((claim) => this.ready(limited, keyOf(claim))));
    } finally {
      cancel();
    }
  }

  private async ready(ctx: Context, key: string): Promise<void> {
    const { claims } = this.options;
    await claims.waitForObject(ctx, key, (claim) => {
      const found = claim && readiness(claim);
      return !found || 'failed' in found || found.ready;
    });
    const claim = claims.get(key);
    const found = claim ? readiness(claim) : { failed: `resourceclaim "${key}" is gone` };
    if ('failed' in found) throw new Error(found.failed);
  }

  private async write(ctx: Context, claim: ResourceClaim, pod: Pod, allocation: AllocationResult | undefined) {
    checkUnchanged(claim, allocation);
    const kept = allocation ? await this.protect(ctx, claim) : claim;
    const allocationTimestamp = formatTime(ctx.clock.now());
    const status = {
      ...kept.status,
      allocation: allocation ? { ...allocation, allocationTimestamp } : kept.status?.allocation,
      reservedFor: [...(kept.status?.reservedFor ?? []), consumerReference(pod)],
    };
    return isReservedForPod(kept, pod) ? kept : this.options.client.updateStatus(ctx, { ...kept, status });
  }

  private async protect(ctx: Context, claim: ResourceClaim): Promise<ResourceClaim> {
    const { finalizers = [] } = claim.metadata;
    if (finalizers.includes(CLAIM_FINALIZER)) return claim;
    const metadata = { ...claim.metadata, finalizers: withFinalizer(finalizers, CLAIM_FINALIZER) };
    return this.options.client.update(ctx, { ...claim, metadata });
  }

  private async retried(
    ctx: Context,
    claim: ResourceClaim,
    change: (latest: ResourceClaim) => Promise<ResourceClaim>,
  ): Promise<ResourceClaim> {
    let latest = claim;
    for (let tries = 1; ; tries += 1) {
      try {
        return await change(latest);
      } catch (error) {
        if (!isConflict(error) || tries === TRIES) throw error;
        latest = await this.options.client.get(ctx, nameOf(claim));
      }
    }
  }
}
