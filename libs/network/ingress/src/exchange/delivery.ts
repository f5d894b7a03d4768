import { backendKey } from '@binnacle/network-proxy';
import type { Context } from '@binnacle/machinery-context';
import type { Match } from '../table/path-table.js';
import type { CookieAffinity, RoutePolicy, Timeouts } from '../table/policy.js';
import type { Endpoint } from '../upstream/dial.js';
import type { EndpointPool } from '../upstream/endpoint-pool.js';
import type { Answer } from './answer.js';
import type { Arrival } from './arrival.js';
import type { Attempt, Ending } from './attempt.js';
import { cookieValue, setCookie } from './cookies.js';
import { corsHeaders } from './cors.js';
import { mayBeAskedAgain } from './failure.js';
import { GuardedBody } from './guarded-body.js';
import { changedHeaders } from './headers.js';
import { requestHeaders } from './request-headers.js';
import { upstreamTarget } from './rewriting.js';
import type { Upgrade } from './send-upgrade.js';

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

export interface Sticky {
  readonly affinity: CookieAffinity;
  readonly cookie: string | undefined;
}

export function stickyOf({ affinity }: RoutePolicy, arrival: Arrival): Sticky | undefined {
  return affinity && { affinity, cookie: cookieValue(arrival.header('cookie'), affinity.name) };
}

/** Which endpoints are asked for one request, and what they are sent and answer. */
export class Delivery {
  private readonly failed = new Set<string>();
  readonly headers: readonly string[];
  /** Path and query. */
  readonly target: string;
  readonly body: GuardedBody | undefined;

  constructor(
    ctx: Context,
    readonly errand: Errand,
    readonly policy: RoutePolicy,
    readonly pool: EndpointPool,
    private readonly sticky: Sticky | undefined,
  ) {
    const { arrival, match, id } = errand;
    this.headers = requestHeaders(arrival, policy, id);
    this.target = upstreamTarget(policy.rewrite, arrival, match);
    if (arrival.bodyLength !== 0 && !errand.upgrade) this.body = this.guard(ctx);
  }

  get timeouts(): Timeouts {
    return this.policy.timeouts;
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
    // Its connection had been kept open, and was closed meanwhile: it is no worse than others.
    if (ending.wasSent) this.failed.delete(this.errand.trace.endpoint ?? '');
    return mayBeAskedAgain(ending, this.errand.arrival.method, this.body !== undefined);
  }

  attempt(endpoint: Endpoint): Attempt {
    const { arrival, answer } = this.errand;
    const { timeouts } = this;
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
    if (cors) changed = changedHeaders(changed, [corsHeaders(cors, arrival)]);
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
