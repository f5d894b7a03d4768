import { expect, test } from 'vitest';
import { facts, route } from '../testing/routes.js';
import { GATEWAY_HOSTS, HostTable } from './host-table.js';
import { ListenerTable } from './listener-table.js';

const listener = (hostname: string, name: string) => ({
  hostname,
  hosts: new HostTable([{ host: '', routes: [route(name, `/${name}`)] }], GATEWAY_HOSTS),
});
const table = new ListenerTable([
  listener('', 'all'),
  listener('*.example.com', 'wildcard'),
  listener('shop.example.com', 'shop'),
]);
const found = (host: string, path: string, serverName = '') => {
  const match = table.find(host, facts(path, { serverName }));
  return typeof match === 'object' ? match.route.origin.name : match;
};

test('a request is that of the listener whose hostname is the most specific, and of no other', () => {
  expect(found('shop.example.com', '/shop')).toBe('shop');
  expect(found('shop.example.com', '/wildcard')).toBeUndefined();
  expect(found('a.b.example.com', '/wildcard')).toBe('wildcard');
  expect(found('a.b.example.com', '/all')).toBeUndefined();
  expect(found('example.org', '/all')).toBe('all');
});

test.each([
  ['shop.example.com', 'Shop.example.com', 'shop'],
  ['shop.example.com', 'blog.example.com', 'misdirected'],
  ['blog.example.com', 'other.example.com', 'wildcard'],
  ['shop.example.com', 'example.org', 'misdirected'],
  ['example.org', 'example.net', 'all'],
])('for %s over a connection for %s leads to %s', (host, serverName, expected) => {
  expect(found(host, `/${expected}`, serverName)).toBe(expected);
});
