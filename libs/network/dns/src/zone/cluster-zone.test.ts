import { describe, expect, test } from 'vitest';
import { ClusterRecords } from '../cluster/cluster-records.js';
import { TYPE } from '../message/types.js';
import { endpoint, http, serviceIn, sliceOf, sources } from '../testing/objects.js';
import { ClusterZone } from './cluster-zone.js';

const dns = { name: 'dns', port: 53, protocol: 'UDP' };
const SERVICES = [
  serviceIn('default', 'kubernetes', { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443 }] }),
  serviceIn('kube-system', 'kube-dns', {
    clusterIP: '10.96.0.10',
    ports: [dns, { ...dns, name: 'dns-tcp', protocol: 'TCP' }],
  }),
  serviceIn('shop', 'web', { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5', 'fd00::5'], ports: [http] }),
  serviceIn('shop', 'unnamed', { clusterIP: '10.96.0.6', ports: [{ port: 80 }] }),
  serviceIn('shop', 'waiting', { type: 'ClusterIP' }),
  serviceIn('shop', 'direct', { clusterIP: 'None', ports: [http] }),
  serviceIn('shop', 'portless', { clusterIP: 'None' }),
  serviceIn('shop', 'empty', { clusterIP: 'None', ports: [http] }),
  serviceIn('shop', 'own', { clusterIP: 'None', ports: [http] }),
  serviceIn('shop', 'alias', { type: 'ExternalName', externalName: 'Example.com.' }),
  serviceIn('shop', 'number', { type: 'ExternalName', externalName: '192.0.2.1' }),
];
const HEADLESS = [
  sliceOf('direct', 'direct-1', [
    endpoint('10.244.0.1', { hostname: 'a', conditions: { ready: true } }),
    endpoint('10.244.0.2', { conditions: {} }),
    endpoint('10.244.0.3', { hostname: 'c', conditions: { ready: false } }),
    endpoint('10.244.0.4', { hostname: 'twins' }),
    endpoint('10.244.0.5', { hostname: 'twins' }),
  ]),
  sliceOf('direct', 'direct-6', [endpoint('fd00:0:0::1', { hostname: 'a' })], { addressType: 'IPv6' }),
  sliceOf('direct', 'direct-names', [endpoint('example.com', { hostname: 'n' })], { addressType: 'FQDN' }),
  sliceOf('portless', 'portless-1', [endpoint('10.244.0.7')], { ports: [] }),
];
const OTHERS = [
  sliceOf('own', 'own-1', [endpoint('10.244.9.9', { hostname: 'x' })]),
  HEADLESS[0] as (typeof HEADLESS)[0],
  // What somebody writes of a Service with an address gives it no names.
  sliceOf('web', 'web-1', [endpoint('10.244.0.8', { hostname: 'stolen' })]),
];
const records = new ClusterRecords(sources(SERVICES, HEADLESS, OTHERS));
const zone = new ClusterZone(records, 30);
const DOMAIN = 'cluster.local';

function ask(name: string, type: keyof typeof TYPE): string[] | string {
  const answer = zone.lookup(name.split('.'), TYPE[type]);
  if (!answer) return 'not mine';
  if (answer.kind === 'no name') return 'no name';
  return answer.answers.map(({ type: own, data }) => {
    if (typeof data === 'string') return data;
    return 'target' in data ? `${data.weight} ${data.port} ${data.target}` : `${own} ${data.mname} ${data.minimum}`;
  });
}

describe('the cluster', () => {
  const shop = `shop.svc.${DOMAIN}`;
  test.each<[string, keyof typeof TYPE, string[] | string]>([
    // Services with an address.
    [`web.${shop}`, 'A', ['10.96.0.5']],
    [`web.${shop}`, 'AAAA', ['fd00::5']],
    [`web.${shop}`, 'TXT', []],
    [`web.${shop}`, 'ANY', []],
    [`unnamed.${shop}`, 'AAAA', []],
    [`nothing.${shop}`, 'A', 'no name'],
    [`waiting.${shop}`, 'A', 'no name'],
    [`web.default.svc.${DOMAIN}`, 'A', 'no name'],
    [`a.web.${shop}`, 'A', 'no name'],
    [`stolen.web.${shop}`, 'A', 'no name'],
    [`a.b.c.web.${shop}`, 'A', 'no name'],
    // Ports.
    [`_http._tcp.web.${shop}`, 'SRV', [`100 80 web.${shop}`]],
    [`_http._tcp.web.${shop}`, 'A', []],
    [`_tcp.web.${shop}`, 'SRV', []],
    [`_udp.web.${shop}`, 'SRV', 'no name'],
    [`_http._udp.web.${shop}`, 'SRV', 'no name'],
    [`http.tcp.web.${shop}`, 'SRV', 'no name'],
    [`_._tcp.unnamed.${shop}`, 'SRV', 'no name'],
    [`unnamed.${shop}`, 'SRV', [`100 80 unnamed.${shop}`]],
    [`kube-dns.kube-system.svc.${DOMAIN}`, 'SRV', [`100 53 kube-dns.kube-system.svc.${DOMAIN}`]],
    [`_dns._udp.kube-dns.kube-system.svc.${DOMAIN}`, 'SRV', [`100 53 kube-dns.kube-system.svc.${DOMAIN}`]],
    // Headless Services.
    [`direct.${shop}`, 'A', ['10.244.0.1', '10.244.0.2', '10.244.0.4', '10.244.0.5']],
    [`direct.${shop}`, 'AAAA', ['fd00::1']],
    [`a.direct.${shop}`, 'A', ['10.244.0.1']],
    [`a.direct.${shop}`, 'AAAA', ['fd00::1']],
    [`a.direct.${shop}`, 'SRV', [`100 8080 a.direct.${shop}`]],
    [`10-244-0-1.direct.${shop}`, 'A', 'no name'],
    [`10-244-0-2.direct.${shop}`, 'A', ['10.244.0.2']],
    [`c.direct.${shop}`, 'A', 'no name'],
    [`n.direct.${shop}`, 'A', 'no name'],
    [`twins.direct.${shop}`, 'A', ['10.244.0.4', '10.244.0.5']],
    [`own.${shop}`, 'A', ['10.244.9.9']],
    [`x.own.${shop}`, 'A', ['10.244.9.9']],
    [`portless.${shop}`, 'A', ['10.244.0.7']],
    [`portless.${shop}`, 'SRV', []],
    [`empty.${shop}`, 'A', []],
    [`empty.${shop}`, 'SRV', []],
    [
      `_http._tcp.direct.${shop}`,
      'SRV',
      ['a', '10-244-0-2', 'twins'].map((label) => `33 8080 ${label}.direct.${shop}`),
    ],
    // Names of others.
    [`alias.${shop}`, 'A', ['Example.com']],
    [`alias.${shop}`, 'CNAME', ['Example.com']],
    [`alias.${shop}`, 'TXT', ['Example.com']],
    [`a.alias.${shop}`, 'A', 'no name'],
    [`number.${shop}`, 'A', 'no name'],
    // Addresses.
    ['5.0.96.10.in-addr.arpa', 'PTR', [`web.${shop}`]],
    ['5.0.96.10.in-addr.arpa', 'A', []],
    ['1.0.244.10.in-addr.arpa', 'PTR', [`a.direct.${shop}`]],
    ['9.9.244.10.in-addr.arpa', 'PTR', [`x.own.${shop}`]],
    ['9.9.9.9.in-addr.arpa', 'PTR', 'not mine'],
    ['0.96.10.in-addr.arpa', 'PTR', 'not mine'],
    ['256.0.96.10.in-addr.arpa', 'PTR', 'not mine'],
    ['5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa', 'PTR', [`web.${shop}`]],
    ['g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa', 'PTR', 'not mine'],
    ['5.ip6.arpa', 'PTR', 'not mine'],
    // Pods.
    [`10-244-0-1.shop.pod.${DOMAIN}`, 'A', ['10.244.0.1']],
    [`10-244-0-1.shop.pod.${DOMAIN}`, 'AAAA', []],
    [`fd00--1.shop.pod.${DOMAIN}`, 'AAAA', ['fd00::1']],
    [`10-244-0.shop.pod.${DOMAIN}`, 'A', 'no name'],
    [`10-244-0-256.shop.pod.${DOMAIN}`, 'A', 'no name'],
    [`10-244-0-1.nowhere.pod.${DOMAIN}`, 'A', 'no name'],
    [`x.10-244-0-1.shop.pod.${DOMAIN}`, 'A', 'no name'],
    // What names stand in.
    [DOMAIN, 'A', []],
    [`svc.${DOMAIN}`, 'A', []],
    [`pod.${DOMAIN}`, 'A', []],
    [shop, 'A', []],
    [`nowhere.svc.${DOMAIN}`, 'A', 'no name'],
    [`shop.pod.${DOMAIN}`, 'A', []],
    [`nowhere.pod.${DOMAIN}`, 'A', 'no name'],
    [`node.${DOMAIN}`, 'A', 'no name'],
    // The zone itself.
    [DOMAIN, 'SOA', [`SOA ns.dns.${DOMAIN} 30`]],
    [DOMAIN, 'NS', [`ns.dns.${DOMAIN}`]],
    [`ns.dns.${DOMAIN}`, 'A', ['10.96.0.10']],
    [`dns.${DOMAIN}`, 'A', []],
    [`x.dns.${DOMAIN}`, 'A', 'no name'],
    [`dns-version.${DOMAIN}`, 'TXT', ['1.1.0']],
    [`dns-version.${DOMAIN}`, 'A', []],
    [`x.dns-version.${DOMAIN}`, 'TXT', 'no name'],
    // What is not the cluster's.
    ['example.com', 'A', 'not mine'],
    ['local', 'A', 'not mine'],
    ['notcluster.local', 'A', 'not mine'],
    ['cluster.local.example.com', 'A', 'not mine'],
    ['arpa', 'PTR', 'not mine'],
  ])('%s %s is %j', (name, type, expected) => {
    expect(ask(name, type)).toEqual(expected);
  });

  test('tells with a port where its targets are', () => {
    const answer = zone.lookup(`_http._tcp.direct.${shop}`.split('.'), TYPE.SRV);
    const told = answer?.kind === 'records' ? (answer.additionals ?? []) : [];
    expect(told.map(({ name, data }) => [name.split('.')[0], data])).toEqual([
      ['a', '10.244.0.1'],
      ['a', 'fd00::1'],
      ['10-244-0-2', '10.244.0.2'],
      ['twins', '10.244.0.4'],
      ['twins', '10.244.0.5'],
    ]);
  });

  test('signs what there is not with the zone that it is not in', () => {
    expect(zone.authority(['x', 'cluster', 'local']).name).toBe(DOMAIN);
    expect(zone.authority(['1', 'in-addr', 'arpa']).name).toBe('in-addr.arpa');
    expect(zone.authority(['none']).name).toBe('');
  });
});
