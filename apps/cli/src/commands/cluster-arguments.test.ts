import { ConfigError } from '@binnacle/process-config';
import { expect, test } from 'vitest';
import { ageOf, clusterName, nodeCount, sizeOf } from './cluster-arguments.js';

test('ages and sizes are read as people write them', () => {
  expect(['90s', '30m', '12h', '7d'].map(ageOf)).toEqual([90, 1_800, 43_200, 604_800]);
  expect(['512', '500Mi', '8Gi'].map(sizeOf)).toEqual([512, 524_288_000, 8_589_934_592]);
  expect(nodeCount('3')).toBe(3);
  expect(clusterName('lab-1')).toBe('lab-1');
});

test.each([
  () => ageOf('0d'),
  () => ageOf('7'),
  () => ageOf('-1d'),
  () => ageOf('7 days'),
  () => sizeOf('8GB'),
  () => sizeOf('0'),
  () => sizeOf(''),
  () => nodeCount('9'),
  () => nodeCount('1.5'),
  () => nodeCount(''),
  () => clusterName('Lab'),
  () => clusterName('lab@5'),
  () => clusterName(''),
])('what makes no sense is refused in a sentence: %s', (read) => {
  expect(read).toThrow(ConfigError);
});
