import type { BlamedChange } from '@binnacle/apis-kubernetes/history/v1';
import { describe, expect, test } from 'vitest';
import { findFields, setFields } from './blamed-fields.js';

const change = (revision: number, more: Partial<BlamedChange> = {}): BlamedChange => ({
  revision,
  time: '2026-11-30T10:00:00.000Z',
  verb: 'update',
  user: 'alice',
  userAgent: 'kubectl/v1.33.4 (linux/amd64)',
  ...more,
});

const EDIT = change(46, { groups: ['devs'], manager: 'kubectl-edit' });
const SCALE = change(45, { user: 'bob', userAgent: 'dashboard' });
const FIELDS = setFields({
  changes: [EDIT, SCALE],
  fields: [{ path: 'spec.image', revision: 46 }, { path: 'spec.replicas', revision: 45 }, { path: 'metadata.uid' }],
});
const found = (text: string) => findFields(FIELDS, text).map(({ path }) => path);

test('each field has the change that set it, and none where that is not known', () => {
  expect(FIELDS).toEqual([
    { path: 'spec.image', change: EDIT },
    { path: 'spec.replicas', change: SCALE },
    { path: 'metadata.uid', change: undefined },
  ]);
});

test('a change that is not told is not known', () => {
  expect(setFields({ changes: [], fields: [{ path: 'a', revision: 1 }] })).toEqual([{ path: 'a', change: undefined }]);
});

describe('fields are found', () => {
  test.each([
    ['', ['spec.image', 'spec.replicas', 'metadata.uid']],
    ['  ', ['spec.image', 'spec.replicas', 'metadata.uid']],
    ['SPEC', ['spec.image', 'spec.replicas']],
    ['bob', ['spec.replicas']],
    ['devs', ['spec.image']],
    ['kubectl-edit', ['spec.image']],
    ['linux', ['spec.image']],
    ['45', ['spec.replicas']],
    ['spec alice', ['spec.image']],
    ['bob image', []],
  ])('by %j', (text, paths) => {
    expect(found(text)).toEqual(paths);
  });
});
