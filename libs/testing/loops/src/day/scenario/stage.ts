import type { ResourceRef } from '@binnacle/client-rest';
import { sleep } from '@binnacle/machinery-context';
import { type KubeObject, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Random } from '@binnacle/testing-fuzz';
import type { SimulatedCluster } from '../cluster/simulated-cluster.js';

/** Answers that an administrator gets in the best of clusters. */
const EVERYDAY = new Set([
  'AlreadyExists',
  'Conflict',
  'NotFound',
  'Forbidden',
  'TooManyRequests',
  'ServiceUnavailable',
  'Timeout',
]);
export const MINUTE = 60_000;
const RETRY = 5_000;
const MOST_TRIES = 100;

/** Where acts play, and what they leave behind. */
export class Stage {
  /** How often each act was played, and each answer given that was no success. */
  readonly played = new Map<string, number>();
  readonly refused = new Map<string, number>();
  /** Requests that should never be answered so. */
  readonly unexpected: string[] = [];
  /** Faults under way, by name. */
  readonly faults = new Set<string>();
  /** What applications use, by `namespace/app`: see `LoadOf`. */
  readonly loads: Map<string, (now: number) => number>;
  /** Applications that are not ready now, by `namespace/app`. */
  readonly unready: Set<string>;
  private names = 0;
  private readonly asides = new Set<Promise<void>>();

  constructor(
    readonly cluster: SimulatedCluster,
    readonly random: Random,
    { loads, unready }: Pick<Stage, 'loads' | 'unready'>,
  ) {
    this.loads = loads;
    this.unready = unready;
  }

  /** A name that nothing had before. */
  name(prefix: string): string {
    this.names += 1;
    return `${prefix}-${this.names}`;
  }

  between(low: number, high: number): number {
    return low + this.random.below(high - low + 1);
  }

  async create(ref: ResourceRef, object: object): Promise<void> {
    await this.trying(`create ${ref.plural}`, () =>
      this.objects(ref).create(this.cluster.ctx, object as UnstructuredObject),
    );
  }

  async change({ metadata }: KubeObject, ref: ResourceRef, patch: object): Promise<boolean> {
    const { name = '', namespace } = metadata;
    const at = { name, ...(namespace && { namespace }) };
    return await this.trying(`patch ${ref.plural}`, () =>
      this.objects(ref).patch(this.cluster.ctx, at, 'merge', patch),
    );
  }

  async delete({ metadata }: KubeObject, ref: ResourceRef, options: object = {}): Promise<void> {
    const { name = '', namespace } = metadata;
    const at = { name, ...(namespace && { namespace }) };
    await this.trying(`delete ${ref.plural}`, () => this.objects(ref).delete(this.cluster.ctx, at, options));
  }

  /** Whether it succeeded. What must never be answered is kept. */
  async trying(what: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const reason = error instanceof StatusError ? error.reason : (error as Error).name;
      const key = `${what}: ${reason}`;
      this.refused.set(key, (this.refused.get(key) ?? 0) + 1);
      if (error instanceof StatusError && !EVERYDAY.has(error.reason)) this.unexpected.push(`${key}: ${error.message}`);
      return false;
    }
  }

  /** Tries again until it is done: what ends a fault must end it. */
  async insist(act: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES && !(await act()); tries += 1) await sleep(this.cluster.ctx, RETRY);
  }

  /** Does something later, beside everything else. */
  later(milliseconds: number, act: () => Promise<void> | void): void {
    this.aside(async () => {
      await sleep(this.cluster.ctx, milliseconds);
      await act();
    });
  }

  /** Does something that takes time, beside everything else. */
  aside(act: () => Promise<void>): void {
    const running: Promise<void> = act()
      .catch((error: unknown) => void this.unexpected.push(`an act broke: ${(error as Error).stack}`))
      .finally(() => this.asides.delete(running));
    this.asides.add(running);
  }

  /** A fault that lasts so long, and is over then whatever comes. */
  fault(name: string, milliseconds: number, mend: () => Promise<void> | void): void {
    this.faults.add(name);
    this.later(milliseconds, async () => {
      await mend();
      this.faults.delete(name);
    });
  }

  private objects(ref: ResourceRef) {
    return this.cluster.client.resource(ref);
  }
}

/** Something that happens to a cluster. */
export interface Act {
  readonly name: string;
  /** How often it is chosen beside the others. */
  readonly weight: number;
  /** False where there is nothing that it could be done to. */
  play(stage: Stage): Promise<boolean>;
}

/** One act, chosen by weight. */
export function choose(random: Random, acts: readonly Act[]): Act {
  let left = random.next() * acts.reduce((sum, { weight }) => sum + weight, 0);
  for (const act of acts) {
    left -= act.weight;
    if (left < 0) return act;
  }
  return acts[acts.length - 1] as Act;
}
