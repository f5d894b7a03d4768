import { randomUUID } from 'node:crypto';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { AllocationResult, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { allocationOf } from './allocation-result.js';
import { AllocationError, type ClassNamed } from './demands.js';
import type { UsedDevices } from './devices-in-use.js';
import type { DevicePools } from './pools.js';
import { type Effort, Search } from './search.js';

/** Candidates that may be looked at on one node, and for one Pod on all nodes: less than a second's work and a few. */
const STEPS = { node: 500_000, pod: 5_000_000 };

export interface AllocatorInput {
  readonly pools: DevicePools;
  readonly used: UsedDevices;
  readonly classNamed: ClassNamed;
  readonly newShareId?: () => string;
  readonly steps?: typeof STEPS;
}

/** What claims are given on a node, in their order; undefined where there is not enough, or why not. */
export type Allocation = readonly AllocationResult[] | undefined | { readonly onNode: string };

class Steps implements Effort {
  private left: number;

  constructor(
    private readonly node: string,
    most: number,
  ) {
    this.left = most;
  }

  get remaining(): number {
    return this.left;
  }

  step(): void {
    this.left -= 1;
    if (this.left < 0) throw new AllocationError(`node ${this.node}: timed out trying to allocate devices`);
  }
}

/** Finds devices for the claims of one Pod, as things are at the moment. Throws an AllocationError where it is of no use to go on. */
export class Allocator {
  private left: number;

  constructor(private readonly input: AllocatorInput) {
    this.left = (input.steps ?? STEPS).pod;
  }

  allocate(node: Node, claims: readonly ResourceClaim[]): Allocation {
    const { used, classNamed, newShareId = randomUUID, steps = STEPS } = this.input;
    const { name = '' } = node.metadata;
    const pools = this.input.pools.of(node);
    const most = Math.min(steps.node, this.left);
    const effort = new Steps(name, most);
    const chosen = new Search(claims, { node, pools, used, classNamed, effort }).run();
    this.left -= most - effort.remaining;
    if (chosen) return claims.map((claim, index) => allocationOf(claim, chosen[index] ?? [], name, newShareId));
    const invalid = pools.some(({ state }) => state === 'invalid');
    return invalid ? { onNode: 'invalid resource pools were encountered' } : undefined;
  }
}
