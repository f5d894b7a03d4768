import type { CrossVersionObjectReference, MetricIdentifier } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { parseTime, type Quantity, StatusError } from '@binnacle/machinery-meta';
import { toMillis } from '@binnacle/machinery-quantity';
import { formatLabelSelector } from '@binnacle/machinery-selectors';
import { RecentDiscovery } from '../discovery/recent-discovery.js';
import type { PodMetric, PodMetrics } from './pod-metrics.js';
import { MetricError, type ResourceOf } from './replica-count.js';

interface Measured {
  readonly timestamp?: string;
}

interface PodMetricsList {
  readonly items?: ReadonlyArray<
    Measured & {
      readonly metadata: { readonly name: string };
      readonly window?: string;
      readonly containers?: ReadonlyArray<{ readonly name: string; readonly usage: Record<string, Quantity> }>;
    }
  >;
}

interface MetricValueList {
  readonly items?: ReadonlyArray<
    Measured & {
      readonly describedObject?: { readonly name?: string };
      readonly windowSeconds?: number;
      readonly value: Quantity;
    }
  >;
}

const DEFAULT_WINDOW = 60_000;
const CUSTOM = 'custom.metrics.k8s.io';
const CUSTOM_VERSIONS = ['v1beta2', 'v1beta1'];

/** A window as kubelets' metrics say it: `15s`, `1m0s`. */
function windowOf(text = ''): number {
  const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}

const query = (parameters: Readonly<Record<string, string>>): string => {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
};

/** Asks the APIs of metrics: those of resources, which are always served, and those of others where somebody serves them. */
export class MetricsReader {
  constructor(
    private readonly client: KubeClient,
    private readonly discovery = new RecentDiscovery(client),
  ) {}

  /** What Pods, or one container of each, use of a resource. Those that do not say so of every container are left out. */
  async resource(
    ctx: Context,
    namespace: string,
    selector: string,
    { resource, container }: ResourceOf,
  ): Promise<PodMetrics> {
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods${query({ labelSelector: selector })}`;
    const { items = [] } = await this.fetched('resource', this.get<PodMetricsList>(ctx, path));
    if (items.length === 0) throw new MetricError('no metrics returned from resource metrics API');
    const found = new Map<string, PodMetric>();
    for (const { metadata, timestamp, window, containers = [] } of items) {
      const wanted = container === undefined ? containers : containers.filter(({ name }) => name === container);
      const amounts = wanted.map(({ usage }) => usage[resource]);
      if (amounts.length === 0 || amounts.includes(undefined)) continue;
      const value = amounts.reduce<number>((sum, amount) => sum + toMillis(amount), 0);
      found.set(metadata.name, { value, at: parseTime(timestamp) ?? 0, window: windowOf(window) });
    }
    return found;
  }

  /** A metric of each Pod. */
  async pods(
    ctx: Context,
    namespace: string,
    selector: string,
    { name, selector: of }: MetricIdentifier,
  ): Promise<PodMetrics> {
    const more = query({ labelSelector: selector, metricLabelSelector: formatLabelSelector(of) });
    const { items = [] } = await this.custom(ctx, `namespaces/${namespace}/pods/*/${encodeURIComponent(name)}${more}`);
    if (items.length === 0) throw new MetricError('no metrics returned from custom metrics API');
    return new Map(
      items.map(({ describedObject, timestamp, windowSeconds, value }) => {
        const window = windowSeconds === undefined ? DEFAULT_WINDOW : windowSeconds * 1000;
        return [describedObject?.name ?? '', { value: toMillis(value), at: parseTime(timestamp) ?? 0, window }];
      }),
    );
  }

  /** A metric of one object, in thousandths. */
  async object(
    ctx: Context,
    namespace: string,
    { kind, name, apiVersion = 'v1' }: CrossVersionObjectReference,
    { name: metric, selector }: MetricIdentifier,
  ): Promise<number> {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const resource = await this.discovery.find(ctx, group, kind);
    if (!resource) throw new MetricError(`no matches for kind "${kind}" in group "${group}"`);
    const place = resource.namespaced ? `namespaces/${namespace}/` : '';
    const plural = group ? `${resource.plural}.${group}` : resource.plural;
    const more = query({ metricLabelSelector: formatLabelSelector(selector) });
    const path = `${place}${plural}/${encodeURIComponent(name)}/${encodeURIComponent(metric)}${more}`;
    const [found] = (await this.custom(ctx, path)).items ?? [];
    if (!found) throw new MetricError(`no metrics returned from custom metrics API`);
    return toMillis(found.value);
  }

  /** The sum of a metric of something outside of the cluster, in thousandths. */
  async external(ctx: Context, namespace: string, { name, selector }: MetricIdentifier): Promise<number> {
    const more = query({ labelSelector: formatLabelSelector(selector) });
    const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/${encodeURIComponent(name)}${more}`;
    const { items = [] } = await this.fetched('external', this.get<MetricValueList>(ctx, path));
    if (items.length === 0) throw new MetricError('no metrics returned from external metrics API');
    return items.reduce((sum, { value }) => sum + toMillis(value), 0);
  }

  private async fetched<T>(api: string, answer: Promise<T>): Promise<T> {
    return await answer.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new MetricError(`unable to fetch metrics from ${api} metrics API: ${why}`);
    });
  }

  private custom(ctx: Context, path: string): Promise<MetricValueList> {
    return this.fetched('custom', this.newest(ctx, path));
  }

  /** In the newest version that is served. */
  private async newest(ctx: Context, path: string): Promise<MetricValueList> {
    let failure: unknown;
    for (const version of CUSTOM_VERSIONS) {
      try {
        return await this.get<MetricValueList>(ctx, `/apis/${CUSTOM}/${version}/${path}`);
      } catch (error) {
        failure ??= error;
      }
    }
    if ((await this.client.raw(ctx, 'GET', `/apis/${CUSTOM}`)).status !== 404) throw failure;
    throw new MetricError(`no custom metrics API (${CUSTOM}) registered`);
  }

  private async get<T>(ctx: Context, path: string): Promise<T> {
    const { status, body } = await this.client.raw(ctx, 'GET', path);
    if (status === 200) return JSON.parse(body) as T;
    throw new StatusError(status, 'ServiceUnavailable', `${messageOf(body)} (get ${path.split('?')[0]})`);
  }
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: string };
    return message ?? body;
  } catch {
    return body.trim();
  }
}
