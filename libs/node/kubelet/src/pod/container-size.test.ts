import { expect, test } from 'vitest';
import { runOf } from '../testing/fakes.js';
import { containerSize, shownSize, unlike } from './container-size.js';

const container = {
  name: 'c',
  resources: { requests: { cpu: '1', 'example.com/x': '1' }, limits: { cpu: '2', memory: '1Gi' } },
};
const size = { requests: { cpuMillis: 1000 }, limits: { cpuMillis: 2000, memoryBytes: 2 ** 30 } };

test('a runtime is told of cpu and memory', () => {
  expect(containerSize(container)).toEqual(size);
  expect(containerSize({ name: 'c' })).toEqual({ requests: {}, limits: {} });
});

test('what a container has that runs is compared with what it was given', () => {
  expect(unlike(container, runOf('c', { size }))).toEqual([]);
  expect(unlike(container, runOf('c', { size: { ...size, requests: {} } }))).toEqual(['cpu']);
  expect(unlike(container, runOf('c', { size: { ...size, limits: {} } }))).toEqual(['cpu', 'memory']);
  expect(unlike(container, runOf('c'))).toEqual([]);
  expect(unlike(container, runOf('c', { size: { requests: {}, limits: {} }, exitCode: 0 }))).toEqual([]);
});

test('a status tells what the container has, in the words it was given in', () => {
  expect(shownSize(container, runOf('c', { size }))).toEqual(container.resources);
  const other = { requests: { cpuMillis: 500 }, limits: { cpuMillis: 2000, memoryBytes: 5 } };
  expect(shownSize(container, runOf('c', { size: other }))).toEqual({
    requests: { cpu: '500m', 'example.com/x': '1' },
    limits: { cpu: '2', memory: '5' },
  });
  expect(shownSize({ name: 'c' }, runOf('c', { size }))).toEqual({});
});
