import type { AllocationResult, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { isReservedForPod } from '@binnacle/apis-kubernetes/devices';
import type { PodInfo } from '../../pod/pod-info.js';
import { isWaitedFor } from './binding-conditions.js';
import type { ClaimTracker } from './claim-tracker.js';
import type { ClaimWriter } from './claim-writer.js';
import type { NodeAllocation } from './cycle.js';
import type { PodStatusWriter } from './pod-status-writer.js';

interface BindingParts {
  readonly tracker: ClaimTracker;
  readonly writer: ClaimWriter;
  readonly pods: PodStatusWriter;
  readonly recorder: EventRecorder;
}

/** The claims of a Pod that was given a node, from when their devices are kept for it until it is bound. */
export class ClaimBinding {
  private ctx: Context | undefined;
  /** Claims that the Pod was written into, and what has to be undone of them where it is not bound. */
  private readonly written: ResourceClaim[] = [];
  private made: ResourceClaim | undefined;

  constructor(
    private readonly info: PodInfo,
    private readonly parts: BindingParts,
    private readonly claims: readonly ResourceClaim[],
    private readonly given: NodeAllocation,
  ) {}

  /** Until the claim for extended resources is there its Pod stands for it. */
  reserve(): void {
    for (const [claim, allocation] of this.allocations())
      this.parts.tracker.reserve(claim.metadata.uid ?? '', allocation);
    const extended = this.given.extended && this.given.results.at(-1);
    if (extended) this.parts.tracker.reserve(this.info.uid, extended);
  }

  async carryOut(ctx: Context, node: string): Promise<void> {
    this.ctx = ctx;
    const bound: ResourceClaim[] = [];
    const allocations = new Map(this.allocations());
    for (const claim of this.claims) bound.push(await this.bind(ctx, claim, allocations.get(claim)));
    if (this.given.extended) bound.push(await this.bindExtended(ctx));
    this.release();
    const waited = bound.filter(isWaitedFor);
    if (waited.length === 0) return;
    const message = `waiting for binding conditions for device on node ${node}`;
    this.parts.recorder.event(this.info.pod, 'Normal', 'BindingConditionsPending', message);
    await this.parts.writer.untilReady(ctx, waited);
  }

  /** The Pod is not bound: what was kept is free, and what was written is taken back in the background. */
  undo(): void {
    this.release();
    if (!this.ctx) return;
    // What stopped the Pod must not stop this.
    const ctx = withSignal(this.ctx, new AbortController().signal);
    const complain = (error: unknown) => ctx.logger.warn('a claim cannot be taken back', { pod: this.info.key, error });
    for (const claim of this.written) this.parts.writer.unreserve(ctx, claim, this.info.pod).catch(complain);
    if (this.made) this.parts.writer.remove(ctx, this.made).catch(complain);
  }

  private release(): void {
    for (const [claim] of this.allocations()) this.parts.tracker.release(claim.metadata.uid ?? '');
    this.parts.tracker.release(this.info.uid);
  }

  private allocations(): Array<[ResourceClaim, AllocationResult]> {
    const wanting = this.claims.filter(({ status }) => !status?.allocation);
    return wanting.map((claim, index) => [claim, this.given.results[index] as AllocationResult]);
  }

  private async bind(ctx: Context, claim: ResourceClaim, allocation: AllocationResult | undefined) {
    if (isReservedForPod(claim, this.info.pod)) return claim;
    const written = await this.parts.writer.bind(ctx, claim, this.info.pod, allocation);
    this.written.push(written);
    return written;
  }

  private async bindExtended(ctx: Context): Promise<ResourceClaim> {
    const { extended, results } = this.given;
    if (!extended) throw new Error('there are no extended resources');
    const { writer, pods } = this.parts;
    this.made = await writer.create(ctx, extended.claim);
    const bound = await writer.bind(ctx, this.made, this.info.pod, results.at(-1));
    await pods.tell(ctx, this.info.pod, bound.metadata.name ?? '', extended.mappings);
    return bound;
  }
}
