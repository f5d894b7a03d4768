import { expect, test } from 'vitest';
import { connectOperations, type ConnectTarget } from './connect-operations.js';
import { namespaceParameter } from './parameters.js';

const target = (subresource: string, kind: string, name: string): ConnectTarget => ({
  path: `/api/v1/x/{name}/${subresource}`,
  parameters: [namespaceParameter],
  name,
  groupVersion: 'CoreV1',
  kind: 'Pod',
  subresource: { name: subresource, verbs: ['create', 'get'], connects: true },
  gvk: { group: '', version: 'v1', kind },
});

test('a stream is opened by GET and POST, with the options of its kind', () => {
  const operations = connectOperations(target('exec', 'PodExecOptions', 'NamespacedPodExec'));
  expect(operations.map(({ id, method, description }) => [id, method, description])).toEqual([
    ['connectCoreV1GetNamespacedPodExec', 'get', 'connect GET requests to exec of Pod'],
    ['connectCoreV1PostNamespacedPodExec', 'post', 'connect POST requests to exec of Pod'],
  ]);
  const [first] = operations;
  expect(first).toMatchObject({ action: 'connect', gvk: { kind: 'PodExecOptions' }, answer: undefined });
  expect(first?.parameters.map(({ name }) => name).sort()).toEqual([
    'command',
    'container',
    'namespace',
    'stderr',
    'stdin',
    'stdout',
    'tty',
  ]);
});

test('a proxy is asked by all methods, with and without a path behind it', () => {
  const operations = connectOperations(target('proxy', 'PodProxyOptions', 'NamespacedPodProxy'));
  const methods = ['Delete', 'Get', 'Head', 'Options', 'Patch', 'Post', 'Put'];
  expect(operations.map(({ id }) => id)).toEqual([
    ...methods.map((method) => `connectCoreV1${method}NamespacedPodProxy`),
    ...methods.map((method) => `connectCoreV1${method}NamespacedPodProxyWithPath`),
  ]);
  const last = operations.at(-1);
  expect(last?.path).toBe('/api/v1/x/{name}/proxy/{path}');
  expect(last?.parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name)).toEqual([
    'namespace',
    'path',
  ]);
});
