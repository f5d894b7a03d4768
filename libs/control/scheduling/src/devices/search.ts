import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { type Choice, Choices } from './choices.js';
import { AllocationError, type ClassNamed, type Demand, demandsOf, describeClaim } from './demands.js';
import type { UsedDevices } from './devices-in-use.js';
import type { Pool } from './pools.js';
import { type Candidate, candidateOf, isSelectable } from './selection.js';

/** Of one claim. */
const MOST_DEVICES = 32;

/** `exceeded`: whatever is chosen before, what follows would be more devices than a claim may have. */
type End = 'found' | 'none' | 'exceeded';

/** What may be spent looking. Upstream stops by time. */
export interface Effort {
  /** Takes one step; throws where there is none left. */
  step(): void;
}

/** Which device of which request of which claim is looked for; `from` leaves out the candidates that were looked at for the request. */
interface Cursor {
  readonly claim: number;
  readonly request: number;
  readonly alternative: number;
  readonly device: number;
  readonly from: number;
}

interface Wanted {
  readonly demand: Demand;
  readonly count: number;
  /** In the order of pools, slices and devices; where all are meant exactly those. */
  readonly candidates: readonly Candidate[];
}

export interface SearchInput {
  readonly node: Node;
  readonly pools: readonly Pool[];
  readonly used: UsedDevices;
  readonly classNamed: ClassNamed;
  readonly effort: Effort;
}

const startOf = (claim: number, request = 0): Cursor => ({ claim, request, alternative: 0, device: 0, from: 0 });

/**
 * Looks for devices for all claims on one node, and takes the first that do: every combination of candidates is tried, in their
 * order. Behaves as kubernetes dynamic-resource-allocation/structured Allocate.
 */
export class Search {
  private readonly choices: Choices;
  private readonly candidates: readonly Candidate[];
  private readonly wanted: readonly (readonly (readonly Wanted[])[])[];

  constructor(
    private readonly claims: readonly ResourceClaim[],
    private readonly input: SearchInput,
  ) {
    this.candidates = input.pools.flatMap((pool) =>
      pool.slices.flatMap((slice) => (slice.spec.devices ?? []).map((device) => candidateOf(device, slice, pool))),
    );
    this.choices = new Choices(claims, input.used);
    this.wanted = claims.map((claim) => this.wantedBy(claim));
  }

  /** What each claim is given; undefined where there is not enough. */
  run(): readonly Choice[][] | undefined {
    return this.find(startOf(0)) === 'found' ? this.choices.ofClaim : undefined;
  }

  private wantedBy(claim: ResourceClaim): Wanted[][] {
    const wanted = demandsOf(claim, this.input.classNamed).map((alternatives) =>
      alternatives.map((demand) => this.want(demand, describeClaim(claim))),
    );
    const least = wanted.reduce((sum, alternatives) => sum + Math.min(...alternatives.map(({ count }) => count)), 0);
    if (least <= MOST_DEVICES) return wanted;
    const why = `number of requested devices ${least} exceeds the claim limit of ${MOST_DEVICES}`;
    throw new AllocationError(`claim ${describeClaim(claim)}: ${why}`);
  }

  private want(demand: Demand, claim: string): Wanted {
    if (!demand.all) return { demand, count: demand.count, candidates: this.candidates };
    const unusable = this.input.pools.find(({ state }) => state !== 'usable');
    if (unusable) {
      const where = `claim ${claim}, request ${demand.name}: asks for all devices, but resource pool`;
      const why = unusable.state === 'incomplete' ? 'being updated' : 'invalid';
      throw new AllocationError(`${where} ${unusable.driver}/${unusable.name} is currently ${why}`);
    }
    const candidates = this.candidates.filter(
      (candidate) =>
        isSelectable(candidate, demand, claim, this.input.node) && this.choices.hasCapacity(candidate, demand),
    );
    return { demand, count: candidates.length, candidates };
  }

  private find(at: Cursor): End {
    this.input.effort.step();
    const claim = this.wanted[at.claim];
    if (!claim) return 'found';
    if (at.request < claim.length) return this.findRequest(at);
    const end = this.find(startOf(at.claim + 1));
    // Another choice for this claim may leave the next one an alternative of fewer devices.
    return end === 'exceeded' ? 'none' : end;
  }

  private alternativesAt({ claim, request }: Cursor): readonly Wanted[] {
    return this.wanted[claim]?.[request] ?? [];
  }

  /** The first of the alternatives that can be had. */
  private findRequest(at: Cursor): End {
    const alternatives = this.alternativesAt(at);
    let end: End = 'exceeded';
    for (let alternative = 0; alternative < alternatives.length; alternative += 1) {
      const found = this.findDevices({ ...at, alternative });
      if (found === 'found') return found;
      if (found === 'none') end = 'none';
    }
    return end;
  }

  private findDevices(at: Cursor): End {
    this.input.effort.step();
    const wanted = this.alternativesAt(at)[at.alternative] as Wanted;
    if (wanted.demand.all && wanted.count === 0) return 'none';
    if (at.device >= wanted.count) return this.find(startOf(at.claim, at.request + 1));
    const already = this.choices.ofClaim[at.claim]?.length ?? 0;
    if (already + wanted.count - at.device > MOST_DEVICES) return 'exceeded';
    return wanted.demand.all ? this.takeNext(at, wanted) : this.tryEach(at, wanted);
  }

  /** Where all devices are meant each of them has to be had. */
  private takeNext(at: Cursor, { demand, candidates }: Wanted): End {
    const candidate = candidates[at.device] as Candidate;
    const undo = this.choices.choose(candidate, demand, at.claim);
    if (undo === 'refused') return 'none';
    if (undo === 'constraint') {
      const where = `claim ${describeClaim(this.claims[at.claim] as ResourceClaim)}, request ${demand.name}`;
      const why = 'because a claim constraint would not be satisfied';
      throw new AllocationError(`${where}: cannot add device ${candidate.key} ${why}`);
    }
    const end = this.findDevices({ ...at, device: at.device + 1 });
    if (end !== 'found') undo();
    return end;
  }

  private tryEach(at: Cursor, { demand, candidates }: Wanted): End {
    const claim = describeClaim(this.claims[at.claim] as ResourceClaim);
    for (let index = at.from; index < candidates.length; index += 1) {
      const candidate = candidates[index] as Candidate;
      if (!this.mayBe(candidate, demand, at.claim, claim)) continue;
      const undo = this.choices.choose(candidate, demand, at.claim);
      if (typeof undo === 'string') continue;
      const end = this.findDevices({ ...at, device: at.device + 1, from: index + 1 });
      if (end === 'found') return end;
      undo();
      if (end === 'exceeded') return end;
    }
    return 'none';
  }

  private mayBe(candidate: Candidate, demand: Demand, index: number, claim: string): boolean {
    if (this.choices.isInUse(candidate, demand, index)) return false;
    this.input.effort.step();
    return isSelectable(candidate, demand, claim, this.input.node) && this.choices.hasCapacity(candidate, demand);
  }
}
