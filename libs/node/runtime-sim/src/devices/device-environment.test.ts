import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { resourceClaim } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { deviceEnvironment } from './device-environment.js';

const driver = 'simulated.binnacle.dev';
const result = { request: 'gpu/big', driver, pool: 'worker-1', device: 'gpu-0' };
const config = (parameters: unknown, requests?: string[], of = driver) => ({
  source: 'FromClaim',
  ...(requests && { requests }),
  opaque: { driver: of, parameters },
});
const claimWith = (...configs: object[]) =>
  resourceClaim({ status: { allocation: { devices: { config: configs as never } } } }) as ResourceClaim;

test('a container sees which device it has, and what is its own of a shared one', () => {
  expect(deviceEnvironment(claimWith(), { ...result, consumedCapacity: { memory: '10Gi' } })).toEqual({
    SIMULATED_DEVICE_GPU_0: 'worker-1/gpu-0',
    SIMULATED_DEVICE_GPU_0_MEMORY: '10Gi',
  });
});

test('what the configuration says is seen where it is for the request and the driver', () => {
  const claim = claimWith(
    config({ env: { ALL: '1' } }),
    config({ env: { BASE: '1' } }, ['gpu']),
    config({ env: { EXACT: '1' } }, ['gpu/big']),
    config({ env: { OTHER: '1' } }, ['gpu/small']),
    config({ env: { FOREIGN: '1' } }, undefined, 'gpu.example.com'),
  );
  expect(Object.keys(deviceEnvironment(claim, result)).sort()).toEqual([
    'ALL',
    'BASE',
    'EXACT',
    'SIMULATED_DEVICE_GPU_0',
  ]);
});

test.each([
  ['no object', 'text'],
  ['no list of variables', { env: 7 }],
  ['names that are none', { env: { 'A B': '1', '=': '2' } }],
  ['values that are none', { env: { A: { b: 1 }, C: 'x'.repeat(2000) } }],
  ['what would say which device it is', { env: { SIMULATED_DEVICE_GPU_0: 'another' } }],
])('%s in a configuration does nothing', (_, parameters) => {
  expect(deviceEnvironment(claimWith(config(parameters)), result)).toEqual({
    SIMULATED_DEVICE_GPU_0: 'worker-1/gpu-0',
  });
});
