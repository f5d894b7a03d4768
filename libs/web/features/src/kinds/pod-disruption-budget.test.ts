import { expect, test } from 'vitest';
import { budgetStatus } from './pod-disruption-budget.js';

test.each([
  [{ expectedPods: 3, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 }, 'SufficientPods', 'ok'],
  [{ expectedPods: 2, currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 }, 'InsufficientPods', 'idle'],
  [{ expectedPods: 2, currentHealthy: 1, desiredHealthy: 2, disruptionsAllowed: 0 }, 'InsufficientPods', 'warn'],
  [{ expectedPods: 0, currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0 }, 'NoPods', 'idle'],
  [{ expectedPods: 3, observedGeneration: 0, disruptionsAllowed: 1 }, 'Unobserved', 'progress'],
])('budget %#: %s', (status, label, tone) => {
  const budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b', generation: 1 },
    status: { observedGeneration: 1, ...status },
  };
  expect(budgetStatus(budget)).toMatchObject({ label, tone });
});
