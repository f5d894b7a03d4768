import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeAll, describe, expect, test } from 'vitest';
import { IngressAuthorizer } from './ingress-authorizer.js';
import { ServedSecrets } from './served-secrets.js';

const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };
const storage = new MemoryStorage();
const authorizer = new IngressAuthorizer(new ServedSecrets(storage));
const controller = { name: 'system:ingress-controller', groups: ['binnacle:ingress-controllers'] };

async function put(resource: string, object: UnstructuredObject, cluster = 'main'): Promise<void> {
  const { namespace = '', name = '' } = object.metadata;
  await storage.write(ctx, {
    op: 'create',
    key: { cluster, resource: `networking.k8s.io/${resource}`, namespace, name },
    body: encodeBody(object),
    attributes: { labels: {}, fields: {} },
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
  await put('ingressclasses', classOf('binnacle', 'binnacle.dev/ingress-controller'));
  await put('ingressclasses', classOf('nginx', 'k8s.io/ingress-nginx'));
  await put('ingresses', ingress('a', 'certificate', { class: 'binnacle' }));
  await put('ingresses', ingress('b', 'annotated', { annotation: 'binnacle' }));
  await put('ingresses', ingress('c', 'of-nginx', { class: 'nginx' }));
  await put('ingresses', ingress('d', 'of-nobody', {}));
  await put('ingresses', ingress('e', 'of-no-class', { class: 'gone' }));
});

interface Asked {
  readonly name?: string;
  readonly namespace?: string;
  readonly verb?: string;
  readonly subresource?: string;
  readonly cluster?: string;
  readonly user?: typeof controller;
}

async function decide(asked: Asked) {
  const { name = 'certificate', namespace = 'shop', verb = 'get', subresource = '' } = asked;
  const resource = { group: '', version: 'v1', resource: 'secrets', subresource, namespace, name };
  const { user = controller, cluster = 'main' } = asked;
  return await authorizer.authorize(ctx, { user, cluster, verb, resource });
}

describe('an ingress controller', () => {
  test.each(['get', 'list', 'watch'])('may %s a Secret that an Ingress of ours names', async (verb) => {
    expect(await decide({ verb })).toEqual({ allowed: true, reason: '' });
    expect(await decide({ verb, name: 'annotated' })).toMatchObject({ allowed: true });
  });

  test.each<[why: string, asked: Asked]>([
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
