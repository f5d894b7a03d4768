import { describe, expect, test } from 'vitest';
import { isNamespaceFinished, planNamespaceDeletion } from './deletion.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const namespace = (finalizers: string[], metadata: object = {}) => ({
  apiVersion: 'v1' as const,
  kind: 'Namespace' as const,
  metadata: { name: 'a', ...metadata },
  spec: { finalizers },
});
const GOING = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a namespace', () => {
  test('is Terminating until its content is gone', () => {
    const plan = planNamespaceDeletion(namespace(['kubernetes']), {}, NOW);
    expect(plan).toMatchObject({ act: 'mark', next: { status: { phase: 'Terminating' } } });
    expect(planNamespaceDeletion(namespace(['kubernetes'], GOING), {}, NOW).act).toBe('wait');
    expect(isNamespaceFinished(namespace(['kubernetes'], GOING))).toBe(false);
    expect(isNamespaceFinished(namespace([], GOING))).toBe(true);
  });

  test('without content goes at once', () => {
    expect(planNamespaceDeletion(namespace([]), {}, NOW).act).toBe('remove');
  });

  test('has what its dependents wait for noted', () => {
    const plan = planNamespaceDeletion(namespace(['kubernetes']), { propagationPolicy: 'Foreground' }, NOW);
    expect(plan).toMatchObject({ next: { metadata: { finalizers: ['foregroundDeletion'] } } });
  });
});
