import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeAll, describe, expect, test } from 'vitest';
import { IngressAuthorizer } from './ingress-authorizer.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const storage = new MemoryStorage();
const authorizer = new IngressAuthorizer(storage);
const controller = { name: 'system:ingress-controller', groups: ['binnacle:ingress-controllers'] };

async function put(resource: string, object: UnstructuredObject, cluster = 'main'): Promise<void> {
  const { namespace = '', name = '', labels = {} } = object.metadata;
  await storage.write(ctx, {
    op: 'create',
    key: { cluster, resource, namespace, name },
    body: encodeBody(object),
    attributes: { labels, fields: {} },
    actor: { user: '', client: '' },
  });
}

const classOf = (name: string, of: string): UnstructuredObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name },
  spec: { controller: of },
});

function ingress(name: string, secretName: string, said: { class?: string; annotation?: string }): UnstructuredObject {
  const annotations = { ...(said.annotation && { 'kubernetes.io/ingress.class': said.annotation }) };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations },
    spec: { ...(said.class && { ingressClassName: said.class }), tls: [{ hosts: ['shop.example.com'], secretName }] },
  };
}

beforeAll(async () => {
  await storage.createCluster(ctx, 'main');
  await storage.createCluster(ctx, 'other');
  await put('networking.k8s.io/ingressclasses', classOf('binnacle', 'binnacle.dev/ingress-controller'));
  await put('networking.k8s.io/ingressclasses', classOf('nginx', 'k8s.io/ingress-nginx'));
  await put('networking.k8s.io/ingresses', ingress('a', 'certificate', { class: 'binnacle' }));
  await put('networking.k8s.io/ingresses', ingress('b', 'annotated', { annotation: 'binnacle' }));
  await put('networking.k8s.io/ingresses', ingress('c', 'of-nginx', { class: 'nginx' }));
  await put('networking.k8s.io/ingresses', ingress('d', 'of-nobody', {}));
  await put('networking.k8s.io/ingresses', ingress('e', 'of-no-class', { class: 'gone' }));
});

const GATEWAY = 'gateway.networking.k8s.io';

function gateway(
  namespace: string,
  name: string,
  reference: object,
  gatewayClassName = 'binnacle',
): UnstructuredObject {
  const listeners = [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [reference] } }];
  const spec = { gatewayClassName, listeners };
  return { apiVersion: `${GATEWAY}/v1`, kind: 'Gateway', metadata: { name, namespace }, spec };
}

const grant = (namespace: string, from: string, to: object): UnstructuredObject => ({
  apiVersion: `${GATEWAY}/v1`,
  kind: 'ReferenceGrant',
  metadata: { name: `to-${from}`, namespace },
  spec: { from: [{ group: GATEWAY, kind: 'Gateway', namespace: from }], to: [{ group: '', kind: 'Secret', ...to }] },
});

const gatewayClass = (name: string, controllerName: string): UnstructuredObject => ({
  apiVersion: `${GATEWAY}/v1`,
  kind: 'GatewayClass',
  metadata: { name },
  spec: { controllerName },
});

const serviceOf = (name: string, labels: Record<string, string>): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', labels },
});

beforeAll(async () => {
  await put(`${GATEWAY}/gatewayclasses`, gatewayClass('binnacle', 'binnacle.dev/ingress-controller'));
  await put(`${GATEWAY}/gatewayclasses`, gatewayClass('other', 'example.com/other'));
  await put(`${GATEWAY}/gateways`, gateway('edge', 'own', { name: 'own' }));
  await put(`${GATEWAY}/gateways`, gateway('edge', 'far', { name: 'granted', namespace: 'certs' }));
  await put(`${GATEWAY}/gateways`, gateway('edge', 'taken', { name: 'not-granted', namespace: 'certs' }));
  await put(`${GATEWAY}/gateways`, gateway('edge', 'foreign', { name: 'of-other' }, 'other'));
  await put(`${GATEWAY}/gateways`, gateway('edge', 'map', { name: 'map', kind: 'ConfigMap' }));
  await put(`${GATEWAY}/referencegrants`, grant('certs', 'edge', { name: 'granted' }));
  await put(`${GATEWAY}/referencegrants`, grant('certs', 'elsewhere', {}));
  await put('services', serviceOf('entrance', { 'service.kubernetes.io/service-proxy-name': 'binnacle-ingress' }));
  await put('services', serviceOf('database', {}));
});

interface Asked {
  readonly name?: string;
  readonly namespace?: string;
  readonly verb?: string;
  readonly subresource?: string;
  readonly cluster?: string;
  readonly user?: typeof controller;
  readonly resource?: string;
}

async function decide(asked: Asked) {
  const { name = 'certificate', namespace = 'shop', verb = 'get', subresource = '' } = asked;
  const resource = { group: '', version: 'v1', resource: asked.resource ?? 'secrets', subresource, namespace, name };
  const { user = controller, cluster = 'main' } = asked;
  return await authorizer.authorize(ctx, { user, cluster, verb, resource });
}

describe('an ingress controller', () => {
  test.each(['get', 'list', 'watch'])('may %s a Secret that an Ingress of ours names', async (verb) => {
    expect(await decide({ verb })).toEqual({ allowed: true, reason: '' });
    expect(await decide({ verb, name: 'annotated' })).toMatchObject({ allowed: true });
  });

  test.each([
    ['edge', 'own'],
    ['certs', 'granted'],
  ])('may read a Secret of %s that a Gateway of ours names: %s', async (namespace, name) => {
    expect(await decide({ namespace, name })).toMatchObject({ allowed: true });
  });

  test('may change the Services at whose addresses it listens, and no others', async () => {
    const change = (name: string, verb = 'patch', subresource = '') =>
      decide({ resource: 'services', name, verb, subresource });
    expect(await change('entrance')).toMatchObject({ allowed: true });
    expect(await change('entrance', 'update')).toMatchObject({ allowed: true });
    for (const name of ['database', 'nowhere', '']) expect(await change(name)).toMatchObject({ allowed: false });
    expect(await change('entrance', 'delete')).toMatchObject({ allowed: false });
    expect(await change('entrance', 'patch', 'status')).toMatchObject({ allowed: false });
  });

  test.each<[why: string, asked: Asked]>([
    ['one of another namespace that nothing grants', { namespace: 'certs', name: 'not-granted' }],
    ["one that another controller's Gateway names", { namespace: 'edge', name: 'of-other' }],
    ['one that has the name of something else a Gateway names', { namespace: 'edge', name: 'map' }],
    ['one that nobody names', { name: 'password' }],
    ['one of the same name elsewhere', { namespace: 'kube-system' }],
    ['one of another logical cluster', { cluster: 'other' }],
    ["one that another controller's Ingress names", { name: 'of-nginx' }],
    ['one that an Ingress without a class names', { name: 'of-nobody' }],
    ['one that an Ingress of a class that is gone names', { name: 'of-no-class' }],
  ])('may not read %s', async (_, asked) => {
    expect(await decide(asked)).toEqual({ allowed: false, reason: 'nothing that is served names this Secret' });
  });

  test.each<[why: string, asked: Asked, reason: string]>([
    ['list all of a namespace', { verb: 'list', name: '' }, 'can only read one Secret at a time, by its name'],
    [
      'list those of all namespaces',
      { verb: 'list', namespace: '', name: '' },
      'can only read one Secret at a time, by its name',
    ],
    ['change one', { verb: 'update' }, 'can only read resources of this type'],
    ['read a part', { subresource: 'status' }, 'can only read resources of this type'],
  ])('may not %s', async (_, asked, reason) => {
    expect(await decide(asked)).toEqual({ allowed: false, reason });
  });
});

test('nobody else may, and nothing else is decided here', async () => {
  const person = { name: 'system:ingress-controller', groups: ['system:authenticated'] };
  expect(await decide({ user: person })).toEqual({ allowed: false, reason: '' });
  const resource = { group: '', version: 'v1', resource: 'configmaps', subresource: '', namespace: 'shop', name: 'a' };
  const other = await authorizer.authorize(ctx, { user: controller, cluster: 'main', verb: 'get', resource });
  expect(other).toEqual({ allowed: false, reason: '' });
});
