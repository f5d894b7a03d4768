import { type Charge, charged, QuotaRefusal } from '@binnacle/apis-kubernetes/quota';
import type { ResourceQuota } from '@binnacle/apis-kubernetes/core/v1';
import { ignoreNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type RequestContext, type ResourceStore, systemContext, unhurried } from '@binnacle/server-registry';

/** A write that waits for the quotas of its namespace. */
export interface Waiting extends Charge {
  readonly ctx: RequestContext;
  readonly dryRun: boolean;
}

interface Waiter {
  readonly waiting: Waiting;
  readonly done: (failure?: unknown) => void;
}

/** Whether each write is let through: the refusal where it is not. */
type Verdicts = Map<Waiter, QuotaRefusal>;

/** Counts what fits, one write after another, into a quota; the others are refused. */
function chargeAll(quota: ResourceQuota, waiters: readonly Waiter[], refused: Verdicts): ResourceQuota {
  let next = quota;
  for (const waiter of waiters) {
    if (refused.has(waiter)) continue;
    try {
      const after = charged(next, waiter.waiting);
      if (!waiter.waiting.dryRun) next = after;
    } catch (error) {
      if (!(error instanceof QuotaRefusal)) throw error;
      refused.set(waiter, error);
    }
  }
  return next;
}

/**
 * Counts writes against the quotas of their namespaces before they are made, so that several servers together never let too
 * many through: a quota's status is changed only from the state the count began with. Writes that come while another is being
 * counted are counted together, in one change. Behaves as kubernetes apiserver pkg/admission/plugin/resourcequota.
 */
export class QuotaTurns {
  private readonly queues = new Map<string, Waiter[]>();

  constructor(private readonly quotas: () => ResourceStore) {}

  /** Resolves where a write is let through; rejects with a QuotaRefusal where it is not. */
  count(namespace: string, waiting: Waiting): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (failure?: unknown): void => (failure === undefined ? resolve() : reject(failure));
      const key = `${waiting.ctx.cluster}/${namespace}`;
      const queue = this.queues.get(key);
      if (queue) queue.push({ waiting, done });
      else {
        const first = [{ waiting, done }];
        this.queues.set(key, first);
        void this.work(key, namespace, first);
      }
    });
  }

  private async work(key: string, namespace: string, queue: Waiter[]): Promise<void> {
    while (queue.length > 0) {
      const turn = queue.splice(0);
      const verdicts: Verdicts = new Map();
      const failure = await this.turn(namespace, turn, verdicts).catch((error: unknown) => ({ error }));
      for (const waiter of turn) waiter.done(failure?.error ?? verdicts.get(waiter));
    }
    this.queues.delete(key);
  }

  private async turn(namespace: string, turn: readonly Waiter[], refused: Verdicts): Promise<undefined> {
    const [first] = turn;
    if (!first) return undefined;
    // Whoever came first may leave; the others still wait.
    const ctx = unhurried(systemContext(first.waiting.ctx, first.waiting.ctx.cluster));
    const quotas = await this.read(ctx, namespace);
    const next = quotas.map((quota) => chargeAll(quota, turn, refused));
    for (const [index, quota] of quotas.entries()) {
      // What another quota refuses is not counted by this one.
      if (next[index] !== quota) await this.write(ctx, quota, turn, refused);
    }
    return undefined;
  }

  private async read(ctx: RequestContext, namespace: string): Promise<ResourceQuota[]> {
    const store = this.quotas();
    const { items } = await store.list(ctx, { namespace }, { revision: { at: 'latest' } });
    return items.map((item) => store.decode(item) as unknown as ResourceQuota);
  }

  /** Counts once more from what is stored now, which another server may have changed. */
  private async write(
    ctx: RequestContext,
    { metadata: { name = '', namespace = '' } }: ResourceQuota,
    turn: readonly Waiter[],
    refused: Verdicts,
  ): Promise<void> {
    let late: Verdicts = new Map();
    const change = (current: UnstructuredObject): UnstructuredObject => {
      late = new Map(refused);
      return chargeAll(current as unknown as ResourceQuota, turn, late) as unknown as UnstructuredObject;
    };
    const options = { rules: 'none', subresource: 'status', unowned: true } as const;
    // One that has gone meanwhile bounds nothing any more.
    await ignoreNotFound(this.quotas().update(ctx, { namespace, name }, change, options));
    for (const [waiter, refusal] of late) refused.set(waiter, refusal);
  }
}
