import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import { type Context, formatMicroTime, sleep, withSignal } from '@binnacle/machinery-context';
import { ignoreNotFound, isAlreadyExists, isConflict } from '@binnacle/machinery-meta';
import { claimLease, releaseLease } from './lease.js';

export interface LeaderElectionOptions {
  readonly name: string;
  readonly namespace?: string;
  /** Who this is: unique among those who run for the same lease. */
  readonly identity: string;
  readonly leaseMilliseconds?: number;
  /** A leader that could not renew for so long steps down. */
  readonly renewMilliseconds?: number;
  readonly retryMilliseconds?: number;
}

/** Leadership was lost: another process may already be leading, so this one must stop at once. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}

interface Observed {
  readonly record: string;
  readonly at: number;
}

/** Behaves as kubernetes client-go tools/leaderelection with a Lease lock. */
export class LeaderElector {
  private readonly leases: ResourceClient<Lease>;
  private readonly timing: { lease: number; renew: number; retry: number };
  private observed: Observed = { record: '', at: 0 };
  private leading = false;
  /** The lease as this process wrote it last. */
  private held: Lease | undefined;

  constructor(
    client: KubeClient,
    private readonly options: LeaderElectionOptions,
  ) {
    this.leases = client.resource<Lease>(refs.leases);
    this.timing = {
      lease: options.leaseMilliseconds ?? 15_000,
      renew: options.renewMilliseconds ?? 10_000,
      retry: options.retryMilliseconds ?? 2_000,
    };
  }

  get isLeader(): boolean {
    return this.leading;
  }

  /**
   * Waits for the lease, then runs `lead` with a context that aborts when leadership ends. Gives the lease back when the
   * outer context aborts. Rejects with LeadershipLost when the lease could not be renewed.
   */
  async run(ctx: Context, lead: (ctx: Context) => Promise<void>): Promise<void> {
    while (!(await this.attempt(ctx))) await sleep(ctx, this.timing.retry * (0.8 + Math.random() * 0.4));
    this.leading = true;
    ctx.logger.info('became leader', { lease: this.options.name, identity: this.options.identity });
    const term = new AbortController();
    const stop = () => term.abort(ctx.signal.reason);
    ctx.signal.addEventListener('abort', stop, { once: true });
    try {
      // Told to stop while the lease was being taken: it is given back unused.
      ctx.signal.throwIfAborted();
      const leading = lead(withSignal(ctx, term.signal)).finally(() => term.abort());
      // Both must have ended before anybody may lead again, here or elsewhere.
      const [led, renewed] = await Promise.allSettled([leading, this.renew(ctx, term)]);
      if (renewed.status === 'rejected') throw renewed.reason;
      if (led.status === 'rejected') throw led.reason;
    } finally {
      this.leading = false;
      ctx.signal.removeEventListener('abort', stop);
      await this.release(ctx);
    }
  }

  /** Term after term, until the context aborts or `lead` ends by itself. */
  async campaign(ctx: Context, lead: (ctx: Context) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await this.run(ctx, lead);
      } catch (error) {
        if (!(error instanceof LeadershipLost) || ctx.signal.aborted) throw error;
        ctx.logger.warn('no longer leader', { lease: this.options.name, error: error.message });
      }
    }
  }

  private async renew(ctx: Context, term: AbortController): Promise<void> {
    let renewed = ctx.clock.now();
    const context = withSignal(ctx, term.signal);
    while (!term.signal.aborted) {
      await sleep(context, this.timing.retry).catch(() => undefined);
      if (term.signal.aborted) return;
      if (await this.attempt(context)) renewed = ctx.clock.now();
      else if (ctx.clock.now() - renewed >= this.timing.renew) {
        const lost = new LeadershipLost(`could not renew the lease ${this.options.name}`);
        term.abort(lost);
        throw lost;
      }
    }
  }

  /** One try to take or renew the lease; false when somebody else has it or the server does not answer. */
  private async attempt(outer: Context): Promise<boolean> {
    const deadline = new AbortController();
    const cancel = outer.clock.after(this.timing.renew, () => deadline.abort(new Error('the server did not answer')));
    const ctx = withSignal(outer, AbortSignal.any([outer.signal, deadline.signal]));
    try {
      // A leader writes what it wrote last, which costs one request; when that lost a race, it reads first next time.
      const lease = this.held ?? (await ignoreNotFound(this.leases.get(ctx, this.name)));
      this.held = undefined;
      this.observe(lease, ctx.clock.now());
      const next = claimLease(lease, {
        identity: this.options.identity,
        now: formatMicroTime(ctx.clock.now()),
        leaseMilliseconds: this.timing.lease,
        expired: ctx.clock.now() - this.observed.at >= this.timing.lease,
      });
      if (!next) return false;
      const body: Lease = { ...next, metadata: { ...next.metadata, ...this.name } };
      this.held = lease ? await this.leases.update(ctx, body) : await this.leases.create(ctx, body);
      this.observe(this.held, ctx.clock.now());
      return true;
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error) && !outer.signal.aborted) {
        ctx.logger.warn('lease not taken', { lease: this.options.name, error: String(error) });
      }
      return false;
    } finally {
      cancel();
    }
  }

  /** Another's clock is not to be trusted: a lease expires when it has not changed for its duration on our clock. */
  private observe(lease: Lease | undefined, now: number): void {
    const record = JSON.stringify(lease?.spec ?? null);
    if (record !== this.observed.record) this.observed = { record, at: now };
  }

  private async release(ctx: Context): Promise<void> {
    const context = withSignal(ctx, new AbortController().signal);
    try {
      const lease = await this.leases.get(context, this.name);
      const free = releaseLease(lease, this.options.identity, formatMicroTime(ctx.clock.now()));
      if (free) await this.leases.update(context, free);
    } catch (error) {
      ctx.logger.debug('lease not released', { lease: this.options.name, error: String(error) });
    }
  }

  private get name(): { name: string; namespace: string } {
    return { name: this.options.name, namespace: this.options.namespace ?? 'kube-system' };
  }
}

/** Runs `lead` whenever, and only while, this process holds the lease. See `LeaderElector.campaign`. */
export function runLeading(
  ctx: Context,
  client: KubeClient,
  options: LeaderElectionOptions,
  lead: (ctx: Context) => Promise<void>,
): Promise<void> {
  return new LeaderElector(client, options).campaign(ctx, lead);
}
