import { expect, test } from 'vitest';
import { endpoint, http, serviceIn, sliceOf, sources } from '../testing/objects.js';
import { ClusterRecords } from './cluster-records.js';

const web = (clusterIP: string) => serviceIn('shop', 'web', { clusterIP, ports: [http] });
const addresses = (records: ClusterRecords, name = 'web') => {
  const entry = records.service('shop', name);
  return entry && entry.kind !== 'external' ? entry.addresses : entry;
};

test('what changes is so for whoever asks next', () => {
  const all = sources([]);
  const records = new ClusterRecords(all);
  expect(addresses(records)).toBeUndefined();
  all.services.change({ type: 'ADDED', object: web('10.96.0.5') });
  expect([addresses(records), records.namesAt('10.96.0.5')]).toEqual([['10.96.0.5'], ['web.shop.svc']]);
  all.services.change({ type: 'MODIFIED', object: web('10.96.0.6') });
  expect([addresses(records), records.namesAt('10.96.0.5')]).toEqual([['10.96.0.6'], []]);
  all.services.change({ type: 'DELETED', object: web('10.96.0.6') });
  expect([addresses(records), records.namesAt('10.96.0.6')]).toEqual([undefined, []]);
});

test('slices may come before their Service, and go one by one', () => {
  const all = sources([]);
  const records = new ClusterRecords(all);
  const slices = [1, 2].map((number) => sliceOf('web', `web-${number}`, [endpoint(`10.244.0.${number}`)]));
  for (const object of slices) all.headless.change({ type: 'ADDED', object });
  all.services.change({ type: 'ADDED', object: web('None') });
  expect(addresses(records)).toEqual(['10.244.0.1', '10.244.0.2']);
  all.headless.change({ type: 'DELETED', object: slices[0] ?? slices[1]! });
  expect([addresses(records), records.namesAt('10.244.0.1')]).toEqual([['10.244.0.2'], []]);
});

test('a slice that is given to another Service is taken from its first', () => {
  const two = ['web', 'shop'].map((name) => serviceIn('shop', name, { clusterIP: 'None' }));
  const all = sources(two, [sliceOf('web', 'one', [endpoint('10.244.0.1')])]);
  const records = new ClusterRecords(all);
  expect([addresses(records, 'web'), addresses(records, 'shop')]).toEqual([['10.244.0.1'], []]);
  all.headless.change({ type: 'MODIFIED', object: sliceOf('shop', 'one', [endpoint('10.244.0.1')]) });
  expect([addresses(records, 'web'), addresses(records, 'shop')]).toEqual([[], ['10.244.0.1']]);
});

test('an address in two headless Services has the names of both, and one of a Service only its own', () => {
  const headless = ['one', 'two'].map((name) => serviceIn('shop', name, { clusterIP: 'None' }));
  const slices = ['one', 'two'].map((name) => sliceOf(name, name, [endpoint('10.244.0.1'), endpoint('10.96.0.5')]));
  const records = new ClusterRecords(sources([...headless, web('10.96.0.5')], slices));
  expect(records.namesAt('10.244.0.1')).toEqual(['10-244-0-1.one.shop.svc', '10-244-0-1.two.shop.svc']);
  expect(records.namesAt('10.96.0.5')).toEqual(['web.shop.svc']);
});

test('the DNS knows its own address', () => {
  const own = serviceIn('kube-system', 'kube-dns', { clusterIP: '10.96.0.10' });
  expect(new ClusterRecords(sources([own])).ownAddresses).toEqual(['10.96.0.10']);
  expect(new ClusterRecords(sources([])).ownAddresses).toEqual([]);
});
