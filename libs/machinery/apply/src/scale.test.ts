import type { ManagedFieldsEntry } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { encodeOwners, ownersFromScale, scaleOwners } from './index.js';

const entry = (manager: string, fieldsV1: object, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2024-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: fieldsV1 as never,
  ...more,
});
const COUNT = { 'f:spec': { 'f:count': {} } };
const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const path = ['spec', 'count'];
const both = entry('alice', { 'f:spec': { 'f:count': {}, 'f:image': {} } }, { operation: 'Apply' });
const owners = encodeOwners([both, entry('bob', { 'f:spec': { 'f:image': {} } })]);
const read = (text: string) => JSON.parse(text) as ManagedFieldsEntry[];

test('a Scale shows who owns the replicas, in its own terms', () => {
  const { fieldsV1: _fieldsV1, ...alice } = both;
  expect(read(scaleOwners(owners, path))).toEqual([{ ...alice, apiVersion: 'autoscaling/v1', fieldsV1: REPLICAS }]);
  expect(scaleOwners(encodeOwners([entry('bob', { 'f:spec': {} })]), path)).toBe('');
});

test('who takes the replicas there owns them in the object, without a time', () => {
  const scaler = entry('hpa', REPLICAS, { apiVersion: 'autoscaling/v1', subresource: 'scale' });
  const after = read(ownersFromScale(owners, encodeOwners([scaler]), path, 'apps/v1'));
  expect(after.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
    ['alice', { 'f:spec': { 'f:image': {} } }],
    ['hpa', COUNT],
    ['bob', { 'f:spec': { 'f:image': {} } }],
  ]);
  expect(after[1]).toMatchObject({ apiVersion: 'apps/v1', subresource: 'scale' });
  expect(after[1]).not.toHaveProperty('time');
});

test('where nobody takes them nothing changes', () => {
  expect(ownersFromScale(owners, scaleOwners(owners, path), path, 'apps/v1')).toBe(owners);
});
