import { type Context, sleep } from '@binnacle/machinery-context';
import { newTooManyRequests } from '@binnacle/machinery-meta';
import { type GuardedFetch, guardedFetch } from '../guarded-fetch.js';
import type { WebhookTarget } from './webhook-target.js';

/** How often and for how long a webhook is asked. */
export interface ReviewWebhookOptions {
  /** For one answer. */
  readonly milliseconds: number;
  readonly attempts: number;
  /** Milliseconds before the second try; each later one waits half as long again, and up to a fifth more. */
  readonly initialBackoff: number;
}

export const REVIEW_DEFAULTS: ReviewWebhookOptions = { milliseconds: 30_000, attempts: 5, initialBackoff: 500 };

/** How one round-trip ended, in upstream's words, and how many seconds it took. */
export type RoundTrip = 'success' | 'timeout' | 'error' | 'canceled';
export type ObserveRoundTrip = (result: RoundTrip, seconds: number) => void;

const ANSWER_BYTES = 1024 * 1024;
/** Of one webhook: whoever asks for very much does not have everybody else wait for it. */
const MOST_QUESTIONS = 200;
const KEPT_CONNECTIONS = 20;
const [GROWTH, JITTER] = [1.5, 0.2];

type Json = Readonly<Record<string, unknown>>;

/** That a webhook did not answer as it must. */
export class WebhookFailure extends Error {
  override readonly name = 'WebhookFailure';

  constructor(
    message: string,
    readonly result: RoundTrip = 'error',
    /** Whether another try may go better. */
    readonly isPassing = false,
  ) {
    super(message);
  }
}

function failureOf(error: unknown): WebhookFailure {
  if (error instanceof WebhookFailure) return error;
  const { message, code } = error as Error & { readonly code?: string };
  const isLate = /^no answer within/.test(message);
  return new WebhookFailure(message, isLate ? 'timeout' : 'error', code === 'ECONNRESET' || code === 'EPIPE');
}

/** Statuses after which upstream asks again; others where the answer says when to. */
function checkStatus({ status, headers }: Response): void {
  if (status >= 200 && status < 300) return;
  const isPassing = status === 429 || status === 500 || status === 504 || headers.has('retry-after');
  throw new WebhookFailure(`the webhook answered ${status}`, status === 504 ? 'timeout' : 'error', isPassing);
}

async function objectIn(answer: Response, { kind }: Json): Promise<Json> {
  let read: unknown;
  try {
    read = JSON.parse(await answer.text());
  } catch {
    throw new WebhookFailure('the webhook did not answer with JSON');
  }
  if (typeof read === 'object' && read !== null && (read as Json).kind === kind) return read as Json;
  throw new WebhookFailure(`the webhook did not answer with a ${String(kind)}`);
}

/**
 * Asks a server that somebody named in a kubeconfig what it makes of an object: over TLS, at no forbidden address, in bounded time,
 * size and number. Behaves as kubernetes apiserver pkg/util/webhook.
 */
export class ReviewWebhook {
  private readonly fetch: GuardedFetch;
  private asked = 0;

  /** `ctx` is the server's. */
  constructor(
    ctx: Context,
    private readonly target: WebhookTarget,
    private readonly options: ReviewWebhookOptions = REVIEW_DEFAULTS,
    private readonly observe: ObserveRoundTrip = () => undefined,
  ) {
    const { milliseconds } = options;
    this.fetch = guardedFetch(ctx, {
      milliseconds,
      bytes: ANSWER_BYTES,
      tls: target.tls,
      connections: KEPT_CONNECTIONS,
    });
  }

  /** Its answer, an object of the same kind. Rejects with WebhookFailure, or TooManyRequests where it is asked too much. */
  async ask(ctx: Context, review: Json): Promise<Json> {
    if (this.asked >= MOST_QUESTIONS) throw newTooManyRequests('a webhook is asked too much, please try again', 1);
    this.asked += 1;
    try {
      return await this.tries(ctx, review);
    } finally {
      this.asked -= 1;
    }
  }

  private async tries(ctx: Context, review: Json): Promise<Json> {
    const { attempts, initialBackoff } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(ctx, review);
      } catch (error) {
        if (!(error instanceof WebhookFailure) || !error.isPassing || attempt === attempts) throw error;
        await sleep(ctx, initialBackoff * GROWTH ** (attempt - 1) * (1 + JITTER * Math.random()));
      }
    }
  }

  private async once(ctx: Context, review: Json): Promise<Json> {
    const begun = ctx.clock.now();
    const tell = (result: RoundTrip): void => this.observe(result, (ctx.clock.now() - begun) / 1000);
    try {
      const answer = await this.post(ctx, JSON.stringify(review));
      checkStatus(answer);
      const found = await objectIn(answer, review);
      tell('success');
      return found;
    } catch (error) {
      const failure = failureOf(error);
      tell(ctx.signal.aborted ? 'canceled' : failure.result);
      ctx.signal.throwIfAborted();
      throw failure;
    }
  }

  private post({ signal }: Context, body: string): Promise<Response> {
    const { url, headers } = this.target;
    const said = { ...headers(), 'content-type': 'application/json', accept: 'application/json' };
    return this.fetch(url, { method: 'POST', body, headers: said, signal });
  }
}
