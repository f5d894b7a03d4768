import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, type Overrides, pod, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { podsToDelete } from './pod-ranking.js';

const NOW = Date.parse(CREATED_AT) + 3_600_000;
const running = (name: string, overrides: Overrides<Pod> = {}, node = 'a'): Pod =>
  runningPod(node, '10.244.0.1', { metadata: { name, ...overrides.metadata }, status: { ...overrides.status } });
const readySince = (time: string) => ({
  status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }] },
});
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

describe('podsToDelete', () => {
  test.each<[string, Pod, Pod]>([
    ['one without a node', pod({ metadata: { name: 'first' } }), running('second')],
    ['a pending one', running('first', { status: { phase: 'Pending' } }), running('second')],
    ['one that is not ready', running('first', { status: { conditions: [] } }), running('second')],
    [
      'the cheapest',
      running('first', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } } }),
      running('second'),
    ],
    ['the one ready for much less long', running('first', readySince('2026-01-01T00:59:59Z')), running('second')],
    [
      'the one that restarted more often',
      running('first', {
        status: { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: true, restartCount: 3 }] },
      }),
      running('second'),
    ],
    [
      'the much younger',
      running('first', { metadata: { creationTimestamp: '2026-01-01T00:59:59Z' } }),
      running('second'),
    ],
  ])('%s goes first', (_, first, second) => {
    expect(names(podsToDelete([second, first], [second, first], 1, NOW))).toEqual(['first']);
  });

  test('the one on the most crowded node goes first, siblings counted', () => {
    const [lonely, crowded, sibling] = [running('lonely'), running('crowded', {}, 'b'), running('sibling', {}, 'b')];
    expect(names(podsToDelete([lonely, crowded], [lonely, crowded, sibling], 1, NOW))).toEqual(['crowded']);
  });

  test('a cost that is no number counts as none', () => {
    const odd = running('odd', {
      metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': 'cheap' } },
    });
    const dear = running('dear', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '1' } } });
    expect(names(podsToDelete([dear, odd], [], 1, NOW))).toEqual(['odd']);
  });
});
