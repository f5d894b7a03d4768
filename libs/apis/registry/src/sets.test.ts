import { expect, test } from 'vitest';
import type { ResourceDefinition } from './definition.js';
import { resetFieldsOf } from './reset-fields.js';
import { perSet, resourceSet } from './sets.js';

const kind = (version: string, subresources: string[] = [], resetFields = {}): ResourceDefinition =>
  ({
    group: 'example.io',
    version,
    names: { plural: 'widgets', kind: 'Widget' },
    subresources: subresources.map((name) => ({ name, verbs: [] })),
    strategy: { resetFields },
  }) as unknown as ResourceDefinition;

test('a set finds its kinds by either name, each in its own version', () => {
  const [v1, v2] = [kind('v1'), kind('v2')];
  const set = resourceSet('1', [v1, v2]);
  expect(set.find('example.io', 'v2', 'widgets')).toBe(v2);
  expect(set.findKind({ group: 'example.io', version: 'v1', kind: 'Widget' })).toBe(v1);
  expect(set.find('example.io', 'v3', 'widgets')).toBeUndefined();
  expect(set.findKind({ group: '', version: 'v1', kind: 'Widget' })).toBeUndefined();
});

test('what is made of a set is made once, for whoever has it', () => {
  let times = 0;
  const make = perSet(({ version }) => ({ version, at: ++times }));
  const [one, other] = [resourceSet('1', []), resourceSet('2', [])];
  expect([make(one), make(one), make(other)]).toEqual([
    { version: '1', at: 1 },
    { version: '1', at: 1 },
    { version: '2', at: 2 },
  ]);
});

test.each([
  ['without a status puts nothing back', kind('v1'), '', []],
  ['with one keeps it from writers of the object', kind('v1', ['status']), '', [['status']]],
  ['and of its other parts', kind('v1', ['status', 'scale']), 'scale', [['status']]],
  ['and the spec from writers of the status', kind('v1', ['status']), 'status', [['spec']]],
  ['or what it says itself', kind('v1', ['status'], { status: [['metadata']] }), 'status', [['metadata']]],
])('a kind %s', (_reason, definition, subresource, paths) => {
  expect(resetFieldsOf(definition, subresource)).toEqual(paths);
});
