import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { describe, expect, it } from 'vitest';
import type { PodInfo } from '../../pod/pod-info.js';
import { overdrawing } from './disruption-budgets.js';

const pod = (name: string, labels: Record<string, string> = { app: 'web' }): PodInfo =>
  ({ name, namespace: 'team', labels }) as unknown as PodInfo;

const budget = (disruptionsAllowed: number, disruptedPods: Record<string, string> = {}): PodDisruptionBudget =>
  ({
    metadata: { name: 'web', namespace: 'team' },
    spec: { selector: { matchLabels: { app: 'web' } } },
    status: { disruptionsAllowed, disruptedPods },
  }) as unknown as PodDisruptionBudget;

const overdrawn = (pods: PodInfo[], ...budgets: PodDisruptionBudget[]): string[] =>
  [...overdrawing(pods, (namespace) => (namespace === 'team' ? budgets : []))].map(({ name }) => name);

describe('Pods that overdraw a budget', () => {
  it('are those after as many as it allows', () => {
    expect(overdrawn([pod('a'), pod('b'), pod('c')], budget(1))).toEqual(['b', 'c']);
    expect(overdrawn([pod('a')], budget(1))).toEqual([]);
  });

  it('are told once where two budgets are overdrawn', () => {
    expect(overdrawn([pod('a')], budget(0), budget(0))).toEqual(['a']);
  });

  it('are none that it does not select, that have no labels or that are going already', () => {
    expect(overdrawn([pod('a', { app: 'db' }), pod('b', {})], budget(0))).toEqual([]);
    expect(overdrawn([pod('a'), pod('b')], budget(0, { a: '2026-11-29T10:00:00Z' }))).toEqual(['b']);
  });

  it('may be called as what every object inherits', () => {
    expect(overdrawn([pod('constructor')], budget(0))).toEqual(['constructor']);
  });
});
