import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Lister } from '@binnacle/client-informers';
import type { RecordType } from '@binnacle/node-runtime-sim';
import { describe, expect, test } from 'vitest';
import { ServiceRecords } from './dns-records.js';

const http = { name: 'http', port: 80, protocol: 'TCP' as const };
const service = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec,
});
const all = [
  service('web', { clusterIP: '10.96.0.5', ports: [http] }),
  service('direct', { clusterIP: 'None', ports: [http] }),
  service('alias', { type: 'ExternalName', externalName: 'example.com' }),
];
const slice: EndpointSlice = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'direct-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'direct' } },
  addressType: 'IPv4',
  endpoints: [
    { addresses: ['10.244.0.1'], hostname: 'a', conditions: { ready: true } },
    { addresses: ['10.244.0.2'], conditions: {} },
    { addresses: ['10.244.0.3'], conditions: { ready: false } },
  ],
};
const services: Lister<Service> = {
  get: (key) => all.find(({ metadata }) => `${metadata?.namespace}/${metadata?.name}` === key),
  list: () => all,
  byIndex: () => [],
};
const slices: Lister<EndpointSlice> = {
  get: () => undefined,
  list: (namespace) => (namespace === undefined || namespace === 'shop' ? [slice] : []),
  byIndex: () => [],
};
const { resolve } = new ServiceRecords(services, slices);

describe('the cluster answers', () => {
  test.each<[string, RecordType, string, string[]]>([
    ['web', 'A', 'shop', ['10.96.0.5']],
    ['web', 'A', 'other', []],
    ['web.shop', 'A', 'other', ['10.96.0.5']],
    ['web.shop.svc', 'A', 'other', ['10.96.0.5']],
    ['web.shop.svc.cluster.local.', 'A', 'other', ['10.96.0.5']],
    ['web', 'AAAA', 'shop', []],
    ['direct', 'A', 'shop', ['10.244.0.1', '10.244.0.2']],
    ['a.direct', 'A', 'shop', ['10.244.0.1']],
    ['10-244-0-2.direct.shop.svc.cluster.local', 'A', 'other', ['10.244.0.2']],
    ['a.web', 'A', 'shop', []],
    ['alias', 'A', 'shop', ['example.com.']],
    ['alias', 'CNAME', 'shop', ['example.com.']],
    ['example.com', 'A', 'shop', []],
    ['a.b.c.d', 'A', 'shop', []],
    ['_http._tcp.web.shop.svc', 'SRV', 'other', ['0 100 80 web.shop.svc.cluster.local.']],
    [
      '_http._tcp.direct',
      'SRV',
      'shop',
      ['0 100 80 a.direct.shop.svc.cluster.local.', '0 100 80 10-244-0-2.direct.shop.svc.cluster.local.'],
    ],
    ['_http._udp.web', 'SRV', 'shop', []],
    ['5.0.96.10.in-addr.arpa.', 'PTR', 'shop', ['web.shop.svc.cluster.local.']],
    ['1.0.244.10.in-addr.arpa', 'PTR', 'shop', ['a.direct.shop.svc.cluster.local.']],
    ['9.9.9.9.in-addr.arpa', 'PTR', 'shop', []],
    ['', 'A', 'shop', []],
  ])('%s %s asked in %s with %j', (name, type, namespace, data) => {
    expect(resolve(name, type, namespace).map((record) => record.data)).toEqual(data);
  });

  test('with the whole name', () => {
    expect(resolve('web', 'A', 'shop')[0]?.name).toBe('web.shop.svc.cluster.local.');
  });
});
