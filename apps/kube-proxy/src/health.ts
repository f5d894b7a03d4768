import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { Clock } from '@binnacle/machinery-context';
import { nodeEligible, type ProxyHealth, type ProxyMetrics } from '@binnacle/network-proxy';
import type { HealthServerOptions } from '@binnacle/process-lifecycle';

export interface HealthParts {
  readonly clock: Clock;
  readonly health: ProxyHealth;
  readonly metrics: Pick<ProxyMetrics, 'answeredHealth'>;
  /** The Node of this machine, where it is known which that is; everything is eligible without it. */
  readonly ownNode?: () => Node | undefined;
}

type Report = NonNullable<HealthServerOptions['report']>;

/**
 * What `/healthz` and `/livez` answer: the first also whether the node may have traffic, which is no reason to start the proxy
 * anew. Behaves as kubernetes pkg/proxy/healthcheck.
 */
export function healthReports({ clock, health, metrics, ownNode }: HealthParts): Report {
  return (path) => {
    if (path !== '/healthz' && path !== '/livez') return undefined;
    const { lastUpdated, currentTime, healthy, status } = health.report(clock.now());
    const eligible = path === '/healthz' ? !ownNode || nodeEligible(ownNode()) : undefined;
    const isGood = healthy && eligible !== false;
    metrics.answeredHealth(path === '/healthz' ? 'healthz' : 'livez', isGood ? 200 : 503);
    const nodeOf = eligible === undefined ? {} : { nodeEligible: eligible };
    return { healthy: isGood, body: { lastUpdated, currentTime, ...nodeOf, healthy, status } };
  };
}
