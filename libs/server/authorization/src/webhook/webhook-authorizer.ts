import { type Context, type Soon, withSignal } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision, ResolvedRules, RuleResolver } from '@binnacle/server-auth';
import { RememberedAnswers, type ReviewWebhook, WebhookFailure } from '@binnacle/server-egress';
import type { CompiledWebhook } from '../compiled-authorizer.js';
import { matchedBy } from './match-conditions.js';
import { reviewSpecOf } from './subject-access-review.js';

/** Hears what comes of conditions and questions. */
export interface WebhookObserver {
  /** Conditions were looked at, which took so many seconds. */
  matched(result: 'matches' | 'excluded' | 'failed', seconds: number): void;
  /** The webhook could not be asked, and others decide. */
  failedOpen(result: WebhookFailure['result']): void;
}

const MOST_REMEMBERED = 8_192;
/** Characters of what its asker chose, from which on an answer is not kept. */
const LONGEST_QUESTION = 10_000;
/** What is open by an answer that is not believed for longer is asked for again after so many milliseconds. */
const RENEWED_MILLISECONDS = 60_000;
const NO_OPINION: Decision = { allowed: false, reason: '' };

type Json = Readonly<Record<string, unknown>>;

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a status says. Behaves as kubernetes apiserver plugin/pkg/authorizer/webhook. */
function decisionIn({ status }: Json): Decision {
  const { allowed, denied, reason } = (typeof status === 'object' && status !== null ? status : {}) as Json;
  const why = textIn(reason);
  if (denied === true && allowed === true) {
    const error = 'webhook subject access review returned both allow and deny response';
    return { allowed: false, denied: true, reason: why, error };
  }
  if (denied === true) return { allowed: false, denied: true, reason: why };
  return { allowed: allowed === true, reason: why };
}

function isKept({ verb, resource, path = '' }: AuthorizationAttributes): boolean {
  const said = resource ? Object.values(resource as unknown as Record<string, string>) : [path];
  return said.reduce((sum, text) => sum + text.length, verb.length) < LONGEST_QUESTION;
}

/** Decides as a webhook says, and believes it for a while. */
export class WebhookAuthorizer implements Authorizer, RuleResolver {
  private readonly known: RememberedAnswers<Decision>;
  /** Many who ask the same at once wait for one answer. */
  private readonly asking = new Map<string, Promise<Decision>>();

  /** `ctx` ends with the configuration. */
  constructor(
    private readonly ctx: Context,
    private readonly webhook: Pick<ReviewWebhook, 'ask'>,
    private readonly compiled: Omit<CompiledWebhook, 'file' | 'timeout'>,
    private readonly observer: WebhookObserver,
  ) {
    this.known = new RememberedAnswers(ctx.clock, MOST_REMEMBERED);
  }

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const spec = reviewSpecOf(attributes);
    const matched = this.matched(spec);
    if ('fault' in matched) return this.unknown(matched.fault);
    if (!matched.matches) return NO_OPINION;
    const question = JSON.stringify(spec);
    return this.known.get(question) ?? this.ask(ctx, question, spec, isKept(attributes));
  }

  rulesFor(): ResolvedRules {
    return { rules: [], errors: ['webhook authorizer does not support user rule resolution'], isIncomplete: true };
  }

  private matched(spec: ReturnType<typeof reviewSpecOf>): ReturnType<typeof matchedBy> {
    const { conditions } = this.compiled;
    if (conditions.length === 0) return { matches: true };
    const begun = performance.now();
    const found = matchedBy(conditions, spec);
    const result = 'fault' in found ? 'failed' : found.matches ? 'matches' : 'excluded';
    this.observer.matched(result, (performance.now() - begun) / 1000);
    return found;
  }

  private async ask(ctx: Context, question: string, spec: object, isKept: boolean): Promise<Decision> {
    let asking = this.asking.get(question);
    if (!asking) {
      // Whoever came first may go, and the others still wait.
      const lasting = withSignal(ctx, this.ctx.signal);
      asking = this.review(lasting, question, spec, isKept).finally(() => this.asking.delete(question));
      this.asking.set(question, asking);
    }
    return asking;
  }

  private async review(ctx: Context, question: string, spec: object, isKept: boolean): Promise<Decision> {
    const { version, believed } = this.compiled;
    try {
      const review = {
        apiVersion: `authorization.k8s.io/${version}`,
        kind: 'SubjectAccessReview',
        metadata: {},
        spec,
        status: { allowed: false },
      };
      const said = decisionIn(await this.webhook.ask(ctx, review));
      const kept = isKept ? (said.allowed ? believed.yes : believed.no) : 0;
      const decision = said.allowed ? { ...said, until: ctx.clock.now() + (kept || RENEWED_MILLISECONDS) } : said;
      this.known.set(question, decision, kept);
      return decision;
    } catch (error) {
      if (!(error instanceof WebhookFailure)) throw error;
      ctx.logger.error('an authorization webhook cannot be asked', { error });
      if (this.compiled.failurePolicy === 'NoOpinion') this.observer.failedOpen(error.result);
      return this.unknown(error.message);
    }
  }

  private unknown(error: string): Decision {
    const denied = this.compiled.failurePolicy === 'Deny';
    return { allowed: false, reason: '', error, ...(denied && { denied }) };
  }
}
