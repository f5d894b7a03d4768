import { expect, test } from 'vitest';
import { StoredRightsChanges } from './rights-changes.js';

function setUp(before?: (cluster: string) => void) {
  const sources = new Map<string, (cluster: string) => void>();
  const onChange = (resource: string, listener: (cluster: string) => void) => {
    sources.set(resource, listener);
    return () => undefined;
  };
  const changes = new StoredRightsChanges({ onChange }, before);
  const change = (plural: string, cluster: string) => sources.get(`rbac.authorization.k8s.io/${plural}`)?.(cluster);
  return { changes, change };
}

test('whoever listens to a cluster is told of roles and bindings of it, and of no other', () => {
  const { changes, change } = setUp();
  const told: string[] = [];
  const stop = changes.onChange('a', () => told.push('one'));
  changes.onChange('a', () => told.push('two'));
  change('clusterroles', 'a');
  change('rolebindings', 'b');
  expect(told).toEqual(['one', 'two']);
  stop();
  for (const plural of ['clusterrolebindings', 'roles']) change(plural, 'a');
  expect(told).toEqual(['one', 'two', 'two', 'two']);
});

test('one function given twice is told until both are taken back', () => {
  const { changes, change } = setUp();
  let told = 0;
  const listener = () => void (told += 1);
  const stops = [changes.onChange('a', listener), changes.onChange('a', listener)];
  stops[0]?.();
  change('roles', 'a');
  expect(told).toBe(1);
});

test('what is decided by is told first', () => {
  const told: string[] = [];
  const { changes, change } = setUp((cluster) => told.push(`before ${cluster}`));
  changes.onChange('a', () => told.push('listener'));
  change('roles', 'a');
  expect(told).toEqual(['before a', 'listener']);
});
