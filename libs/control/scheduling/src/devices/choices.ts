import type { Amount } from '@binnacle/machinery-quantity';
import { hasCapacity, takenCapacity } from './capacity.js';
import { constraintOf, type Chosen, type Constraint } from './constraints.js';
import { CounterStock } from './counters.js';
import { AllocationError, type Demand, describeClaim } from './demands.js';
import { deviceKey } from './device-key.js';
import type { UsedDevices } from './devices-in-use.js';
import type { Pool } from './pools.js';
import { type Candidate, isTaintedFor } from './selection.js';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';

/** A device that a claim is given for one of its demands. */
export interface Choice {
  readonly demand: Demand;
  readonly candidate: Candidate;
  /** What is taken of a device that several share; undefined of one that nobody else has. */
  readonly share?: ReadonlyMap<string, Amount>;
}

type Undo = () => void;

function constraintsOf(claim: ResourceClaim): Constraint[] {
  return (claim.spec.devices?.constraints ?? []).map((constraint, index) => {
    const found = constraintOf(constraint);
    if (found) return found;
    const where = `claim ${describeClaim(claim)}, constraint #${index}`;
    throw new AllocationError(`${where}: empty constraint (unsupported constraint type?)`);
  });
}

/** What is chosen for claims so far. Every choice can be taken back, the last one first. */
export class Choices {
  readonly ofClaim: readonly Choice[][];
  private readonly constraints: readonly Constraint[][];
  /** By device, the claims it was chosen for as a whole. */
  private readonly chosen = new Map<string, number[]>();
  /** By device, what was chosen of those that are shared; empty where it has no capacity to share. */
  private readonly shares = new Map<string, { times: number; readonly capacity: Map<string, bigint> }>();
  private readonly stocks = new Map<Pool, CounterStock>();

  constructor(
    claims: readonly ResourceClaim[],
    private readonly used: UsedDevices,
  ) {
    this.ofClaim = claims.map(() => []);
    this.constraints = claims.map(constraintsOf);
  }

  /** Whether a device is out of the question for a demand, told without a look at its kind. */
  isInUse({ key }: Candidate, { adminAccess }: Demand, claim: number): boolean {
    if (adminAccess) return this.chosen.get(key)?.includes(claim) ?? false;
    return this.used.isTaken(key) || (this.chosen.get(key)?.length ?? 0) > 0;
  }

  hasCapacity({ key, device }: Candidate, { capacity }: Demand): boolean {
    return hasCapacity(device, capacity, this.used.sharesOf(key), this.shares.get(key)?.capacity);
  }

  /** Chooses a device; what takes the choice back, or why it cannot be chosen. */
  choose(candidate: Candidate, demand: Demand, claim: number): Undo | 'refused' | 'constraint' {
    const undone: Undo[] = [];
    const undo = () => {
      for (const step of undone.splice(0).reverse()) step();
    };
    const end = this.tryToChoose(candidate, demand, claim, undone);
    if (end !== 'chosen') undo();
    return end === 'chosen' ? undo : end;
  }

  private tryToChoose(candidate: Candidate, demand: Demand, claim: number, undone: Undo[]) {
    const { device } = candidate;
    const isShared = device.allowMultipleAllocations === true;
    if (this.isInUse(candidate, demand, claim)) return 'refused';
    if (!this.countersSuffice(candidate, undone) || isTaintedFor(device, demand)) return 'refused';
    if (!this.constraintsHold(candidate, demand, claim, undone)) return 'constraint';
    if (!isShared) this.markChosen(candidate.key, claim, undone);
    if (!this.hasCapacity(candidate, demand)) return 'refused';
    const share = isShared ? takenCapacity(device, demand.capacity) : undefined;
    if (share) this.markShare(candidate.key, share, undone);
    const choices = this.ofClaim[claim] as Choice[];
    choices.push({ demand, candidate, ...(share && { share }) });
    undone.push(() => choices.pop());
    return 'chosen';
  }

  private markChosen(key: string, claim: number, undone: Undo[]): void {
    const claims = this.chosen.get(key) ?? [];
    this.chosen.set(key, claims);
    claims.push(claim);
    undone.push(() => claims.pop());
  }

  private markShare(key: string, amounts: ReadonlyMap<string, Amount>, undone: Undo[]): void {
    const share = this.shares.get(key) ?? { times: 0, capacity: new Map<string, bigint>() };
    const change = (sign: bigint) => {
      share.times += Number(sign);
      for (const [name, { nano }] of amounts) share.capacity.set(name, (share.capacity.get(name) ?? 0n) + sign * nano);
      if (share.times > 0) this.shares.set(key, share);
      else this.shares.delete(key);
    };
    change(1n);
    undone.push(() => change(-1n));
  }

  /** What a shared device takes of its counters was taken when the first share of it was. */
  private countersSuffice({ key, device, pool }: Candidate, undone: Undo[]): boolean {
    if ((device.consumesCounters?.length ?? 0) === 0) return true;
    const isShared = device.allowMultipleAllocations === true;
    if (isShared && (this.used.sharesOf(key) ?? this.shares.get(key))) return true;
    const stock = this.stockOf(pool);
    stock.take(device);
    undone.push(() => stock.giveBack(device));
    return stock.isCovered;
  }

  private stockOf(pool: Pool): CounterStock {
    const known = this.stocks.get(pool);
    if (known) return known;
    const stock = new CounterStock(pool.counters);
    for (const { spec } of [...pool.slices, ...pool.others]) {
      for (const device of spec.devices ?? []) {
        const key = deviceKey({ driver: pool.driver, pool: pool.name, device: device.name });
        if (this.used.isTaken(key) || this.used.sharesOf(key)) stock.take(device);
      }
    }
    this.stocks.set(pool, stock);
    return stock;
  }

  private constraintsHold({ device, pool }: Candidate, demand: Demand, claim: number, undone: Undo[]): boolean {
    const { name, parent } = demand;
    const request = parent ?? name;
    const alternative = parent === undefined ? undefined : name;
    const chosen: Chosen = { request, alternative, device, driver: pool.driver };
    return (this.constraints[claim] ?? []).every((constraint) => {
      if (!constraint.add(chosen)) return false;
      undone.push(() => constraint.remove(chosen));
      return true;
    });
  }
}
