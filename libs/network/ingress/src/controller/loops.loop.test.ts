import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Ingress, IngressClass } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { ingress } from '../testing/ingresses.js';
import { ingressClassController, ingressStatusController, publishedServiceController } from './loops.js';
import { OurIngresses } from './our-ingresses.js';
import { PUBLISHED } from './published-service.js';

const OURS = { name: 'binnacle', controller: 'binnacle.dev/ingress-controller' };
const AT = { namespace: 'kube-system', name: 'ingress-controller' };
const AS = { commonName: 'system:ingress-controller', organizations: ['binnacle:ingress-controllers'] };

let bench: LoopBench;
let ingresses: Objects<Ingress>;
let classes: Objects<IngressClass>;
let services: Objects<Service>;
beforeEach(async () => {
  bench = await LoopBench.start(
    (_, { client, informers }) => {
      const selection = { labelSelector: PUBLISHED };
      const objects = {
        ingresses: informers.for<Ingress>(refs.ingresses),
        classes: informers.for<IngressClass>(refs.ingressclasses),
        published: informers.for<Service>(refs.services, { selection }),
        nodes: informers.for<Node>(refs.nodes),
      };
      const parts = { client, ours: new OurIngresses(objects, OURS, AT) };
      return [
        ingressClassController(client, objects, OURS),
        publishedServiceController(parts),
        ingressStatusController(parts),
      ];
    },
    { as: AS },
  );
  ingresses = bench.objects(refs.ingresses);
  classes = bench.objects(refs.ingressclasses);
  services = bench.objects(refs.services, AT.namespace);
});

const addNode = () =>
  bench.objects<Node>(refs.nodes).create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: {} });
const classOf = (name: string, controller: string, annotations = {}): IngressClass => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name, annotations },
  spec: { controller },
});
const give = (ip: string) =>
  services.change(AT.name, { status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } }, 'status');
const isDefault = async (name: string) =>
  (await classes.get(name)).metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'];

describe('the class', () => {
  test('is made where there are nodes, as the default one', async () => {
    await bench.drain();
    expect(await classes.list()).toEqual([]);
    await addNode();
    await bench.drain();
    expect((await classes.get('binnacle')).spec).toEqual({ controller: OURS.controller });
    expect(await isDefault('binnacle')).toBe('true');
  });

  test('is not the default where a cluster has another', async () => {
    await classes.create(
      classOf('nginx', 'k8s.io/ingress-nginx', { 'ingressclass.kubernetes.io/is-default-class': 'true' }),
    );
    await addNode();
    await bench.drain();
    expect(await isDefault('binnacle')).toBeUndefined();
  });

  test('that is there already is left as it is, and who deletes it has his way until the next start', async () => {
    await classes.create(classOf('binnacle', 'example.com/other'));
    await addNode();
    await bench.drain();
    expect((await classes.get('binnacle')).spec).toEqual({ controller: 'example.com/other' });
    await classes.delete('binnacle');
    await bench.drain();
    expect(await classes.list()).toEqual([]);
  });
});

describe('an Ingress of the class', () => {
  beforeEach(async () => {
    await classes.create(classOf('binnacle', OURS.controller));
    await ingresses.create(ingress('shop', { rules: { 'shop.example.com/': 'web:80' } }));
    await bench.drain();
  });

  test('has a Service made that is given an address, and carried by nobody else', async () => {
    const { spec, metadata } = await services.get(AT.name);
    expect(spec).toMatchObject({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false });
    expect(spec?.ports?.map(({ port, nodePort }) => [port, nodePort])).toEqual([
      [80, undefined],
      [443, undefined],
    ]);
    expect(metadata.labels).toMatchObject({ 'service.kubernetes.io/service-proxy-name': 'binnacle-ingress' });
  });

  test('has its address written once there is one, and again when it is another', async () => {
    expect((await ingresses.get('shop')).status?.loadBalancer?.ingress).toBeUndefined();
    await give('127.97.0.1');
    await bench.drain();
    expect((await ingresses.get('shop')).status?.loadBalancer?.ingress).toEqual([{ ip: '127.97.0.1' }]);
    await give('127.97.0.2');
    await bench.drain();
    expect((await ingresses.get('shop')).status?.loadBalancer?.ingress).toEqual([{ ip: '127.97.0.2' }]);
    expect(await bench.drain()).toEqual([]);
  });

  test('that somebody else writes is mended', async () => {
    await give('127.97.0.1');
    await bench.drain();
    await ingresses.change('shop', { status: { loadBalancer: { ingress: [{ hostname: 'elsewhere' }] } } }, 'status');
    await bench.drain();
    expect((await ingresses.get('shop')).status?.loadBalancer?.ingress).toEqual([{ ip: '127.97.0.1' }]);
  });

  test('gets its Service back where somebody deletes that', async () => {
    await services.delete(AT.name);
    await bench.drain();
    expect(await services.find(AT.name)).toBeDefined();
  });
});

test.each<[why: string, of: Partial<NonNullable<Ingress['spec']>>]>([
  ['of another class', { ingressClassName: 'nginx' }],
  ['of a class that is not there', { ingressClassName: 'gone' }],
  ['of none', { ingressClassName: undefined }],
])('an Ingress %s is left alone', async (_, spec) => {
  await classes.create(classOf('nginx', 'k8s.io/ingress-nginx'));
  await ingresses.create(ingress('shop', { rules: { 'a/': 'web:80' }, spec }));
  await bench.drain();
  expect(await services.find(AT.name)).toBeUndefined();
});

test('an Ingress that was there before its class is served when the class comes', async () => {
  await ingresses.create(ingress('shop', { rules: { 'a/': 'web:80' } }));
  await bench.drain();
  expect(await services.find(AT.name)).toBeUndefined();
  await classes.create(classOf('binnacle', OURS.controller));
  await bench.drain();
  expect(await services.find(AT.name)).toBeDefined();
});
