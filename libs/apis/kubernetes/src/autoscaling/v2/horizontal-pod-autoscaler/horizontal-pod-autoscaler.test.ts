import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { HorizontalPodAutoscaler, HPAScalingRules, MetricSpec } from '../index.js';
import { horizontalPodAutoscalers } from './definition.js';
import { printer } from './printer.js';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const draft = (overrides: object = {}): HorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web', namespace: 'ns' },
  spec: { scaleTargetRef: target, maxReplicas: 5, ...overrides },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const faults = (overrides: object): string[] =>
  texts(rehearseCreate(horizontalPodAutoscalers, draft(overrides)).errors);

const percent = (averageUtilization: number) => ({ type: 'Utilization', averageUtilization });
const mean = (averageValue: string) => ({ type: 'AverageValue', averageValue });
const value = (amount: string) => ({ type: 'Value', value: amount });
const cpu: MetricSpec = { type: 'Resource', resource: { name: 'cpu', target: percent(80) } };

describe('a new HorizontalPodAutoscaler', () => {
  it('keeps one Pod at least and the processor at four fifths', () => {
    const { object, errors } = rehearseCreate(horizontalPodAutoscalers, draft());
    expect(errors).toEqual([]);
    expect(object.spec).toEqual({ scaleTargetRef: target, maxReplicas: 5, minReplicas: 1, metrics: [cpu] });
    expect(object.status).toEqual({ desiredReplicas: 0 });
    expect(object.metadata).not.toHaveProperty('generation');
  });

  it('says all of how fast it goes where it says some', () => {
    const behavior = { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }], tolerance: '0.1' } };
    expect(rehearseCreate(horizontalPodAutoscalers, draft({ behavior })).object.spec.behavior).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        tolerance: '100m',
      },
      scaleDown: { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
    });
    expect(rehearseCreate(horizontalPodAutoscalers, draft({ behavior: {} })).object.spec.behavior?.scaleUp).toEqual({
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    });
  });

  it('does not carry what version 1 writes', () => {
    const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': '[]', mine: 'x' };
    const written = { ...draft(), metadata: { name: 'web', namespace: 'ns', annotations } };
    expect(rehearseCreate(horizontalPodAutoscalers, written).object.metadata.annotations).toEqual({ mine: 'x' });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'has a bound',
      { maxReplicas: 0 },
      [
        'spec.maxReplicas: Required value: must be set and greater than 0',
        'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
      ],
    ],
    [
      'above nothing',
      { maxReplicas: -1, minReplicas: 0 },
      [
        'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to 1',
        'spec.maxReplicas: Invalid value: -1: must be greater than or equal to `minReplicas`',
        'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
      ],
    ],
    [
      'scales something',
      { scaleTargetRef: {} },
      [
        'spec.scaleTargetRef.kind: Required value',
        'spec.scaleTargetRef.name: Required value',
        'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
      ],
    ],
    ['which may be of the core', { scaleTargetRef: { kind: 'ReplicationController', name: 'x' } }, []],
    [
      'and has a name and a version',
      { scaleTargetRef: { kind: 'a/b', name: '..', apiVersion: 'a/b/c' } },
      [
        'spec.scaleTargetRef.kind: Invalid value: "a/b": may not contain \'/\'',
        'spec.scaleTargetRef.name: Invalid value: "..": may not be \'..\'',
        'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      ],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(faults(overrides)).toEqual(expected);
  });
});

describe('a metric', () => {
  const PATH = 'spec.metrics[0]';
  const TYPES = '"ContainerResource", "External", "Object", "Pods", "Resource"';
  const metric = { name: 'requests' };

  it.each<[reason: string, metric: object, expected: string[]]>([
    ['may be one of Pods', { type: 'Pods', pods: { metric, target: mean('1k') } }, []],
    [
      'of an object, whatever its group',
      { type: 'Object', object: { describedObject: { kind: 'Service', name: 'x' }, metric, target: value('10') } },
      [],
    ],
    ['of something outside', { type: 'External', external: { metric, target: value('10') } }, []],
    [
      'of a container',
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'c', target: percent(50) } },
      [],
    ],
    [
      'has a type',
      { resource: { name: 'cpu', target: percent(50) } },
      [
        `${PATH}.type: Required value: must specify a metric source type`,
        `${PATH}.type: Unsupported value: "": supported values: ${TYPES}`,
        `${PATH}.type: Unsupported value: "": supported values: ${TYPES}`,
      ],
    ],
    [
      'says what its type needs',
      { type: 'Pods', resource: { name: 'cpu', target: percent(50) } },
      [`${PATH}.pods: Required value: must populate information for the given metric source`],
    ],
    [
      'and nothing else',
      { type: 'Resource', resource: { name: 'cpu', target: percent(50) }, external: { metric, target: value('1') } },
      [`${PATH}.external: Forbidden: must populate the given metric source only`],
    ],
    [
      'has a name',
      { type: 'Pods', pods: { metric: {}, target: mean('1') } },
      [`${PATH}.pods.metric.name: Required value: must specify a metric name`],
    ],
    [
      'has a target of a type',
      { type: 'Resource', resource: { target: { averageUtilization: 0 } } },
      [
        `${PATH}.resource.name: Required value: must specify a resource name`,
        `${PATH}.resource.target.type: Required value: must specify a metric target type`,
        `${PATH}.resource.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue`,
        `${PATH}.resource.target.averageUtilization: Invalid value: 0: must be greater than 0`,
      ],
    ],
    [
      'has some target',
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } },
      [
        `${PATH}.resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization`,
      ],
    ],
    [
      'has one target',
      { type: 'Resource', resource: { name: 'cpu', target: { ...percent(50), averageValue: '1' } } },
      [`${PATH}.resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization`],
    ],
    [
      'of Pods has a mean that is positive',
      { type: 'Pods', pods: { metric, target: { type: 'Value', value: '0' } } },
      [
        `${PATH}.pods.target.value: Invalid value: "0": must be positive`,
        `${PATH}.pods.target.averageValue: Required value: must specify a positive target averageValue`,
      ],
    ],
    [
      'of an object has a value or a mean',
      { type: 'Object', object: { describedObject: { kind: 'S', name: 'x' }, metric, target: { type: 'Value' } } },
      [`${PATH}.object.target.averageValue: Required value: must set either a target value or averageValue`],
    ],
    [
      'from outside has one of them',
      { type: 'External', external: { metric, target: { type: 'Value' } } },
      [
        `${PATH}.external.target.averageValue: Required value: must set either a target value for metric or a per-pod target`,
      ],
    ],
    [
      'and not both',
      { type: 'External', external: { metric, target: { ...mean('1'), value: '1' } } },
      [`${PATH}.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target`],
    ],
    [
      'of a container knows it and the resource',
      { type: 'ContainerResource', containerResource: { name: 'gold', target: mean('1') } },
      [
        expect.stringContaining(`${PATH}.containerResource.name: Invalid value: "gold"`),
        expect.stringContaining(`${PATH}.containerResource.name: Invalid value: "gold"`),
        `${PATH}.containerResource.container: Required value: must specify a container`,
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(faults({ metrics: [spec] })).toEqual(expected);
  });
});

describe('how fast it goes', () => {
  const PATH = 'spec.behavior.scaleDown';
  const policies = [{ type: 'Pods', value: 1, periodSeconds: 15 }];

  it.each<[reason: string, rules: object, expected: string[]]>([
    ['is bounded', { policies, stabilizationWindowSeconds: 3600, selectPolicy: 'Disabled', tolerance: '0' }, []],
    [
      'waits some time',
      { policies, stabilizationWindowSeconds: -1 },
      [`${PATH}.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero`],
    ],
    [
      'and not for ever',
      { policies, stabilizationWindowSeconds: 3601 },
      [`${PATH}.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600`],
    ],
    [
      'is chosen in a known way',
      { policies, selectPolicy: 'Mean' },
      [`${PATH}.selectPolicy: Unsupported value: "Mean": supported values: "Disabled", "Max", "Min"`],
    ],
    [
      'follows rules that mean something',
      {
        policies: [
          { type: 'Nodes', value: 0, periodSeconds: 0 },
          { type: 'Pods', value: 1, periodSeconds: 1801 },
        ],
      },
      [
        `${PATH}.policies[0].type: Unsupported value: "Nodes": supported values: "Percent", "Pods"`,
        `${PATH}.policies[0].value: Invalid value: 0: must be greater than zero`,
        `${PATH}.policies[0].periodSeconds: Invalid value: 0: must be greater than zero`,
        `${PATH}.policies[1].periodSeconds: Invalid value: 1801: must be less than or equal to 1800`,
      ],
    ],
    [
      'tolerates something',
      { policies, tolerance: '-1' },
      [`${PATH}.tolerance: Invalid value: "-1": must be greater than or equal to 0`],
    ],
  ])('%s', (_reason, rules, expected) => {
    expect(faults({ behavior: { scaleDown: rules as HPAScalingRules } })).toEqual(expected);
  });
});

describe('an update of a HorizontalPodAutoscaler', () => {
  const { object: stored } = rehearseCreate(horizontalPodAutoscalers, draft());
  const update = (overrides: object, old: HorizontalPodAutoscaler = stored) =>
    rehearseUpdate(horizontalPodAutoscalers, { ...old, spec: { ...old.spec, ...overrides } }, old);

  it('lets be what was wrong before', () => {
    const core = { ...stored, spec: { ...stored.spec, scaleTargetRef: { kind: 'Pod', name: 'x' } } };
    expect(texts(update({ maxReplicas: 9 }, core).errors)).toEqual([]);
    expect(texts(update({ scaleTargetRef: { kind: 'Node', name: 'x' } }, core).errors)).toEqual([
      'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
    ]);
    const object = {
      describedObject: { kind: 'S', name: 'x', apiVersion: 'a/b/c' },
      metric: { name: 'm' },
      target: value('1'),
    };
    const measured = { ...stored, spec: { ...stored.spec, minReplicas: 0, metrics: [{ type: 'Object', object }] } };
    expect(texts(update({ maxReplicas: 9 }, measured).errors)).toEqual([]);
  });

  it('writes the spec or the status', () => {
    const status = { desiredReplicas: 3, currentReplicas: 2 };
    expect(rehearseUpdate(horizontalPodAutoscalers, { ...stored, status }, stored).object.status).toEqual(
      stored.status,
    );
    const next: HorizontalPodAutoscaler = { ...draft({ maxReplicas: 9 }), status };
    const written = rehearseStatusUpdate(horizontalPodAutoscalers, next, stored);
    expect(written.object).toMatchObject({ spec: stored.spec, status });
    const emptied = rehearseStatusUpdate(horizontalPodAutoscalers, draft({}), written.object);
    expect(emptied.object.status).toEqual({ desiredReplicas: 0 });
    const wrong: HorizontalPodAutoscaler = { ...stored, status: { desiredReplicas: -1, currentReplicas: -2 } };
    expect(texts(rehearseStatusUpdate(horizontalPodAutoscalers, wrong, stored).errors)).toEqual([
      'status.currentReplicas: Invalid value: -2: must be greater than or equal to 0',
      'status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });
});

describe('a printed HorizontalPodAutoscaler', () => {
  const cells = (metrics: object[], currentMetrics: object[] = []) => {
    const status = { desiredReplicas: 1, currentReplicas: 2, currentMetrics };
    return printer.row({ ...draft({ metrics, minReplicas: 2 }), status } as HorizontalPodAutoscaler, 0);
  };
  const metric = { name: 'm' };

  it('shows what it scales and between what', () => {
    expect(cells([]).slice(1, 6)).toEqual(['Deployment/web', '<none>', '2', 5, 2]);
    expect(printer.row(draft(), 0)[3]).toBe('<unset>');
  });

  it.each<[reason: string, metrics: object[], current: object[], expected: string]>([
    ['a share', [cpu], [], 'cpu: <unknown>/80%'],
    [
      'that was measured',
      [cpu],
      [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 30 } } }],
      'cpu: 30%/80%',
    ],
    [
      'an unknown share',
      [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'x' } } }],
      [],
      'cpu: <unknown>/<auto>',
    ],
    [
      'an amount',
      [{ type: 'ContainerResource', containerResource: { name: 'memory', container: 'c', target: mean('1Gi') } }],
      [{ type: 'ContainerResource', containerResource: { name: 'memory', current: { averageValue: '2Gi' } } }],
      'memory: 2Gi/1Gi',
    ],
    ['a mean', [{ type: 'Pods', pods: { metric, target: mean('5') } }], [], '<unknown>/5'],
    [
      'a mean of something else',
      [{ type: 'External', external: { metric, target: mean('5') } }],
      [],
      '<unknown>/5 (avg)',
    ],
    [
      'a value',
      [{ type: 'Object', object: { metric, target: value('5') } }],
      [{ type: 'Object', object: { metric, current: { value: '3' } } }],
      '3/5',
    ],
    ['the first two', [cpu, cpu, cpu], [], 'cpu: <unknown>/80%, cpu: <unknown>/80% + 1 more...'],
    ['nothing it knows', [{ type: 'Moon' }], [], '<unknown type>'],
  ])('%s', (_reason, metrics, current, expected) => {
    expect(cells(metrics, current)[2]).toBe(expected);
  });
});
