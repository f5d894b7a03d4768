import type { KubeClient } from '@binnacle/client-rest';
import { type Context, sleep } from '@binnacle/machinery-context';
import { type AskedCertificate, isFor } from './asked-certificate.js';
import { holds, type KeyPair, type Lifetime, lifetimeOf } from './key-pair.js';
import type { PairStore } from './pair-store.js';
import { RefusedError, requestCertificate } from './request-certificate.js';

const EARLIEST = 0.7;
const SPREAD = 0.2;
const FIRST_RETRY_MILLISECONDS = 2000;
const LONGEST_RETRY_MILLISECONDS = 300_000;
/** Where this machine's clock and the signer's differ much, what is given may be due at once. */
const SHORTEST_BETWEEN_MILLISECONDS = 60_000;
/** A machine may sleep, or its clock be set: the time is looked at again. */
const LONGEST_SLEEP_MILLISECONDS = 3_600_000;

export interface CertificateManagerOptions {
  readonly asked: AskedCertificate;
  readonly store: PairStore;
  /** As whom to ask now. */
  readonly client: () => KubeClient;
  /** A pair that is kept already. */
  readonly changed: (pair: KeyPair) => void;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** When to renew, milliseconds since the epoch: between 70 and 90 % of a life, so that not all nodes ask at once. */
export function renewalTime({ notBefore, notAfter }: Lifetime, random: number): number {
  return notBefore + (notAfter - notBefore) * (EARLIEST + SPREAD * random);
}

/**
 * Gets one certificate of a kubelet, keeps it in a file and renews it before it ends. Behaves as kubernetes client-go
 * util/certificate certificate_manager.go.
 */
export class CertificateManager {
  private pair: KeyPair | undefined;

  constructor(private readonly options: CertificateManagerOptions) {
    this.pair = options.store.current();
  }

  /** What was got last, though it may have ended. */
  get current(): KeyPair | undefined {
    return this.pair;
  }

  /** Resolves with a pair that holds now, got if need be, however long that takes. Rejects when the context aborts. */
  async first(ctx: Context): Promise<KeyPair> {
    const { pair, options } = this;
    const isFit = holds(pair, ctx.clock.now()) && isFor(pair.certificate, options.asked);
    return isFit ? pair : await this.renew(ctx);
  }

  /** Renews until the context aborts. */
  async run(ctx: Context): Promise<void> {
    try {
      await this.first(ctx);
      while (!ctx.signal.aborted) {
        await this.untilDue(ctx);
        await this.renew(ctx);
      }
    } catch (error) {
      if (!ctx.signal.aborted) throw error;
    }
  }

  private async untilDue(ctx: Context): Promise<void> {
    const { pair, options } = this;
    if (!pair) return;
    const wished = renewalTime(lifetimeOf(pair.certificate), (options.random ?? Math.random)());
    const due = Math.max(wished, ctx.clock.now() + SHORTEST_BETWEEN_MILLISECONDS);
    ctx.logger.debug('a certificate will be renewed', { signer: options.asked.signerName, at: new Date(due).toJSON() });
    for (let left = due - ctx.clock.now(); left > 0; left = due - ctx.clock.now())
      await sleep(ctx, Math.min(left, LONGEST_SLEEP_MILLISECONDS));
  }

  private async renew(ctx: Context): Promise<KeyPair> {
    for (let delay = FIRST_RETRY_MILLISECONDS; ; delay = Math.min(2 * delay, LONGEST_RETRY_MILLISECONDS)) {
      try {
        return await this.ask(ctx);
      } catch (error) {
        ctx.signal.throwIfAborted();
        // What was refused for one key would be refused again.
        if (error instanceof RefusedError) this.options.store.forgetPending();
        ctx.logger.warn('no certificate was given', { signer: this.options.asked.signerName, error });
      }
      await sleep(ctx, delay);
    }
  }

  private async ask(ctx: Context): Promise<KeyPair> {
    const { asked, store, client, changed } = this.options;
    const key = store.pendingKey();
    const pair = { certificate: await requestCertificate(ctx, client(), key, asked), key };
    if (!holds(pair, ctx.clock.now()))
      throw new RefusedError('what was signed is not for the key, or does not hold now');
    store.keep(pair);
    this.pair = pair;
    ctx.logger.info('a certificate was given', { signer: asked.signerName });
    changed(pair);
    return pair;
  }
}
