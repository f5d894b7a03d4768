import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { DaemonSet, DaemonSetSpec, DaemonSetStatus } from '../index.js';
import { daemonSets } from './definition.js';

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const labels = { app: 'agent' };
const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'agent' }] } };
const draft = (overrides: object = {}, annotations?: Record<string, string>): DaemonSet => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'ns', ...(annotations && { annotations }) },
  spec: { selector: { matchLabels: labels }, template, ...overrides },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a new DaemonSet', () => {
  it('is rolled node by node, remembers ten templates and runs nowhere yet', () => {
    const { object, errors } = rehearseCreate(daemonSets, draft());
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { generation: 1, annotations: { [TEMPLATE_GENERATION]: '1' } },
      spec: {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      },
    });
    expect(object.status).toEqual({
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'without a selector finds no Pods',
      { selector: undefined },
      ['spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`'],
    ],
    [
      'has a selector that selects',
      { selector: {} },
      ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
    ],
    [
      'has Pods that its selector finds',
      { selector: { matchLabels: { app: 'other' } } },
      ['spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`'],
    ],
    [
      'has Pods that run for ever',
      { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never', activeDeadlineSeconds: 1 } } },
      [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported',
      ],
    ],
    [
      'counts nothing below nothing',
      { minReadySeconds: -1, revisionHistoryLimit: -1 },
      [
        'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'is rolled in a known way',
      { updateStrategy: { type: 'Recreate' } },
      [
        'spec.updateStrategy: Unsupported value: {"Type":"Recreate","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
      ],
    ],
    ['may wait for somebody to delete its Pods', { updateStrategy: { type: 'OnDelete' } }, []],
    ['may surge instead', { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '10%' } } }, []],
    [
      'lacks Pods or has too many, not both',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } },
      ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
    ],
    [
      'does one of them',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'does it on at most all nodes',
      { updateStrategy: { rollingUpdate: { maxUnavailable: '101%', maxSurge: 'many' } } },
      [
        expect.stringContaining('maxSurge: Invalid value: "many": a valid percent string must be a numeric string'),
        'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
      ],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(texts(rehearseCreate(daemonSets, draft(overrides)).errors)).toEqual(expected);
  });
});

describe('the template of a DaemonSet', () => {
  const { object: old } = rehearseCreate(daemonSets, draft({}, { [TEMPLATE_GENERATION]: '5', other: 'x' }));
  const generations = ({ metadata }: DaemonSet) => [metadata.generation, metadata.annotations?.[TEMPLATE_GENERATION]];
  const changed = (overrides: Partial<DaemonSetSpec>): DaemonSet => ({
    ...old,
    metadata: { name: 'agent', namespace: 'ns', generation: 1 },
    spec: { ...(old.spec as DaemonSetSpec), ...overrides },
  });
  const other = { ...template, metadata: { labels: { ...labels, new: 'one' } } };

  it.each<[reason: string, next: DaemonSet, expected: unknown[]]>([
    ['is of a new generation where it changed, whatever a client writes', changed({ template: other }), [2, '6']],
    ['and of the same where anything else did', changed({ minReadySeconds: 3 }), [2, '5']],
    ['or nothing', old, [1, '5']],
  ])('%s', (_reason, next, expected) => {
    expect(generations(rehearseUpdate(daemonSets, next, old).object)).toEqual(expected);
  });

  it('keeps its generation when the status is written', () => {
    expect(generations(rehearseStatusUpdate(daemonSets, changed({}), old).object)).toEqual([1, '5']);
  });

  it('starts from one, and from nothing that is no number', () => {
    const first = (count: string) =>
      generations(rehearseCreate(daemonSets, draft({}, { [TEMPLATE_GENERATION]: count })).object)[1];
    expect(['0', '-3', 'many', '7'].map(first)).toEqual(['1', '1', '1', '7']);
  });

  it('is warned of when it changed', () => {
    const warnings = (next: DaemonSet, before?: DaemonSet) =>
      daemonSets.strategy.warnings?.(next as never, before as never);
    const spec = { ...template.spec, terminationGracePeriodSeconds: -1 };
    const bad = rehearseUpdate(daemonSets, changed({ template: { ...template, spec } }), old).object;
    expect(warnings(bad, old)).toHaveLength(1);
    expect(warnings(bad)).toHaveLength(1);
    expect(warnings(bad, bad)).toEqual([]);
  });
});

describe('an update of a DaemonSet', () => {
  const { object: old } = rehearseCreate(daemonSets, draft());

  it('does not change what it selects', () => {
    const next = draft({
      selector: { matchLabels: { app: 'other' } },
      template: { ...template, metadata: { labels: { app: 'other' } } },
    });
    expect(texts(rehearseUpdate(daemonSets, next, old).errors)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
  });

  it('does not write the status, nor the status the spec', () => {
    const status = { ...old.status, numberReady: 7 } as DaemonSetStatus;
    expect(rehearseUpdate(daemonSets, { ...old, status }, old).object.status).toEqual(old.status);
    const next = { ...draft({ minReadySeconds: 9 }), status };
    expect(rehearseStatusUpdate(daemonSets, next, old).object).toMatchObject({ spec: old.spec, status });
    expect(rehearseStatusUpdate(daemonSets, draft({}), { ...old, status }).object.status).toEqual(old.status);
  });

  it('counts nodes, and collisions upwards', () => {
    const zero = old.status as DaemonSetStatus;
    const update = (status: Partial<DaemonSetStatus>, before: Partial<DaemonSetStatus> = {}) =>
      texts(
        rehearseStatusUpdate(
          daemonSets,
          { ...old, status: { ...zero, ...status } },
          { ...old, status: { ...zero, ...before } },
        ).errors,
      );
    expect(update({ desiredNumberScheduled: 3, numberReady: 2, collisionCount: 3 }, { collisionCount: 2 })).toEqual([]);
    expect(update({ numberUnavailable: -1, collisionCount: 1 }, { collisionCount: 2 })).toEqual([
      'status.numberUnavailable: Invalid value: -1: must be greater than or equal to 0',
      'status.collisionCount: Invalid value: 1: cannot be decremented',
    ]);
  });
});
