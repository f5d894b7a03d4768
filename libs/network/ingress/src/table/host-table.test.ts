import { expect, test } from 'vitest';
import { facts, route } from '../testing/routes.js';
import { GATEWAY_HOSTS, type HostManner, HostTable, INGRESS_HOSTS } from './host-table.js';

const HOSTS = [
  { host: 'shop.example.com', routes: [route('shop', '/cart')] },
  { host: '*.example.com', routes: [route('wildcard', '/')] },
  { host: '*.com', routes: [route('com', '/')] },
  { host: '', routes: [route('all', '/')] },
];
const found = (manner: HostManner, host: string, path = '/') =>
  new HostTable(HOSTS, manner).find(host, facts(path))?.route.origin.name;

test.each([
  ['shop.example.com', '/cart', 'shop', 'shop'],
  // An Ingress that has a host has all of it.
  ['shop.example.com', '/', undefined, 'wildcard'],
  ['blog.example.com', '/', 'wildcard', 'wildcard'],
  ['a.blog.example.com', '/', 'all', 'wildcard'],
  ['example.com', '/', 'com', 'com'],
  ['example.org', '/', 'all', 'all'],
])('%s%s: of Ingresses %s, of Gateways %s', (host, path, ingress, gateway) => {
  expect(found(INGRESS_HOSTS, host, path)).toBe(ingress);
  expect(found(GATEWAY_HOSTS, host, path)).toBe(gateway);
});

test('nothing is found where nobody has said anything', () => {
  expect(new HostTable([], INGRESS_HOSTS).find('a', facts('/'))).toBeUndefined();
});
