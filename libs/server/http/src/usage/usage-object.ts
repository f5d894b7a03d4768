import type { PodUsage } from '@binnacle/apis-kubernetes/usage/v1';
import type { Scope, StoredObject } from '@binnacle/server-storage';
import { usageText } from '../node-metrics/metrics-object.js';
import type { ClusterUsage } from './usage-history.js';
import { seriesOf } from './usage-series.js';
import type { UsageWindow } from './usage-window.js';
import type { Used } from './used.js';

/** What an object of these is selected by, as if it were stored. */
export function usageHead(
  scope: Scope,
  used: Used,
  { window, step }: UsageWindow,
): Omit<StoredObject, 'body' | 'revision'> {
  const { namespace, name, labels, fields: own } = used;
  const fields = { window, step, ...own };
  return { key: { cluster: scope.cluster, resource: scope.resource, namespace, name }, attributes: { labels, fields } };
}

/** What something used, as clients are told. */
export function usageObject(used: Used, window: UsageWindow, { whole }: ClusterUsage): PodUsage {
  const { kind, namespace, name, labels, time, now, rings, more } = used;
  const { pods, ...series } = seriesOf(rings, window, whole);
  const metadata = {
    name,
    ...(namespace && { namespace }),
    ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
  };
  return {
    apiVersion: 'usage.binnacle.dev/v1',
    kind,
    metadata,
    ...more,
    window: window.window,
    step: window.step,
    timestamp: time,
    ...(now && { usage: usageText(now) }),
    series: more ? { ...series, pods } : series,
  };
}

const DIGITS = 3;

/** What a reader would see to be another: the figures as they are shown, and how far the series has got. */
export function gistOf({ now }: Used, { series }: Pick<PodUsage, 'series'>): string {
  const figures = now && [now.nanoCores, now.bytes].map((amount) => amount.toPrecision(DIGITS));
  return `${figures?.join(' ')} ${series.times[0]} ${series.times.at(-1)}`;
}
