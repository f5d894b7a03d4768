import type { Change, Scope } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeHead, changeObject, namespaceOfChange, typeOfVerb } from './change-object.js';
import { changeQuery, revisionOfName, selectableFields } from './change-query.js';

const NOW = Date.parse('2026-11-29T10:00:00Z');
const asked = (scope: Partial<Scope>) =>
  changeQuery({ cluster: 'main', resource: 'history.binnacle.dev/changes', ...scope }, NOW);

describe('what is asked of changes', () => {
  it.each<[Partial<Scope>, object]>([
    [{}, { filter: {}, isEmpty: false }],
    [{ namespace: 'team' }, { filter: { namespaces: ['team'] }, isEmpty: false }],
    [{ namespace: 'default' }, { filter: { namespaces: ['default', ''] }, isEmpty: false }],
    [
      { namespace: 'default', equal: { 'spec.namespace': '' } },
      { filter: { namespaces: [''] }, isEmpty: false },
    ],
    [
      { namespace: 'team', equal: { 'spec.namespace': 'other' } },
      { filter: { namespaces: [] }, isEmpty: true },
    ],
    [{ equal: { 'spec.verb': 'delete' } }, { filter: { type: 'DELETED' }, isEmpty: false }],
    [{ equal: { 'spec.verb': 'patch' } }, { filter: {}, isEmpty: true }],
    [
      { equal: { 'spec.group': '', 'spec.resource': 'pods', 'spec.name': 'a', 'spec.user': 'u' } },
      { filter: { group: '', resource: 'pods', name: 'a', user: 'u' }, isEmpty: false },
    ],
    [{ name: '42' }, { filter: {}, revision: 42, isEmpty: false }],
    [{ name: 'x' }, { filter: {}, isEmpty: true }],
    [
      { equal: { since: '90m', until: '30s' } },
      { filter: {}, since: NOW - 5_400_000, until: NOW - 30_000, isEmpty: false },
    ],
    [{ equal: { since: '2026-11-29T09:00:00Z' } }, { filter: {}, since: NOW - 3_600_000, isEmpty: false }],
    [{ equal: { since: '2d' } }, { filter: {}, since: NOW - 172_800_000, isEmpty: false }],
  ])('%j', (scope, query) => {
    expect(asked(scope)).toEqual(query);
  });

  it.each(['yesterday', '', '90', '9999999m', '42m ago'])('since=%j is a bad request', (since) => {
    expect(() => asked({ equal: { since } })).toThrow(
      expect.objectContaining({
        reason: 'BadRequest',
        message: `since=${since}: neither a time such as 2026-01-31T10:00:00Z nor how long ago, such as 90m`,
      }),
    );
  });

  it('is a revision by the very name that a change has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999_999_999 }), (revision) => {
        expect(revisionOfName(String(revision))).toBe(revision);
      }),
    );
    expect(['0', '01', '-1', '1.5', '1e3', ' 1', '9'.repeat(16)].map(revisionOfName)).toEqual(Array(7).fill(undefined));
  });
});

const stored = (revision: number, namespace: string, body: object) =>
  ({
    key: { cluster: 'main', resource: 'apps/deployments', namespace, name: 'web' },
    revision,
    body: Buffer.from(JSON.stringify(body)),
    attributes: { labels: {}, fields: {} },
  }) as unknown as Change['object'];

const body = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u' },
  spec: { image },
});
const change = (more: object = {}, namespace = 'team'): Change =>
  ({
    type: 'MODIFIED',
    object: stored(12, namespace, body('b')),
    previous: stored(9, namespace, body('a')),
    actor: { user: 'ada', client: 'kubectl/v1.36', requestId: 'r1' },
    time: NOW,
    ...more,
  }) as unknown as Change;

describe('a change that is shown', () => {
  it('says who changed what, when and in which fields, and no values', () => {
    const { metadata, spec } = changeObject(change(), '5');
    expect(metadata).toEqual({
      name: '12',
      namespace: 'team',
      uid: '00000005-0000-4000-8000-00000000000c',
      creationTimestamp: '2026-11-29T10:00:00Z',
    });
    expect(spec).toEqual({
      revision: 12,
      replaces: 9,
      time: '2026-11-29T10:00:00.000Z',
      verb: 'update',
      group: 'apps',
      resource: 'deployments',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'team',
      name: 'web',
      uid: 'u',
      user: 'ada',
      userAgent: 'kubectl/v1.36',
      requestID: 'r1',
      fields: ['spec.image'],
    });
  });

  it('of a creation or a deletion names no fields', () => {
    expect(changeObject(change({ type: 'ADDED', previous: undefined }), '5').spec).toMatchObject({
      verb: 'create',
      fields: [],
    });
    expect(changeObject(change({ type: 'DELETED' }), '5').spec).toMatchObject({
      verb: 'delete',
      fields: [],
      replaces: 9,
    });
  });

  it('counts the fields that it does not name', () => {
    const many = (value: string) => ({
      ...body('a'),
      spec: Object.fromEntries(Array.from({ length: 60 }, (_one, index) => [`f${index}`, value])),
    });
    const { spec } = changeObject(
      change({ object: stored(12, 'team', many('b')), previous: stored(9, 'team', many('a')) }),
      '5',
    );
    expect(spec).toMatchObject({ fields: expect.objectContaining({ length: 50 }), moreFields: 10 });
  });

  it('lives in the namespace of its object, or in default', () => {
    expect(['team', ''].map((namespace) => namespaceOfChange({ namespace }))).toEqual(['team', 'default']);
    const { key, attributes, revision } = changeHead(change({}, ''), { a: 'b' });
    expect(key).toMatchObject({ resource: 'history.binnacle.dev/changes', namespace: 'default', name: '12' });
    expect([attributes, revision]).toEqual([{ labels: {}, fields: { a: 'b' } }, 12]);
    expect(changeObject(change({}, ''), '5').spec).not.toHaveProperty('namespace');
  });

  it('is found by all that it is selected by', () => {
    const fields = selectableFields(change(), { since: '90m' });
    expect(fields).toEqual({
      'spec.group': 'apps',
      'spec.resource': 'deployments',
      'spec.namespace': 'team',
      'spec.name': 'web',
      'spec.verb': 'update',
      'spec.user': 'ada',
      'spec.userAgent': 'kubectl/v1.36',
      'spec.requestID': 'r1',
      since: '90m',
    });
    expect(['create', 'update', 'delete', 'patch', ''].map(typeOfVerb)).toEqual([
      'ADDED',
      'MODIFIED',
      'DELETED',
      undefined,
      undefined,
    ]);
  });
});
