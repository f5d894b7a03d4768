import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { podDisruptionBudget, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { drainPlan, lossesIn } from './drain-plan.js';

const ownedBy = (kind: string) => [{ apiVersion: 'apps/v1', kind, name: 'web', uid: 'u', controller: true }];
const podOf = (name: string, more: object = {}, owner: string | null = 'ReplicaSet'): Pod => {
  const base = runningPod('node-1', '10.0.0.1', { metadata: { name, labels: { app: 'web' } } });
  return { ...base, ...more, metadata: { ...base.metadata, ...(owner && { ownerReferences: ownedBy(owner) }) } };
};
const EMPTY_DIR = { spec: { containers: [], volumes: [{ name: 'scratch', emptyDir: {} }] } };
const over = { status: { phase: 'Succeeded' } };
const budgetOf = (name: string, allowed: number, more: object = {}): PodDisruptionBudget => {
  const base = podDisruptionBudget({ metadata: { name } });
  const spec = { ...base.spec, selector: { matchLabels: { app: 'web' } } };
  return {
    ...base,
    spec,
    status: { disruptionsAllowed: allowed, currentHealthy: 2, desiredHealthy: 2, expectedPods: 2 },
    ...more,
  } as PodDisruptionBudget;
};

describe('what a drain does to a Pod', () => {
  const mirror = { ...podOf('static', {}, null) };
  mirror.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };

  test.each<[string, Pod, string | undefined, string[]]>([
    ['of a ReplicaSet: it goes', podOf('a'), undefined, []],
    ['of a DaemonSet: it stays', podOf('a', {}, 'DaemonSet'), 'daemon', []],
    ['of a DaemonSet that is over: it goes', podOf('a', over, 'DaemonSet'), undefined, []],
    ['of the node itself: it stays', mirror, 'mirror', []],
    ['with an emptyDir: what it holds is lost', podOf('a', EMPTY_DIR), undefined, ['emptyDir']],
    ['of nobody: it is lost', podOf('a', {}, null), undefined, ['unmanaged']],
    ['of nobody with an emptyDir: both', podOf('a', EMPTY_DIR, null), undefined, ['emptyDir', 'unmanaged']],
    ['that is over: nothing is lost', podOf('a', { ...EMPTY_DIR, ...over }, null), undefined, []],
  ])('%s', (_, pod, stays, loses) => {
    expect(drainPlan([pod], [])[0]).toMatchObject({ stays, loses });
  });

  test('tells those that stay last, and what must be agreed to of all', () => {
    const plan = drainPlan([podOf('d', {}, 'DaemonSet'), podOf('a', EMPTY_DIR), podOf('b', {}, null)], []);
    expect(plan.map(({ pod }) => pod.metadata.name)).toEqual(['a', 'b', 'd']);
    expect([...lossesIn(plan)]).toEqual(['emptyDir', 'unmanaged']);
  });
});

describe('what the budgets say', () => {
  const verdicts = (pods: Pod[], ...budgets: PodDisruptionBudget[]) =>
    drainPlan(pods, budgets).map(({ verdict }) => verdict?.kind);
  const unready = podOf('u', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } });

  test('of Pods none of them guards: nothing', () => {
    const other = budgetOf('other', 0, { spec: { selector: { matchLabels: { app: 'db' } } } });
    const elsewhere = { ...budgetOf('far', 0), metadata: { name: 'far', namespace: 'elsewhere' } };
    expect(verdicts([podOf('a')], other, elsewhere, budgetOf('none', 0, { spec: {} }))).toEqual([undefined]);
  });

  test('allows as many as may go now; the others wait for those to be replaced', () => {
    expect(verdicts([podOf('a'), podOf('b'), podOf('c')], budgetOf('web', 2))).toEqual(['allows', 'allows', 'waits']);
  });

  test('blocks while none may go', () => {
    expect(verdicts([podOf('a')], budgetOf('web', 0))).toEqual(['blocks']);
  });

  test('more than one lets nothing past', () => {
    expect(verdicts([podOf('a')], budgetOf('web', 5), budgetOf('too', 5))).toEqual(['several']);
  });

  test('does not count Pods that do not run', () => {
    const pending = podOf('p', { status: { phase: 'Pending' } });
    const going = podOf('g');
    going.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(verdicts([pending, going, podOf('o', over)], budgetOf('web', 0))).toEqual([undefined, undefined, undefined]);
  });

  test('lets one that is not ready go where enough others are, or where it does not mind', () => {
    const short = { currentHealthy: 1, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 2 };
    expect(verdicts([unready], budgetOf('web', 0))).toEqual(['allows']);
    expect(verdicts([unready], budgetOf('web', 0, { status: short }))).toEqual(['blocks']);
    const careless = { selector: { matchLabels: { app: 'web' } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' };
    expect(verdicts([unready], budgetOf('web', 0, { status: short, spec: careless }))).toEqual(['allows']);
  });

  test('of a selector that cannot be read: nothing', () => {
    const broken = { selector: { matchExpressions: [{ key: 'a', operator: 'Sideways' }] } };
    expect(verdicts([podOf('a')], budgetOf('web', 0, { spec: broken }))).toEqual([undefined]);
  });
});
