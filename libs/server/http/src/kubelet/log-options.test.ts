import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { chooseContainer, kubeletLogQuery } from './log-options.js';
import { kubeletAddress, whyNoKubelet } from './kubelet-connection.js';

const pod = (containers: string[], init: string[] = []): Pod => {
  const image = (name: string) => ({ name, image: 'i' });
  const spec = { containers: containers.map(image), initContainers: init.map(image) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec };
};

describe('the container of a log', () => {
  test('is the only one, or the one that is named', () => {
    expect(chooseContainer(pod(['a']), '')).toBe('a');
    expect(chooseContainer(pod(['a', 'b'], ['i']), 'i')).toBe('i');
  });

  test('is asked for, with the choices, where it cannot be told', () => {
    expect(() => chooseContainer(pod(['a', 'b'], ['i']), '')).toThrow(
      'a container name must be specified for pod p, choose one of: [a b] or one of the init containers: [i]',
    );
    expect(() => chooseContainer(pod(['a']), 'z')).toThrow('container z is not valid for pod p');
  });
});

describe('the options of a log', () => {
  const passed = (query: string) => kubeletLogQuery(new URLSearchParams(query), 'p').toString();

  test('are passed on as far as a kubelet knows them', () => {
    expect(passed('follow=true&tailLines=5&container=a&pretty=true')).toBe('follow=true&tailLines=5');
    expect(passed('sinceTime=2026-01-01T00:00:00Z')).toBe('sinceTime=2026-01-01T00%3A00%3A00Z');
  });

  test('are switched on by any word but false and 0', () => {
    expect(passed('follow=&previous=0&timestamps=FALSE')).toBe('follow=true');
  });

  test.each([
    ['tailLines=-1', 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 'PodLogOptions "p" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['sinceTime=yesterday', 'cannot parse "yesterday" as "2006"'],
    ['stream=All', 'stream: Forbidden: may not be specified'],
    ['sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z', 'at most one of `sinceTime` or `sinceSeconds` may be specified'],
    ['tailLines=x', 'invalid syntax'],
  ])('%s is refused', (query, text) => {
    expect(() => passed(query)).toThrow(text);
  });
});

test('a kubelet is found by the internal address and port its node tells', () => {
  const addresses = [
    { type: 'Hostname', address: 'n1' },
    { type: 'ExternalIP', address: '203.0.113.1' },
    { type: 'InternalIP', address: '127.0.0.11' },
  ];
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
  const daemonEndpoints = { kubeletEndpoint: { Port: 10_251 } };
  expect(kubeletAddress({ ...node, status: { addresses, daemonEndpoints } })).toEqual({
    host: '127.0.0.11',
    port: 10_251,
  });
  expect(kubeletAddress({ ...node, status: { addresses } })?.port).toBe(10_250);
  expect(kubeletAddress(node)).toBeUndefined();
});

test.each([
  ['a kubelet', ['system:nodes', 'binnacle:control-plane-nodes'], true],
  ['the agent of simulated nodes', 'system:nodes', true],
  ['the API server itself', undefined, false],
  ['an administrator', 'system:masters', false],
])('%s is asked for logs: %s', (_who, O, isAsked) => {
  const subject = { CN: 'a', O };
  expect(whyNoKubelet({ subject }) === undefined).toBe(isAsked);
});
