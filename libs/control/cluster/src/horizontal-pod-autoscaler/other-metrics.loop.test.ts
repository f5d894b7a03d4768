import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { HorizontalPodAutoscaler, MetricSpec, MetricTarget } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient, RawAnswer } from '@binnacle/client-rest';
import { deployment, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler.controller.js';

/** Answers as an adapter of metrics behind the API server would, by path; this API server stands in front of no others yet. */
class Adapter {
  readonly asked: string[] = [];
  readonly answers = new Map<string, readonly object[]>();

  /** A client to whom these groups are the adapter's. */
  inFrontOf(client: KubeClient): KubeClient {
    const raw: KubeClient['raw'] = async (ctx, method, path, body) =>
      /^\/apis\/(custom|external)\.metrics\.k8s\.io\//.test(path)
        ? this.answer(path)
        : client.raw(ctx, method, path, body);
    return Object.create(client, { raw: { value: raw } }) as KubeClient;
  }

  private answer(path: string): RawAnswer {
    this.asked.push(decodeURIComponent(path));
    const items = this.answers.get(path.split('?')[0] ?? '');
    const body = items ? { items } : { message: 'the server could not find the metric' };
    return { status: items ? 200 : 404, body: JSON.stringify(body) };
  }
}

let adapter: Adapter;
let bench: LoopBench;
let autoscalers: Objects<HorizontalPodAutoscaler>;
let deployments: Objects<Deployment>;
beforeEach(async () => {
  adapter = new Adapter();
  bench = await LoopBench.start((ctx, { client, informers }) => [
    horizontalPodAutoscalerController(ctx, { client: adapter.inFrontOf(client), informers }),
  ]);
  deployments = bench.objects(refs.deployments);
  autoscalers = bench.objects(refs.horizontalpodautoscalers);
  await deployments.create(deployment({ spec: { replicas: 2 } }));
  await deployments.change('web', { status: { replicas: 2 } }, 'status');
  const pods = bench.objects<Pod>(refs.pods);
  for (const name of ['web-0', 'web-1']) {
    await pods.create(pod({ metadata: { name, labels: { app: 'web' } } }));
    const startTime = '2020-01-01T00:00:00Z';
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }];
    await pods.change(name, { status: { phase: 'Running', startTime, conditions } }, 'status');
  }
});

async function scaleBy(...metrics: MetricSpec[]): Promise<void> {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const base = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' } };
  await autoscalers.create({ ...base, spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 10, metrics } });
  await bench.drain();
}
const replicas = async () => (await deployments.get('web')).spec?.replicas;
const current = async () => (await autoscalers.get('web')).status?.currentMetrics?.[0];
const condition = async () => {
  const found = (await autoscalers.get('web')).status?.conditions?.find(({ type }) => type === 'ScalingActive');
  return found && `${found.status} ${found.reason}: ${found.message}`;
};

const CUSTOM = '/apis/custom.metrics.k8s.io/v1beta2/namespaces/default';
const ofPod = (name: string, value: string) => ({
  describedObject: { kind: 'Pod', name },
  value,
  timestamp: '2026-01-01T00:00:00Z',
});

describe('by a metric of Pods', () => {
  const metric: MetricSpec = {
    type: 'Pods',
    pods: {
      metric: { name: 'requests', selector: { matchLabels: { verb: 'GET' } } },
      target: { type: 'AverageValue', averageValue: '10' },
    },
  };

  test('follows its average', async () => {
    adapter.answers.set(`${CUSTOM}/pods/*/requests`, [ofPod('web-0', '25'), ofPod('web-1', '15')]);
    await scaleBy(metric);
    expect(adapter.asked).toEqual([`${CUSTOM}/pods/*/requests?labelSelector=app=web&metricLabelSelector=verb=GET`]);
    expect(await replicas()).toBe(4);
    expect(await current()).toMatchObject({ type: 'Pods', pods: { current: { averageValue: '20' } } });
    expect((await bench.events()).at(-1)).toContain('New size: 4; reason: pods metric requests above target');
  });

  test('in an older version where that is what there is', async () => {
    const older = CUSTOM.replace('v1beta2', 'v1beta1');
    adapter.answers.set(`${older}/pods/*/requests`, [ofPod('web-0', '10'), ofPod('web-1', '10')]);
    await scaleBy(metric);
    expect(await condition()).toMatch(/^True ValidMetricFound/);
  });

  test('says so where nobody serves it', async () => {
    await scaleBy(metric);
    expect(await condition()).toMatch(
      /^False FailedGetPodsMetric: .*unable to get metric requests: unable to fetch metrics from custom metrics API: no custom metrics API \(custom\.metrics\.k8s\.io\) registered/,
    );
    expect(await replicas()).toBe(2);
  });
});

describe('by a metric of an object', () => {
  const metric = (target: MetricTarget): MetricSpec => ({
    type: 'Object',
    object: { metric: { name: 'hits' }, describedObject: { apiVersion: 'v1', kind: 'Service', name: 'front' }, target },
  });
  const path = `${CUSTOM}/services/front/hits`;
  const hits = (value: string) =>
    adapter.answers.set(path, [{ describedObject: { kind: 'Service', name: 'front' }, value }]);

  test('follows its value', async () => {
    hits('30');
    await scaleBy(metric({ type: 'Value', value: '20' }));
    expect(await replicas()).toBe(3);
    expect(await current()).toMatchObject({ type: 'Object', object: { current: { value: '30' } } });
  });

  test('follows its share of each Pod', async () => {
    hits('30');
    await scaleBy(metric({ type: 'AverageValue', averageValue: '10' }));
    expect(await replicas()).toBe(3);
    expect(await current()).toMatchObject({ object: { current: { averageValue: '15' } } });
  });

  test('says so where it is of a kind nobody knows', async () => {
    const unknown = { metric: { name: 'hits' }, describedObject: { apiVersion: 'odd.dev/v1', kind: 'Odd', name: 'x' } };
    await scaleBy({ type: 'Object', object: { ...unknown, target: { type: 'Value', value: '1' } } });
    expect(await condition()).toContain('FailedGetObjectMetric');
  });
});

describe('by a metric of something outside', () => {
  const path = '/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue';
  const metric = (target: MetricTarget): MetricSpec => ({
    type: 'External',
    external: { metric: { name: 'queue', selector: { matchLabels: { name: 'jobs' } } }, target },
  });

  test('follows the sum of all its series', async () => {
    adapter.answers.set(path, [{ value: '20' }, { value: '12500m' }]);
    await scaleBy(metric({ type: 'AverageValue', averageValue: '10' }));
    expect(adapter.asked).toEqual([`${path}?labelSelector=name=jobs`]);
    expect(await replicas()).toBe(4);
    expect((await bench.events()).at(-1)).toContain('New size: 4; reason: external metric queue');
  });

  test('goes by the metric that asks for most', async () => {
    adapter.answers.set(path, [{ value: '10' }]);
    adapter.answers.set(`${CUSTOM}/pods/*/requests`, [ofPod('web-0', '40'), ofPod('web-1', '40')]);
    const pods: MetricSpec = {
      type: 'Pods',
      pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '20' } },
    };
    await scaleBy(metric({ type: 'Value', value: '10' }), pods);
    expect(await replicas()).toBe(4);
  });

  test('does not shrink while another metric is not known', async () => {
    adapter.answers.set(path, [{ value: '1' }]);
    const pods: MetricSpec = {
      type: 'Pods',
      pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '20' } },
    };
    await scaleBy(metric({ type: 'Value', value: '10' }), pods);
    expect(await replicas()).toBe(2);
    expect(await condition()).toContain('FailedGetPodsMetric');
  });
});
