import { Day } from '@binnacle/testing-loops/day';
import { expect, test } from 'vitest';
import { allControllers } from './controllers.js';

const SETTINGS = {
  clusterCidr: '10.244.0.0/16',
  ca: 'an authority',
  nodeMonitorGrace: 50_000,
  terminatedPodThreshold: 12_500,
};

test('an eventful half hour of a whole cluster leaves nothing undone, and nothing behind', async () => {
  const day = await Day.start({
    seed: 4,
    hours: 0.5,
    brief: true,
    controllers: (ctx, deps) => allControllers(ctx, deps, SETTINGS),
  });
  const report = await day.run();
  expect(report.violations).toEqual([]);
  expect(report.changes).toBeGreaterThan(1_000);
}, 600_000);
