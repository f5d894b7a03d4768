import type { DeviceClass, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Clock, Context } from '@binnacle/machinery-context';
import type { ClusterView } from '../../cache/cluster-cache.js';
import { Allocator } from '../../devices/allocator.js';
import {
  type FilterPlugin,
  type NodeScorer,
  normalizeByHighest,
  type PostFilterPlugin,
  type PostBindPlugin,
  type PostFilterResult,
  type PreBindPlugin,
  type PreEnqueuePlugin,
  type PreFilterResult,
  type ReservePlugin,
  type ScorePlugin,
} from '../../framework/plugin.js';
import type { ClusterEventWithHint } from '../../framework/queueing-hint.js';
import { type Rejection, unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { ClaimBinding } from './claim-binding.js';
import type { ClaimTracker } from './claim-tracker.js';
import type { ClaimWriter } from './claim-writer.js';
import { claimsOfPod, missingClass } from './claims-of-pod.js';
import { Cycle } from './cycle.js';
import { deviceEvents } from './device-events.js';
import { type ClassOfResource, ExtendedResources } from './extended-resources.js';
import type { PodStatusWriter } from './pod-status-writer.js';
import { scoreOf } from './score.js';

export interface DynamicResourcesOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Milliseconds that devices may take until they can be used. */
  readonly timeout: number;
  /** By `namespace/name`. */
  readonly claim: (key: string) => ResourceClaim | undefined;
  readonly deviceClass: (name: string) => DeviceClass | undefined;
  readonly classOfResource: ClassOfResource;
  readonly tracker: ClaimTracker;
  readonly writer: ClaimWriter;
  readonly pods: PodStatusWriter;
  readonly recorder: EventRecorder;
}

/** What is made out about a Pod before nodes are asked: why none can take it, that it asks for nothing, or what each could give. */
type Outlook = { readonly problem: string } | { readonly stale: ResourceClaim } | Cycle | undefined;

const STALE = unresolvable('cannot schedule extended resource claim');
const NOTHING = 'no new claims to deallocate';

/**
 * Gives claims of Pods devices that the Pods' nodes can reach. Behaves as kubernetes
 * pkg/scheduler/framework/plugins/dynamicresources.
 */
export class DynamicResources
  implements PreEnqueuePlugin, FilterPlugin, PostFilterPlugin, ScorePlugin, ReservePlugin, PreBindPlugin, PostBindPlugin
{
  readonly name = 'DynamicResources';
  readonly lasting = true;
  /** The last outlook of each Pod that is being placed. */
  private readonly outlooks = new WeakMap<PodInfo, Outlook>();
  private readonly bindings = new Map<string, ClaimBinding>();

  constructor(private readonly options: DynamicResourcesOptions) {}

  eventsToRegister(): readonly ClusterEventWithHint[] {
    return deviceEvents(this.options.claim);
  }

  preEnqueue({ pod }: PodInfo): string | undefined {
    if (!pod.spec?.resourceClaims) return undefined;
    const claims = claimsOfPod(pod, this.options.claim);
    return 'problem' in claims ? claims.problem : undefined;
  }

  preFilter(pod: PodInfo, { nodes }: ClusterView): PreFilterResult | undefined {
    const outlook = this.outlookFor(pod);
    this.outlooks.set(pod, outlook);
    if (!outlook) return undefined;
    if ('problem' in outlook) return { rejection: unresolvable(outlook.problem) };
    if ('stale' in outlook) return { filter: () => STALE };
    return {
      filter: (row) => {
        const { node } = nodes.at(row);
        const verdict = node && outlook.on(node);
        return verdict && 'reason' in verdict ? unresolvable(verdict.reason) : undefined;
      },
    };
  }

  postFilter(ctx: Context, pod: PodInfo): PostFilterResult {
    const outlook = this.outlooks.get(pod);
    const still = (reason: string): PostFilterResult => ({ helped: false, reasons: [reason] });
    if (!outlook || 'problem' in outlook) return still(NOTHING);
    if ('stale' in outlook) {
      this.inBackground(ctx, pod, this.options.writer.remove(ctx, outlook.stale));
      return still('deletion of ResourceClaim completed');
    }
    const free = [...outlook.unavailable].find(({ status }) => {
      const { reservedFor = [] } = status ?? {};
      return reservedFor.length === 0 || (reservedFor.length === 1 && reservedFor[0]?.uid === pod.uid);
    });
    if (!free) return still('still not schedulable');
    this.inBackground(ctx, pod, this.options.writer.deallocate(ctx, free));
    return still('deallocation of ResourceClaim completed');
  }

  preScore(pod: PodInfo, { nodes }: ClusterView): NodeScorer | undefined {
    const outlook = this.outlooks.get(pod);
    if (!(outlook instanceof Cycle) || !outlook.hasAlternatives) return undefined;
    return {
      score: (row) => {
        const { node } = nodes.at(row);
        const verdict = node && outlook.on(node);
        return verdict && !('reason' in verdict) ? scoreOf(outlook.given(verdict)) : 0;
      },
      normalize: (scores) => normalizeByHighest(scores, false),
    };
  }

  reserve(pod: PodInfo, nodeName: string, { nodes }: ClusterView): Rejection | undefined {
    const outlook = this.outlooks.get(pod);
    if (!(outlook instanceof Cycle)) return undefined;
    const node = nodes.find(nodeName)?.node;
    const verdict = node && outlook.on(node);
    if (!verdict || 'reason' in verdict) return unresolvable(verdict?.reason ?? 'claim allocation not found for node');
    const binding = new ClaimBinding(pod, this.options, outlook.claims, verdict);
    this.bindings.set(pod.uid, binding);
    binding.reserve();
    return undefined;
  }

  unreserve(pod: PodInfo): void {
    const binding = this.bindings.get(pod.uid);
    this.bindings.delete(pod.uid);
    binding?.undo();
  }

  preBindPreFlight(pod: PodInfo): boolean {
    return this.bindings.has(pod.uid);
  }

  async preBind(ctx: Context, pod: PodInfo, node: string): Promise<void> {
    await this.bindings.get(pod.uid)?.carryOut(ctx, node);
  }

  /** The Pod is bound: nothing of it is remembered. */
  postBind(pod: PodInfo): void {
    this.bindings.delete(pod.uid);
  }

  private outlookFor(info: PodInfo): Outlook {
    const { claim, deviceClass, tracker, clock, timeout } = this.options;
    const claims = claimsOfPod(info.pod, claim);
    if ('problem' in claims) return claims;
    const extended = this.extendedOf(info);
    if (claims.length === 0 && !extended) return undefined;
    const stale = extended && tracker.extendedClaimOf(info.uid);
    if (stale) return { stale };
    for (const one of claims) {
      const problem = one.status?.allocation ? undefined : this.problemOf(one);
      if (problem) return { problem };
    }
    const allocator = new Allocator({ pools: tracker.pools, used: tracker.used, classNamed: deviceClass });
    return new Cycle({ claims, extended, allocator, now: clock.now(), timeout });
  }

  private problemOf(claim: ResourceClaim): string | undefined {
    const { namespace, name, uid = '' } = claim.metadata;
    if (this.options.tracker.isPending(uid))
      return `resource claim ${namespace}/${name} is in the process of being allocated`;
    return missingClass(claim, this.options.deviceClass);
  }

  private extendedOf({ pod, requests }: PodInfo): ExtendedResources | undefined {
    const classes = new Map<string, DeviceClass>();
    for (const [resource, amount] of requests) {
      const found = amount > 0 && resource.includes('/') ? this.options.classOfResource(resource) : undefined;
      if (found) classes.set(resource, found);
    }
    return classes.size > 0 ? new ExtendedResources(pod, classes) : undefined;
  }

  private inBackground(ctx: Context, pod: PodInfo, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.warn('a claim cannot be given back', { pod: pod.key, error });
    });
  }
}
