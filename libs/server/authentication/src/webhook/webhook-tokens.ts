import { type Context, type Soon, withSignal } from '@binnacle/machinery-context';
import { type TokenAnswer, type TokenAuthenticator, TokenRefused, type TokenScope } from '@binnacle/server-auth';
import { RememberedAnswers, type ReviewWebhook, WebhookFailure } from '@binnacle/server-egress';
import { readTokenStatus, type TokenStatus } from './token-status.js';

/** How a webhook is asked about tokens. */
export interface WebhookTokenOptions {
  /** Of authentication.k8s.io, by which it is asked. */
  readonly version: 'v1' | 'v1beta1';
  /** Milliseconds for which its answers are believed. */
  readonly believed: number;
}

/** Of tokens that are known or not. */
const MOST_REMEMBERED = 10_000;

/** What an answer makes of the audiences somebody asked for; undefined where it is for none of them. */
function answerOf({ user, audiences = [] }: TokenStatus, wanted: readonly string[]): TokenAnswer | undefined {
  if (!user) return undefined;
  // It may know no audiences: then its tokens are for the API.
  if (audiences.length === 0) return { user };
  const common = wanted.filter((audience) => audiences.includes(audience));
  return common.length > 0 ? { user, audiences: common } : undefined;
}

/**
 * Believes what a webhook says of tokens, for a while. Behaves as kubernetes apiserver plugin/pkg/authenticator/token/webhook, behind
 * its token cache.
 */
export class WebhookTokens implements TokenAuthenticator {
  private readonly known: RememberedAnswers<TokenStatus>;
  /** Many who come with one at once wait for one answer. */
  private readonly asking = new Map<string, Promise<TokenStatus>>();

  /** `ctx` is the server's: whoever came first may go, and the others still wait. */
  constructor(
    private readonly ctx: Context,
    private readonly webhook: Pick<ReviewWebhook, 'ask'>,
    private readonly options: WebhookTokenOptions,
  ) {
    this.known = new RememberedAnswers(ctx.clock, MOST_REMEMBERED);
  }

  authenticateToken(ctx: Context, token: string, { audiences }: TokenScope): Soon<TokenAnswer | undefined> {
    const question = JSON.stringify([token, audiences]);
    const known = this.known.get(question);
    if (known) return answerOf(known, audiences);
    return this.ask(ctx, question, { token, audiences }).then((status) => answerOf(status, audiences));
  }

  private async ask(ctx: Context, question: string, spec: { token: string; audiences: readonly string[] }) {
    let asking = this.asking.get(question);
    if (!asking) {
      asking = this.review(withSignal(ctx, this.ctx.signal), question, spec).finally(() =>
        this.asking.delete(question),
      );
      this.asking.set(question, asking);
    }
    return asking;
  }

  private async review(ctx: Context, question: string, spec: object): Promise<TokenStatus> {
    const { version, believed } = this.options;
    try {
      const review = { apiVersion: `authentication.k8s.io/${version}`, kind: 'TokenReview', spec };
      const status = readTokenStatus(await this.webhook.ask(ctx, review));
      // That it could not tell is not remembered.
      if (status.error !== undefined) throw new TokenRefused(status.error);
      this.known.set(question, status, believed);
      return status;
    } catch (error) {
      if (!(error instanceof WebhookFailure)) throw error;
      ctx.logger.error('the authentication webhook cannot be asked', { error });
      throw new TokenRefused(error.message);
    }
  }
}
