import { backendKey } from '@binnacle/network-proxy';
import type { Context } from '@binnacle/machinery-context';
import type { Match } from '../table/path-table.js';
import type { CookieAffinity, RoutePolicy } from '../table/policy.js';
import type { Forward, Target } from '../table/route.js';
import { isMultiplexed } from '../upstream/backend.js';
import type { Connections } from '../upstream/connections.js';
import type { Endpoint } from '../upstream/dial.js';
import type { EndpointPool } from '../upstream/endpoint-pool.js';
import type { Answer } from './answer.js';
import type { Arrival, Refusal } from './arrival.js';
import type { Attempt, Ending } from './attempt.js';
import { chooseTarget, type Dice } from './choose.js';
import { cookieValue, setCookie } from './cookies.js';
import { corsHeaders } from './cors.js';
import { mayBeAskedAgain, refusalOf } from './failure.js';
import { GuardedBody } from './guarded-body.js';
import { changedHeaders } from './headers.js';
import { requestHeaders } from './request-headers.js';
import { upstreamTarget } from './rewriting.js';
import { sendHttp1 } from './send-http1.js';
import { sendHttp2 } from './send-http2.js';
import { sendUpgrade, type Upgrade } from './send-upgrade.js';

/** Where the requests of a logical cluster can be sent. */
export interface Backends {
  readonly connections: Connections;
  pool(id: string): EndpointPool | undefined;
}

/** One request that is sent on, and what is known of it then. */
export interface Errand {
  readonly arrival: Arrival;
  readonly match: Match;
  readonly answer: Answer;
  readonly id: string;
  readonly upgrade?: Upgrade | undefined;
  /** Filled while it is sent: who was asked, and for how many bytes. */
  readonly trace: Trace;
}

export interface Trace {
  service?: string;
  canary?: boolean;
  endpoint?: string;
  tries: number;
  body?: GuardedBody;
}

interface Sticky {
  readonly affinity: CookieAffinity;
  readonly cookie: string | undefined;
}

function stickyOf({ affinity }: RoutePolicy, arrival: Arrival): Sticky | undefined {
  return affinity && { affinity, cookie: cookieValue(arrival.header('cookie'), affinity.name) };
}

const withTarget = (policy: RoutePolicy, target: Target): RoutePolicy =>
  target.policy ? { ...policy, ...target.policy } : policy;

/** Sends a request to an endpoint of a backend: to the next one where one cannot be reached. */
export class Forwarder {
  constructor(
    private readonly ctx: Context,
    private readonly backends: Backends,
    private readonly dice: Dice = Math.random,
  ) {}

  /** Undefined where there was an answer; else what to say instead. */
  async forward(errand: Errand, forward: Forward): Promise<Refusal | undefined> {
    const { arrival, match, trace } = errand;
    const sticky = stickyOf(match.route.policy, arrival);
    const target = this.stuckTo(forward, sticky) ?? chooseTarget(forward, arrival, this.dice);
    const pool = target && this.backends.pool(target.backend);
    if (!target || !pool) return { status: 500, words: 'the rule leads nowhere' };
    trace.service = pool.spec.service;
    trace.canary = !forward.targets.includes(target);
    const policy = withTarget(match.route.policy, target);
    return await this.tryAll(new Plan(this.ctx, errand, policy, pool, sticky));
  }

  /** Whoever has an endpoint of a canary or of the others stays there. */
  private stuckTo({ targets, canaries }: Forward, sticky: Sticky | undefined): Target | undefined {
    const { cookie } = sticky ?? {};
    if (cookie === undefined || canaries.some(({ header, cookie: by }) => header || by)) return undefined;
    const all = [...targets, ...canaries.map(({ target }) => target)];
    return all.find(({ backend }) => this.backends.pool(backend)?.named(cookie));
  }

  private async tryAll(plan: Plan): Promise<Refusal | undefined> {
    let refusal: Refusal | undefined;
    for (let endpoint = plan.next(); endpoint; endpoint = plan.next()) {
      const ending = await this.attempt(plan, endpoint);
      if (ending.kind === 'answered') return undefined;
      this.ctx.logger.debug('an endpoint did not answer', { endpoint: backendKey(endpoint), error: ending.error });
      refusal = refusalOf(ending);
      if (!plan.mayGoOn(ending)) return refusal;
    }
    const { namespace, service } = plan.pool.spec;
    return refusal ?? { status: 503, words: `no endpoint of the Service ${namespace}/${service} is ready` };
  }

  private attempt(plan: Plan, endpoint: Endpoint): Promise<Ending> {
    const attempt = plan.attempt(endpoint);
    const { connections } = this.backends;
    if (plan.errand.upgrade) return sendUpgrade(attempt, plan.errand.upgrade, connections);
    return isMultiplexed(plan.pool.spec.protocol) ? sendHttp2(attempt, connections) : sendHttp1(attempt, connections);
  }
}

/** Which endpoints are asked for one request, and what they are sent. */
class Plan {
  private readonly failed = new Set<string>();
  private readonly headers: readonly string[];
  private readonly target: string;
  private readonly body: GuardedBody | undefined;

  constructor(
    ctx: Context,
    readonly errand: Errand,
    private readonly policy: RoutePolicy,
    readonly pool: EndpointPool,
    private readonly sticky: Sticky | undefined,
  ) {
    const { arrival, match, id } = errand;
    this.headers = requestHeaders(arrival, policy, id);
    this.target = upstreamTarget(policy.rewrite, arrival, match);
    if (arrival.bodyLength !== 0 && !errand.upgrade) this.body = this.guard(ctx);
  }

  next(): Endpoint | undefined {
    const { trace } = this.errand;
    if (trace.tries >= this.policy.tries) return undefined;
    const named =
      trace.tries === 0 && this.sticky?.cookie !== undefined ? this.pool.named(this.sticky.cookie) : undefined;
    const endpoint = named ?? this.pool.next(this.failed);
    if (!endpoint) return undefined;
    trace.tries += 1;
    trace.endpoint = backendKey(endpoint);
    this.failed.add(trace.endpoint);
    return endpoint;
  }

  mayGoOn(ending: Extract<Ending, { kind: 'failed' }>): boolean {
    return mayBeAskedAgain(ending, this.errand.arrival.method, this.body !== undefined);
  }

  attempt(endpoint: Endpoint): Attempt {
    const { arrival, answer } = this.errand;
    const { timeouts } = this.policy;
    return {
      arrival,
      answer,
      timeouts,
      wanted: { backend: this.pool.spec, endpoint, connectTimeout: timeouts.connect },
      target: this.target,
      headers: this.headers,
      body: this.body,
      finish: (headers) => this.finished(headers, endpoint),
    };
  }

  private guard(ctx: Context): GuardedBody {
    const { arrival, answer, trace } = this.errand;
    const { bodyLimit, timeouts } = this.policy;
    const body = new GuardedBody({ limit: bodyLimit, patience: timeouts.send }, ctx.clock);
    trace.body = body;
    body.on('error', () => undefined);
    answer.response.once('close', () => body.destroy());
    if (arrival.header('expect') !== undefined) answer.response.writeContinue();
    arrival.request.pipe(body);
    return body;
  }

  private finished(headers: string[], endpoint: Endpoint): string[] {
    const { arrival } = this.errand;
    const { cors, responseHeaders } = this.policy;
    let changed = changedHeaders(headers, responseHeaders);
    if (cors) changed = changedHeaders(changed, corsHeaders(cors, arrival));
    const cookie = this.newCookie(endpoint);
    return cookie === undefined ? changed : [...changed, 'set-cookie', cookie];
  }

  /** Told to who has none that is still good, or where the endpoint of the old one did not answer. */
  private newCookie(endpoint: Endpoint): string | undefined {
    const { sticky, pool, errand } = this;
    if (!sticky) return undefined;
    const value = pool.cookieFor(endpoint);
    const isStale = sticky.cookie === undefined || !pool.named(sticky.cookie);
    if (value === sticky.cookie || !(isStale || sticky.affinity.changesOnFailure)) return undefined;
    return setCookie(sticky.affinity, value, errand.arrival.door.secure);
  }
}
