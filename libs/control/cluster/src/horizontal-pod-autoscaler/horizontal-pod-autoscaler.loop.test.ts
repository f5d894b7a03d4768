import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { deployment, override, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler.controller.js';
import { MetricsReader } from './metrics-reader.js';

const PERIOD = 15_000;
let bench: LoopBench;
let deployments: Objects<Deployment>;
let autoscalers: Objects<HorizontalPodAutoscaler>;
let pods: Objects<Pod>;
/** What every Pod uses of its 200m, in thousandths of a core; undefined where nobody knows. */
let load: number | undefined;

/** Says of every Pod that it uses `load`. */
class Measured extends MetricsReader {
  override async resource(...args: Parameters<MetricsReader['resource']>): ReturnType<MetricsReader['resource']> {
    if (load === undefined) return super.resource(...args);
    const value = load;
    const all = await pods.list();
    return new Map(all.map(({ metadata }) => [metadata.name ?? '', { value, at: bench.now, window: 15_000 }]));
  }
}

beforeEach(async () => {
  load = 100;
  bench = await LoopBench.start((ctx, deps) => [
    horizontalPodAutoscalerController(ctx, deps, new Measured(deps.client)),
  ]);
  deployments = bench.objects(refs.deployments);
  autoscalers = bench.objects(refs.horizontalpodautoscalers);
  pods = bench.objects(refs.pods);
});

/** As many Pods as the target wants, at work for long enough to count. */
async function follow(): Promise<void> {
  const wanted = (await deployments.get('web')).spec?.replicas ?? 0;
  const present = await pods.list();
  for (let index = present.length; index < wanted; index += 1) {
    const [main] = pod().spec?.containers ?? [];
    const containers = [{ ...main, resources: { requests: { cpu: '200m' } } }];
    const made = override(pod({ metadata: { name: `web-${index}`, labels: { app: 'web' } } }), {
      spec: { containers },
    } as never);
    await pods.create(made);
    const startTime = '2020-01-01T00:00:00Z';
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: startTime }];
    await pods.change(`web-${index}`, { status: { phase: 'Running', startTime, conditions } }, 'status');
  }
  for (const { metadata } of present.slice(wanted)) await pods.delete(String(metadata.name), { gracePeriodSeconds: 0 });
  await deployments.change('web', { status: { replicas: wanted } }, 'status');
}

async function make(replicas: number, spec: object = {}): Promise<void> {
  await deployments.create(deployment({ spec: { replicas } }));
  await follow();
  await autoscalers.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
      ...spec,
    },
  } as HorizontalPodAutoscaler);
  await bench.drain();
}
const replicas = async () => (await deployments.get('web')).spec?.replicas;
const status = async () => (await autoscalers.get('web')).status;
const condition = async (type: string) => {
  const found = (await status())?.conditions?.find((each) => each.type === type);
  return found && `${found.status} ${found.reason}`;
};

test('leaves alone what is as it should be, and says so', async () => {
  await make(2);
  expect(await replicas()).toBe(2);
  expect(await status()).toMatchObject({
    currentReplicas: 2,
    desiredReplicas: 2,
    currentMetrics: [
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 50, averageValue: '100m' } } },
    ],
  });
  expect(await Promise.all(['AbleToScale', 'ScalingActive', 'ScalingLimited'].map(condition))).toEqual([
    'True ReadyForNewScale',
    'True ValidMetricFound',
    'False DesiredWithinRange',
  ]);
  expect(await bench.events()).toEqual([]);
});

test('makes more under load, and fewer five minutes after it', async () => {
  await make(2);
  load = 300;
  await bench.advance(PERIOD);
  expect(await replicas()).toBe(4);
  expect(await condition('ScalingLimited')).toBe('True ScaleUpLimit');
  await follow();
  load = 130;
  await bench.advance(PERIOD);
  expect(await replicas()).toBe(6);
  await follow();
  load = 20;
  await bench.advance(290_000);
  expect(await replicas()).toBe(6);
  expect(await condition('AbleToScale')).toBe('True ScaleDownStabilized');
  await bench.advance(30_000);
  expect(await replicas()).toBeLessThan(6);
  const told = (await bench.events()).filter((event) => event.includes('SuccessfulRescale'));
  expect(told.slice(0, 2)).toEqual([
    'HorizontalPodAutoscaler/web SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    'HorizontalPodAutoscaler/web SuccessfulRescale: New size: 6; reason: cpu resource utilization (percentage of request) above target',
  ]);
  expect(told.at(-1)).toContain('reason: All metrics below target');
});

describe('without looking at metrics', () => {
  test.each([
    [12, 10, 'Current number of replicas above Spec.MaxReplicas'],
    [1, 3, 'Current number of replicas below Spec.MinReplicas'],
  ])('goes from %i to %i', async (from, to, reason) => {
    await make(from, { minReplicas: 3 });
    expect(await replicas()).toBe(to);
    expect((await bench.events())[0]).toBe(
      `HorizontalPodAutoscaler/web SuccessfulRescale: New size: ${to}; reason: ${reason}`,
    );
  });

  test('leaves alone what was put to rest', async () => {
    await make(0);
    await bench.advance(60_000);
    expect(await replicas()).toBe(0);
    expect(await condition('ScalingActive')).toBe('False ScalingDisabled');
  });
});

describe('says why it cannot', () => {
  test('where nothing is measured, and goes on when it is', async () => {
    load = undefined;
    await make(2);
    expect(await condition('ScalingActive')).toBe('False FailedGetResourceMetric');
    expect((await bench.events())[0]).toContain(
      'FailedGetResourceMetric: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    );
    load = 300;
    await bench.advance(PERIOD);
    expect(await condition('ScalingActive')).toBe('True ValidMetricFound');
    expect(await replicas()).toBe(4);
  });

  test('where there is no target, and where the target cannot be scaled', async () => {
    await make(2, { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone' } });
    expect(await condition('AbleToScale')).toBe('False FailedGetScale');
    await autoscalers.change('web', { spec: { scaleTargetRef: { apiVersion: 'odd.dev/v1', kind: 'Odd' } } });
    await bench.drain();
    expect((await bench.events()).at(-1)).toContain('FailedGetScale: no matches for kind "Odd" in group "odd.dev"');
  });

  test('where two have to do with the same Pods', async () => {
    await make(2);
    const { spec } = await autoscalers.get('web');
    await autoscalers.create({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'also' },
      spec,
    } as HorizontalPodAutoscaler);
    await bench.drain();
    const [event] = (await bench.events()).filter((text) => text.includes('AmbiguousSelector'));
    const message = 'pods by selector app=web are controlled by multiple HPAs: [default/also default/web]';
    expect(event).toContain(message);
    expect(await bench.events()).toContain(`HorizontalPodAutoscaler/also FailedComputeMetricsReplicas: ${message}`);
  });
});

test('goes by behaviours', async () => {
  const scaleUp = { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] };
  await make(2, { behavior: { scaleUp } });
  load = 400;
  await bench.advance(PERIOD);
  expect(await replicas()).toBe(3);
  await follow();
  await bench.advance(PERIOD);
  expect(await replicas()).toBe(3);
  await bench.advance(60_000);
  expect(await replicas()).toBe(4);
});
