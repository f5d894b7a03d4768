import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { AllocationResult, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { Allocator } from '../../devices/allocator.js';
import { type NodeMatcher, nodeMatcher } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { isLost } from './binding-conditions.js';
import type { ExtendedDemand, ExtendedResources } from './extended-resources.js';

/** What a Pod would be given on a node. */
export interface NodeAllocation {
  /** For each of the claims that are to be allocated. */
  readonly results: readonly AllocationResult[];
  /** The claim for its extended resources that is to be made, and its containers' parts in it. */
  readonly extended?: ExtendedDemand;
}

/** `unavailable`: a claim is allocated where the node cannot reach, or waits for its devices in vain. */
export type Verdict = NodeAllocation | { readonly reason: string; readonly unavailable?: true };

export interface CycleParts {
  readonly claims: readonly ResourceClaim[];
  readonly extended: ExtendedResources | undefined;
  readonly allocator: Allocator;
  readonly now: number;
  /** Milliseconds that devices may take until they can be used. */
  readonly timeout: number;
}

function reachOf({ status }: ResourceClaim): NodeMatcher {
  const terms = status?.allocation?.nodeSelector?.nodeSelectorTerms;
  return terms ? nodeMatcher(terms) : () => true;
}

/** One attempt to place a Pod with claims: what each node could give it. */
export class Cycle {
  /** Claims of the Pod that kept it from a node. */
  readonly unavailable = new Set<ResourceClaim>();
  private readonly allocated: readonly ResourceClaim[];
  private readonly unallocated: readonly ResourceClaim[];
  private readonly reaches: ReadonlyArray<readonly [ResourceClaim, NodeMatcher]>;
  private readonly verdicts = new Map<string, Verdict>();

  constructor(private readonly parts: CycleParts) {
    this.allocated = parts.claims.filter(({ status }) => status?.allocation);
    this.unallocated = parts.claims.filter(({ status }) => !status?.allocation);
    this.reaches = this.allocated.map((claim) => [
      claim,
      isLost(claim, parts.now, parts.timeout) ? () => false : reachOf(claim),
    ]);
  }

  get claims(): readonly ResourceClaim[] {
    return this.parts.claims;
  }

  /** Whether a request has several that would do, some better than others. */
  get hasAlternatives(): boolean {
    return this.claims.some(({ spec }) => spec.devices?.requests?.some(({ firstAvailable }) => firstAvailable?.length));
  }

  /** Each claim and what it has or would be given. */
  given({ results }: NodeAllocation): Array<readonly [ResourceClaim, AllocationResult | undefined]> {
    return [
      ...this.allocated.map((claim) => [claim, claim.status?.allocation] as const),
      ...this.unallocated.map((claim, index) => [claim, results[index]] as const),
    ];
  }

  /** Looks at a node once. */
  on(node: Node): Verdict {
    const { name = '' } = node.metadata;
    const verdict = this.verdicts.get(name) ?? this.look(node);
    this.verdicts.set(name, verdict);
    return verdict;
  }

  private look(node: Node): Verdict {
    const kept = this.reaches.flatMap(([claim, matches]) => (matches(node) ? [] : [claim]));
    const extended = this.parts.extended?.on(node);
    const wanted = extended ? [...this.unallocated, extended.claim] : this.unallocated;
    const results = wanted.length > 0 ? this.parts.allocator.allocate(node, wanted) : [];
    if (results && 'onNode' in results) return { reason: results.onNode };
    if (!results) return { reason: 'cannot allocate all claims' };
    for (const claim of kept) this.unavailable.add(claim);
    if (kept.length > 0) return { reason: 'resourceclaim not available on the node', unavailable: true };
    return { results, ...(extended && { extended }) };
  }
}
