import { expect, test } from 'vitest';
import { settingsOf } from './settings.js';

const SMALL = { clusters: '100', busy: '5', 'with-pods': '20', wakes: '20' };

test('the benchmark runs as it is, and smaller', () => {
  expect(settingsOf({})).toMatchObject({ clusters: 1_000, busy: 20, withPods: 100, wakes: 100 });
  expect(settingsOf(SMALL)).toMatchObject({ clusters: 100, objects: 50, busy: 5, withPods: 20, wakes: 20 });
});

test('no cluster is busy, has Pods or is woken where it is to be another of these', () => {
  expect(settingsOf({ ...SMALL, clusters: '65' }).clusters).toBe(65);
  expect(() => settingsOf({ ...SMALL, clusters: '64' })).toThrow(
    '--busy, --with-pods and twice --wakes are 65 clusters, more than the 64 of --clusters',
  );
  expect(() => settingsOf({ ...SMALL, busy: 'few' })).toThrow('more than');
});
