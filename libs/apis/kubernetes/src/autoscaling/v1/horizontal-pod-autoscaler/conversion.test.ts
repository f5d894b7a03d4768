import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type {
  HorizontalPodAutoscaler as Stored,
  HorizontalPodAutoscalerBehavior,
  MetricSpec,
  MetricStatus,
} from '../../v2/index.js';
import type { HorizontalPodAutoscaler } from '../index.js';
import { fromStored, toStored } from './conversion.js';
import { horizontalPodAutoscalersV1 } from './definition.js';

const scaleTargetRef = { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' };
const PREFIX = 'autoscaling.alpha.kubernetes.io';
const stored = (spec: object, status?: object): Stored => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'ns' },
  spec: { scaleTargetRef, maxReplicas: 5, ...spec },
  ...(status && { status: { desiredReplicas: 1, ...status } }),
});
const served = (spec: object = {}, annotations?: Record<string, string>): HorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'ns', ...(annotations && { annotations }) },
  spec: { scaleTargetRef, maxReplicas: 5, ...spec },
});
const from = (object: Stored): HorizontalPodAutoscaler => fromStored(object as unknown as UnstructuredObject);
const to = (object: HorizontalPodAutoscaler): Stored => toStored(object) as unknown as Stored;

const percent = (averageUtilization: number) => ({ type: 'Utilization', averageUtilization });
const mean = (averageValue: string) => ({ type: 'AverageValue', averageValue });
const cpu = (share: number): MetricSpec => ({ type: 'Resource', resource: { name: 'cpu', target: percent(share) } });
const pods: MetricSpec = { type: 'Pods', pods: { metric: { name: 'requests' }, target: mean('1k') } };

describe('what version 1 can say', () => {
  it('stands in its fields', () => {
    expect(from(stored({ minReplicas: 2, metrics: [cpu(60)] }, { currentReplicas: 3 }))).toEqual({
      ...served({ minReplicas: 2, targetCPUUtilizationPercentage: 60 }),
      status: { desiredReplicas: 1, currentReplicas: 3 },
    });
    expect(to(served({ targetCPUUtilizationPercentage: 60 })).spec).toEqual(stored({ metrics: [cpu(60)] }).spec);
  });

  it('is four fifths of the processor where nothing is said', () => {
    expect(to(served()).spec.metrics).toEqual([cpu(80)]);
  });

  it('has the processor’s share of the status too', () => {
    const status = { desiredReplicas: 1, currentReplicas: 1, currentCPUUtilizationPercentage: 40 };
    expect(to({ ...served(), status }).status).toEqual({
      desiredReplicas: 1,
      currentReplicas: 1,
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 40 } } }],
    });
  });
});

describe('what it cannot', () => {
  it('stands in annotations, in upstream’s form', () => {
    const behavior = { scaleUp: { selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] } };
    const conditions = [
      { type: 'AbleToScale', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'R' },
    ];
    const currentMetrics = [{ type: 'Pods', pods: { metric: { name: 'requests' }, current: { averageValue: '5' } } }];
    const { metadata, spec } = from(stored({ metrics: [pods, cpu(60)], behavior }, { conditions, currentMetrics }));
    expect(spec).toEqual({ scaleTargetRef, maxReplicas: 5, targetCPUUtilizationPercentage: 60 });
    expect(metadata.annotations).toEqual({
      [`${PREFIX}/metrics`]: '[{"type":"Pods","pods":{"metricName":"requests","targetAverageValue":"1k"}}]',
      [`${PREFIX}/behavior`]:
        '{"ScaleUp":{"StabilizationWindowSeconds":null,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":null}',
      [`${PREFIX}/current-metrics`]: '[{"type":"Pods","pods":{"metricName":"requests","currentAverageValue":"5"}}]',
      [`${PREFIX}/conditions`]:
        '[{"type":"AbleToScale","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"R"}]',
    });
  });

  it.each<[metric: MetricSpec, v1: object]>([
    [
      {
        type: 'Object',
        object: { describedObject: scaleTargetRef, metric: { name: 'm' }, target: { type: 'Value', value: '3' } },
      },
      { target: scaleTargetRef, metricName: 'm', targetValue: '3' },
    ],
    [
      { type: 'Object', object: { describedObject: scaleTargetRef, metric: { name: 'm' }, target: mean('3') } },
      { target: scaleTargetRef, metricName: 'm', targetValue: '0', averageValue: '3' },
    ],
    [
      {
        type: 'External',
        external: { metric: { name: 'm', selector: { matchLabels: { a: 'b' } } }, target: mean('3') },
      },
      { metricName: 'm', metricSelector: { matchLabels: { a: 'b' } }, targetAverageValue: '3' },
    ],
    [
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target: percent(50) } },
      { name: 'cpu', targetAverageUtilization: 50, container: 'c' },
    ],
    [
      { type: 'Resource', resource: { name: 'memory', target: mean('1Gi') } },
      { name: 'memory', targetAverageValue: '1Gi' },
    ],
  ])('is the same again: %j', (metric, v1) => {
    const view = from(stored({ metrics: [metric] }));
    const source = metric.type.charAt(0).toLowerCase() + metric.type.slice(1);
    const [written] = JSON.parse(view.metadata.annotations?.[`${PREFIX}/metrics`] ?? '') as Record<string, unknown>[];
    expect(written).toEqual({ type: metric.type, [source]: v1 });
    expect(to(view).spec.metrics).toEqual([metric]);
  });

  it('is passed over where it cannot be read', () => {
    const annotations = {
      [`${PREFIX}/metrics`]: '{',
      [`${PREFIX}/behavior`]: '{}',
      [`${PREFIX}/current-metrics`]: '7',
      [`${PREFIX}/conditions`]: '[null]',
      mine: 'x',
    };
    const made = to({ ...served({}, annotations), status: { desiredReplicas: 1, currentReplicas: 1 } });
    expect(made.metadata.annotations).toEqual({ mine: 'x' });
    expect(made.spec).toEqual(stored({ metrics: [cpu(80)] }).spec);
    expect(made.status).toEqual({ desiredReplicas: 1, currentReplicas: 1 });
  });
});

describe('there and back', () => {
  const text = fc.constantFrom('a', 'b', 'cpu');
  const amount = fc.constantFrom('1', '500m', '2Gi');
  const metric: fc.Arbitrary<MetricSpec> = fc.oneof(
    fc.record({ name: text, amount }).map(({ name, amount: averageValue }) => ({
      type: 'Pods',
      pods: { metric: { name }, target: mean(averageValue) },
    })),
    fc.record({ name: text, amount }).map(({ name, amount: averageValue }) => ({
      type: 'Resource',
      resource: { name, target: mean(averageValue) },
    })),
    fc.integer({ min: 1, max: 100 }).map(cpu),
  );
  const rules = fc.record(
    {
      stabilizationWindowSeconds: fc.nat(),
      selectPolicy: text,
      policies: fc.array(fc.record({ type: text, value: fc.nat(), periodSeconds: fc.nat() }), { maxLength: 2 }),
      tolerance: amount,
    },
    { requiredKeys: [] },
  );
  const behavior: fc.Arbitrary<HorizontalPodAutoscalerBehavior> = fc.record({ scaleUp: rules, scaleDown: rules });
  const isCpu = ({ resource }: MetricSpec) => resource?.target.averageUtilization !== undefined;

  it('loses nothing but which of several shares of the processor there were', () => {
    const someMetrics = fc.array(metric, { minLength: 1, maxLength: 4 }).filter((all) => all.filter(isCpu).length <= 1);
    fc.assert(
      fc.property(someMetrics, behavior, (metrics, how) => {
        const object = stored({
          metrics: [...metrics.filter((one) => !isCpu(one)), ...metrics.filter(isCpu)],
          behavior: how,
        });
        expect(to(from(object))).toEqual(object);
      }),
    );
  });

  it('keeps the golden object of upstream', () => {
    const fixtures = readFileSync(new URL('../../../schemas/fixtures/kinds.jsonl', import.meta.url), 'utf8').split(
      '\n',
    );
    const line = fixtures.find((text) => text.startsWith('{"name":"autoscaling.v2.HorizontalPodAutoscaler"')) ?? '{}';
    const { json } = JSON.parse(line) as { json: Stored };
    const again = to(from(json));
    expect(again.spec.behavior).toEqual(json.spec.behavior);
    expect(again.status?.conditions).toEqual(json.status?.conditions);
    const names = (metrics: readonly (MetricSpec | MetricStatus)[] = []) => metrics.map(({ type }) => type);
    expect(names(again.spec.metrics)).toEqual(names(json.spec.metrics));
    expect(names(again.status?.currentMetrics)).toEqual(names(json.status?.currentMetrics));
  });
});

describe('version 1 of a HorizontalPodAutoscaler', () => {
  const texts = (errors: readonly { field: string; message: string }[]) =>
    errors.map(({ field, message }) => `${field}: ${message}`);

  it('is judged as version 2 is', () => {
    const { errors } = rehearseCreate(horizontalPodAutoscalersV1, served({ targetCPUUtilizationPercentage: 0 }));
    expect(texts(errors)).toEqual([
      'spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0',
    ]);
  });

  it('tells what it aims at', () => {
    expect(rehearseCreate(horizontalPodAutoscalersV1, served()).object).toMatchObject({
      spec: { minReplicas: 1, targetCPUUtilizationPercentage: 80 },
      status: { currentReplicas: 0, desiredReplicas: 0 },
    });
  });

  const old = from(stored({ minReplicas: 1, metrics: [pods] }, { conditions: [{ type: 'A', status: 'True' }] }));

  it('keeps the metrics it carries, and the status that stands in annotations', () => {
    const metadata = {
      ...old.metadata,
      annotations: { [`${PREFIX}/metrics`]: old.metadata.annotations?.[`${PREFIX}/metrics`] ?? '' },
    };
    const { object, errors } = rehearseUpdate(
      horizontalPodAutoscalersV1,
      { ...old, metadata, spec: { ...old.spec, maxReplicas: 9 } },
      old,
    );
    expect(errors).toEqual([]);
    expect(to(object)).toMatchObject({
      spec: { maxReplicas: 9, metrics: [pods] },
      status: { conditions: [{ type: 'A' }] },
    });
  });

  it('loses the metrics where the annotation is not written again', () => {
    const { annotations: _, ...metadata } = old.metadata;
    const { object } = rehearseUpdate(horizontalPodAutoscalersV1, { ...old, metadata }, old);
    expect(object.spec.targetCPUUtilizationPercentage).toBe(80);
  });

  it('has a status of its own', () => {
    const status = { desiredReplicas: 4, currentReplicas: 4 };
    const next: HorizontalPodAutoscaler = { ...served({ maxReplicas: 9 }), status };
    const { object, errors } = rehearseStatusUpdate(horizontalPodAutoscalersV1, next, old);
    expect(errors).toEqual([]);
    expect(to(object)).toMatchObject({ spec: { maxReplicas: 5, metrics: [pods] }, status });
    const emptied = rehearseStatusUpdate(horizontalPodAutoscalersV1, served({ maxReplicas: 5 }), object).object;
    expect(emptied.status).toEqual({ currentReplicas: 0, desiredReplicas: 0 });
  });
});
