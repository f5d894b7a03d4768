import { describe, expect, it } from 'vitest';
import { leases } from '../../../coordination/v1/lease/definition.js';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import { priorityClasses } from '../../../scheduling/v1/priority-class/definition.js';
import type { PriorityClass } from '../../../scheduling/v1/index.js';
import type { PodDisruptionBudget, PodDisruptionBudgetSpec } from '../index.js';
import { podDisruptionBudgets } from './definition.js';
import { printer } from './printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

describe('a PodDisruptionBudget', () => {
  const budget = (spec: PodDisruptionBudgetSpec): PodDisruptionBudget => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'ns' },
    spec,
  });

  it.each<[reason: string, PodDisruptionBudgetSpec, expected: string[]]>([
    ['may bound nothing', {}, []],
    [
      'is bound on one side',
      { minAvailable: 1, maxUnavailable: 1 },
      [
        'spec: Invalid value: {"minAvailable":1,"maxUnavailable":1}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
    [
      'is not negative',
      { minAvailable: -1 },
      ['spec.minAvailable: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'is at most all',
      { maxUnavailable: '101%' },
      ['spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
    ],
    [
      'evicts unhealthy Pods in a known way',
      { unhealthyPodEvictionPolicy: 'Never' },
      [
        'spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(podDisruptionBudgets, budget(spec)).errors)).toEqual(expected);
  });

  it('allows nothing until its controller has looked', () => {
    expect(rehearseCreate(podDisruptionBudgets, budget({})).object.status).toEqual({
      currentHealthy: 0,
      desiredHealthy: 0,
      disruptionsAllowed: 0,
      expectedPods: 0,
    });
  });

  it('prints the bound it has', () => {
    expect(printer.row(budget({ maxUnavailable: '50%' }), 0).slice(1, 4)).toEqual(['N/A', '50%', 0]);
  });
});

describe('a PriorityClass', () => {
  const priority = (name: string, value: number, fields: Partial<PriorityClass> = {}): PriorityClass => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    ...fields,
  });

  it.each<[reason: string, PriorityClass, expected: string[]]>([
    ['may be negative', priority('low', -1), []],
    [
      'of a user stays below those of the system',
      priority('high', 1_000_000_001),
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    ['of the system is known', priority('system-node-critical', 2_000_001_000), []],
    [
      'of no one else has its prefix',
      priority('system-mine', 5),
      [
        "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
      ],
    ],
    [
      'preempts or does not',
      priority('a', 1, { preemptionPolicy: 'Maybe' }),
      ['preemptionPolicy: Unsupported value: "Maybe": supported values: "PreemptLowerPriority", "Never"'],
    ],
  ])('%s', (_reason, object, expected) => {
    expect(texts(rehearseCreate(priorityClasses, object).errors)).toEqual(expected);
  });

  it('does not change its value', () => {
    const { object: old } = rehearseCreate(priorityClasses, priority('a', 1));
    expect(texts(rehearseUpdate(priorityClasses, priority('a', 2), old).errors)).toEqual([
      'value: Forbidden: may not be changed in an update.',
    ]);
  });
});

describe('a Lease', () => {
  it('lasts for some time', () => {
    const lease = { apiVersion: 'v1', kind: 'Lease', metadata: { name: 'a', namespace: 'ns' } };
    const spec = { leaseDurationSeconds: 0, leaseTransitions: -1 };
    expect(texts(rehearseCreate(leases, { ...lease, spec } as typeof lease).errors)).toEqual([
      'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0',
      'spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });
});
