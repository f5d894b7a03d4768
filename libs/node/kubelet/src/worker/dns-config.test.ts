import type { PodSpec, Service } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { dnsConfig } from './dns-config.js';

const service = (namespace: string, name: string, clusterIP: string) =>
  ({ metadata: { namespace, name }, spec: { clusterIP } }) as Service;
const api = service('default', 'kubernetes', '10.96.0.1');
const searches = ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];
const cluster = { servers: ['10.96.0.10'], searches, options: ['ndots:5'] };
const ofNode = { servers: ['127.0.0.53'], searches: [], options: [] };

const config = (spec: Partial<PodSpec>, services: readonly Service[] = [api]) =>
  dnsConfig({ metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [], ...spec } } as never, services);

describe('names are resolved', () => {
  test.each<[string, Partial<PodSpec>, object]>([
    ['by the cluster', {}, cluster],
    ['by the node where it is said', { dnsPolicy: 'Default' }, ofNode],
    ["by the node on the node's network", { hostNetwork: true, dnsPolicy: 'ClusterFirst' }, ofNode],
    ['by the cluster there too where it is said', { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }, cluster],
    [
      'as the Pod says alone',
      { dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'], searches: ['x.y'] } },
      { servers: ['1.1.1.1'], searches: ['x.y'], options: [] },
    ],
    [
      'as the Pod says besides',
      {
        dnsConfig: {
          nameservers: ['1.1.1.1', '10.96.0.10'],
          searches: ['x.y'],
          options: [{ name: 'ndots', value: '2' }, { name: 'debug' }],
        },
      },
      { servers: ['10.96.0.10', '1.1.1.1'], searches: [...searches, 'x.y'], options: ['ndots:2', 'debug'] },
    ],
  ])('%s', (_, spec, expected) => expect(config(spec)).toEqual(expected));

  test('where the Service of the DNS is, if there is one', () => {
    expect(config({}, [api, service('kube-system', 'kube-dns', '10.96.0.77')]).servers).toEqual(['10.96.0.77']);
    expect(config({}, [])).toEqual(ofNode);
  });
});
