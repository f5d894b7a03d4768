import type { ConfigMap, Container, Pod, Secret, Service } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containerEnvironment, type EnvironmentSources } from './container-environment.js';
import { expand } from './expand.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const meta = (name: string) => ({ name, namespace: 'shop' });
const services: Service[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('web-site'),
    spec: { clusterIP: '10.96.0.5', ports: [{ name: 'http', port: 80 }] },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: meta('headless'), spec: { clusterIP: 'None', ports: [{ port: 1 }] } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'other', namespace: 'x' },
    spec: { clusterIP: '10.96.0.6', ports: [{ port: 1 }] },
  },
];
const configMap: ConfigMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: meta('settings'),
  data: { color: 'blue', size: 'L' },
};
const secret: Secret = { apiVersion: 'v1', kind: 'Secret', metadata: meta('keys'), data: { token: 'czNjcjN0' } };
const sources: EnvironmentSources = {
  configMap: async (_, __, name) => (name === 'settings' ? configMap : undefined),
  secret: async (_, __, name) => (name === 'keys' ? secret : undefined),
  services: () => services,
};
const place = {
  podIp: '10.244.1.2',
  hostIp: '127.0.0.11',
  nodeName: 'worker-1',
  allocatable: { cpu: '4', memory: '8Gi' },
};

async function environment(container: Partial<Container>, spec: Partial<NonNullable<Pod['spec']>> = {}) {
  const own: Container = { name: 'main', image: 'app', ...container };
  const metadata = { ...meta('p'), uid: 'u1', labels: { app: 'web' }, annotations: { note: 'hi' } };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { enableServiceLinks: false, ...spec, containers: [own] },
  };
  const file = async (volume: string, path: string) => (`${volume}/${path}` === 'made/vars' ? "LEVEL='5'" : '');
  return await containerEnvironment({ ctx, pod, container: own, place, sources, file });
}

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

describe('the environment of a container', () => {
  test('expands what was set before', async () => {
    const env = [
      { name: 'A', value: 'a' },
      { name: 'B', value: '$(A)-$$(A)-$(MISSING)' },
    ];
    expect(await environment({ env })).toEqual({ A: 'a', B: 'a-$(A)-$(MISSING)' });
  });

  test('takes from config maps and secrets', async () => {
    const envFrom = [
      { prefix: 'CFG_', configMapRef: { name: 'settings' } },
      { secretRef: { name: 'none', optional: true } },
    ];
    const env = [
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
      { name: 'ABSENT', valueFrom: { configMapKeyRef: { name: 'settings', key: 'no', optional: true } } },
    ];
    expect(await environment({ envFrom, env })).toEqual({ CFG_color: 'blue', CFG_size: 'L', TOKEN: 's3cr3t' });
  });

  test.each([
    [{ configMapKeyRef: { name: 'nope', key: 'a' } }, 'configmap "nope" not found'],
    [{ configMapKeyRef: { name: 'settings', key: 'a' } }, "couldn't find key a in ConfigMap shop/settings"],
    [{ fieldRef: { fieldPath: 'spec.color' } }, 'unsupported fieldPath: spec.color'],
  ])('says what is missing: %j', async (valueFrom, message) => {
    await expect(environment({ env: [{ name: 'X', valueFrom }] })).rejects.toThrow(message);
  });

  test('takes from a file that a container before it wrote', async () => {
    const from = (key: string, optional = false) => ({
      name: key,
      valueFrom: { fileKeyRef: { volumeName: 'made', path: 'vars', key, optional } },
    });
    expect(await environment({ env: [from('LEVEL'), from('NONE', true)] })).toEqual({ LEVEL: '5' });
    await expect(environment({ env: [from('NONE')] })).rejects.toThrow('key "NONE" not found in file "vars"');
  });

  test('tells where it runs', async () => {
    const env = [
      field('NAME', 'metadata.name'),
      field('NODE', 'spec.nodeName'),
      field('IP', 'status.podIP'),
      field('APP', "metadata.labels['app']"),
      field('LABELS', 'metadata.labels'),
    ];
    expect(await environment({ env })).toEqual({
      NAME: 'p',
      NODE: 'worker-1',
      IP: '10.244.1.2',
      APP: 'web',
      LABELS: 'app="web"',
    });
  });

  test('tells its resources, a missing limit being all of the node', async () => {
    const resource = (name: string, selector: object) => ({
      name,
      valueFrom: { resourceFieldRef: { resource: '', ...selector } },
    });
    const env = [
      resource('CPU', { resource: 'limits.cpu' }),
      resource('MILLIS', { resource: 'requests.cpu', divisor: '1m' }),
      resource('MEMORY', { resource: 'limits.memory', divisor: '1Mi' }),
    ];
    const resources = { requests: { cpu: '250m' }, limits: { memory: '64Mi' } };
    expect(await environment({ env, resources })).toEqual({ CPU: '4', MILLIS: '250', MEMORY: '64' });
  });

  test('links to the Services of its namespace', async () => {
    expect(await environment({}, { enableServiceLinks: true })).toEqual({
      WEB_SITE_SERVICE_HOST: '10.96.0.5',
      WEB_SITE_SERVICE_PORT: '80',
      WEB_SITE_SERVICE_PORT_HTTP: '80',
      WEB_SITE_PORT: 'tcp://10.96.0.5:80',
      WEB_SITE_PORT_80_TCP: 'tcp://10.96.0.5:80',
      WEB_SITE_PORT_80_TCP_PROTO: 'tcp',
      WEB_SITE_PORT_80_TCP_PORT: '80',
      WEB_SITE_PORT_80_TCP_ADDR: '10.96.0.5',
    });
  });
});

test('text without references is left as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('$')),
      (text) => expand(text, { x: 'y' }) === text,
    ),
  );
});
