import { readSimulatedNode } from '@binnacle/node-simulated';
import { expect, test } from 'vitest';
import { instanceTypeOf, SimulatedMachines } from './simulated-machines.js';

const file = (name: string, more: object = {}) =>
  readSimulatedNode(JSON.stringify({ name, address: '127.0.0.11', ...more }));

test('machines are what their files say, and who follows them hears of what changes', () => {
  const machines = new SimulatedMachines();
  const heard: string[] = [];
  machines.follow((name) => heard.push(name));
  machines.set([file('a', { labels: { 'topology.kubernetes.io/zone': 'zone-a' } }), file('b')], true);
  expect(machines.find('a')).toEqual({
    name: 'a',
    address: '127.0.0.11',
    isStopped: false,
    instanceType: 'simulated.4cpu-8Gi',
    zone: 'zone-a',
  });
  expect(heard.splice(0)).toEqual(['a', 'b']);
  machines.set([file('b', { state: 'stopped' })], true);
  expect([machines.find('a'), machines.find('b')?.isStopped, heard.splice(0)]).toEqual([undefined, true, ['a', 'b']]);
  machines.set([file('b', { state: 'stopped', pods: 7 })], true);
  expect(heard).toEqual([]);
});

test('where a file cannot be read nobody is said not to be there', () => {
  const machines = new SimulatedMachines();
  expect(() => machines.find('a')).toThrow('cannot be read');
  machines.set([file('b')], false);
  expect(machines.find('b')?.name).toBe('b');
  expect(() => machines.find('a')).toThrow('cannot be read');
});

test('a size that is no label is no type', () => {
  expect([instanceTypeOf('host', '2', '4Gi'), instanceTypeOf('simulated', '4'.repeat(60), '1')]).toEqual([
    'host.2cpu-4Gi',
    undefined,
  ]);
});
