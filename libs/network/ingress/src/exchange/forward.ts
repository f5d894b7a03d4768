import { backendKey } from '@binnacle/network-proxy';
import type { Context } from '@binnacle/machinery-context';
import type { RoutePolicy } from '../table/policy.js';
import type { Forward, Target } from '../table/route.js';
import { isMultiplexed } from '../upstream/backend.js';
import type { Connections } from '../upstream/connections.js';
import type { Endpoint } from '../upstream/dial.js';
import type { EndpointPool } from '../upstream/endpoint-pool.js';
import type { Refusal } from './arrival.js';
import { TookTooLong } from './answer.js';
import type { Attempt, Ending } from './attempt.js';
import { chooseTarget, type Dice } from './choose.js';
import { Delivery, type Errand, type Sticky, stickyOf } from './delivery.js';
import { refusalOf } from './failure.js';
import { Mirrors } from './mirror.js';
import { sendHttp1 } from './send-http1.js';
import { sendHttp2 } from './send-http2.js';
import { sendUpgrade } from './send-upgrade.js';

/** Where the requests of a logical cluster can be sent. */
export interface Backends {
  readonly connections: Connections;
  pool(id: string): EndpointPool | undefined;
}

const joined = <T>(one: readonly T[] | undefined, other: readonly T[] | undefined): readonly T[] | undefined =>
  one && other ? [...one, ...other] : (one ?? other);

/** What is done for a target comes on top of what is done for its route. */
function withTarget(policy: RoutePolicy, { policy: own }: Target): RoutePolicy {
  if (!own) return policy;
  const requestHeaders = joined(policy.requestHeaders, own.requestHeaders);
  const responseHeaders = joined(policy.responseHeaders, own.responseHeaders);
  const mirrors = joined(policy.mirrors, own.mirrors);
  return {
    ...policy,
    ...(requestHeaders && { requestHeaders }),
    ...(responseHeaders && { responseHeaders }),
    ...(mirrors && { mirrors }),
  };
}

const NOWHERE: Refusal = { status: 500, words: 'the rule leads nowhere' };

/** Sends a request to an endpoint of a backend: to the next one where one cannot be reached. */
export class Forwarder {
  private readonly mirrors: Mirrors;

  constructor(
    private readonly ctx: Context,
    private readonly backends: Backends,
    private readonly dice: Dice = Math.random,
  ) {
    this.mirrors = new Mirrors(backends, dice);
  }

  /** Undefined where there was an answer; else what to say instead. */
  async forward(errand: Errand, forward: Forward): Promise<Refusal | undefined> {
    const { arrival, match, trace } = errand;
    const sticky = stickyOf(match.route.policy, arrival);
    const target = this.stuckTo(forward, sticky) ?? chooseTarget(forward, arrival, this.dice);
    if (!target) return NOWHERE;
    if (!('backend' in target)) return target;
    const pool = this.backends.pool(target.backend);
    if (!pool) return NOWHERE;
    trace.service = pool.spec.service;
    trace.canary = !forward.targets.includes(target);
    const policy = withTarget(match.route.policy, target);
    const delivery = new Delivery(this.ctx, errand, policy, pool, sticky);
    if (!errand.upgrade) this.mirrors.send(delivery, policy.mirrors);
    return await this.tryAll(delivery);
  }

  /** Whoever has an endpoint of a canary or of the others stays there. */
  private stuckTo({ targets, canaries }: Forward, sticky: Sticky | undefined): Target | undefined {
    const { cookie } = sticky ?? {};
    if (cookie === undefined || canaries.some(({ header, cookie: by }) => header || by)) return undefined;
    const all = [...targets, ...canaries.map(({ target }) => target)];
    return all.find((target) => 'backend' in target && this.backends.pool(target.backend)?.named(cookie));
  }

  private async tryAll(delivery: Delivery): Promise<Refusal | undefined> {
    let refusal: Refusal | undefined;
    for (let endpoint = delivery.next(); endpoint; endpoint = delivery.next()) {
      const ending = await this.attempt(delivery, endpoint);
      if (ending.kind === 'answered') return undefined;
      this.ctx.logger.debug('an endpoint did not answer', { endpoint: backendKey(endpoint), error: ending.error });
      refusal = refusalOf(ending);
      if (!delivery.mayGoOn(ending)) return refusal;
    }
    const { namespace, service } = delivery.pool.spec;
    return refusal ?? { status: 503, words: `no endpoint of the Service ${namespace}/${service} is ready` };
  }

  private async attempt(delivery: Delivery, endpoint: Endpoint): Promise<Ending> {
    const attempt = delivery.attempt(endpoint);
    const { answer, timeouts } = attempt;
    const late = () => answer.abandon(new TookTooLong());
    const cancel = timeouts.attempt > 0 ? this.ctx.clock.after(timeouts.attempt, late) : undefined;
    return await this.send(delivery, attempt).finally(cancel);
  }

  private send({ errand, pool }: Delivery, attempt: Attempt): Promise<Ending> {
    const { connections } = this.backends;
    if (errand.upgrade) return sendUpgrade(attempt, errand.upgrade, connections);
    return isMultiplexed(pool.spec.protocol) ? sendHttp2(attempt, connections) : sendHttp1(attempt, connections);
  }
}
