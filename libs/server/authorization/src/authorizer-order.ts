import { rulesOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { ConfigurationError } from '@binnacle/machinery-yaml';
import type { OrderedAuthorizer } from '@binnacle/server-auth';
import { ReviewWebhook, REVIEW_DEFAULTS, type WebhookTarget } from '@binnacle/server-egress';
import type { CompiledAuthorizer, CompiledWebhook } from './compiled-authorizer.js';
import { counted } from './counted-authorizer.js';
import type { AuthorizationMetrics } from './metrics.js';
import { WebhookAuthorizer } from './webhook/webhook-authorizer.js';

/** Those that a server knows by itself. */
export type KnownAuthorizers = Readonly<Record<'Node' | 'RBAC', readonly OrderedAuthorizer[]>>;

/** Reads the kubeconfig of a webhook. Throws where it cannot be used. */
export type ReadTarget = (file: string) => WebhookTarget;

const ALWAYS_ALLOW: OrderedAuthorizer = {
  authorize: () => ({ allowed: true, reason: '' }),
  rulesFor: () => ({ rules: rulesOf(['* * *', '* *']), errors: [] }),
};
const ALWAYS_DENY: OrderedAuthorizer = {
  authorize: () => ({ allowed: false, reason: 'Everything is forbidden.' }),
};

/** As it is where nothing else is said. */
export const DEFAULT_ORDER: readonly CompiledAuthorizer[] = [
  { type: 'Node', name: 'node' },
  { type: 'RBAC', name: 'rbac' },
];

/** Who decides what somebody may do, in which order: as flags or a file say, and as that file says later. */
export class AuthorizerOrder {
  private known: KnownAuthorizers | undefined;
  private follow: (order: readonly OrderedAuthorizer[]) => void = () => undefined;
  private life = new AbortController();

  /** @throws where the webhooks of the order cannot be used. */
  constructor(
    private readonly ctx: Context,
    private readonly metrics: AuthorizationMetrics,
    private readonly readTarget: ReadTarget,
    private order: readonly CompiledAuthorizer[] = DEFAULT_ORDER,
  ) {
    for (const one of order) if (one.type === 'Webhook') readTarget(one.webhook.file);
  }

  /** Tells who decides now, and whenever that becomes another order. */
  use(known: KnownAuthorizers, follow: (order: readonly OrderedAuthorizer[]) => void): void {
    this.known = known;
    this.follow = follow;
    follow(this.make(this.order, known));
  }

  /**
   * From now on others decide, or in another order. Whoever is no webhook must stay. Throws ConfigurationError, and leaves all as it
   * was.
   */
  change(order: readonly CompiledAuthorizer[]): void {
    const types = new Set(order.map(({ type }) => type));
    const before = this.order.map(({ type }) => type);
    const missing = before.filter((type) => type !== 'Webhook' && !types.has(type));
    if (missing.length > 0) throw new ConfigurationError(`missing required types: [${missing.sort().join(' ')}]`);
    const added = [...types].filter((type) => type !== 'Webhook' && !before.includes(type));
    if (added.length > 0) throw new ConfigurationError(`not enabled at the start of the server: ${added.join(', ')}`);
    const made = this.known && this.make(order, this.known);
    this.order = order;
    if (made) this.follow(made);
  }

  private make(order: readonly CompiledAuthorizer[], known: KnownAuthorizers): OrderedAuthorizer[] {
    const life = new AbortController();
    const ctx = withSignal(this.ctx, AbortSignal.any([this.ctx.signal, life.signal]));
    const made = order.flatMap((one) => {
      const count = this.metrics.countOf(one.type, one.name);
      return this.authorizersOf(ctx, one, known).map((authorizer) => counted(authorizer, count));
    });
    this.life.abort(new Error('there is another configuration'));
    this.life = life;
    return made;
  }

  private authorizersOf(ctx: Context, one: CompiledAuthorizer, known: KnownAuthorizers): readonly OrderedAuthorizer[] {
    if (one.type === 'Webhook') return [this.webhook(ctx, one.name, one.webhook)];
    if (one.type === 'AlwaysAllow') return [ALWAYS_ALLOW];
    return one.type === 'AlwaysDeny' ? [ALWAYS_DENY] : known[one.type];
  }

  private webhook(ctx: Context, name: string, compiled: CompiledWebhook): OrderedAuthorizer {
    const options = { ...REVIEW_DEFAULTS, milliseconds: compiled.timeout };
    const target = this.readTarget(compiled.file);
    const webhook = new ReviewWebhook(ctx, target, options, this.metrics.roundTrips(name));
    return new WebhookAuthorizer(ctx, webhook, compiled, this.metrics.observerOf(name));
  }
}
