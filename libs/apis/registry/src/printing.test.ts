import { conform, type DefinitionSchema, schemaTable } from '@binnacle/apis-schema';
import { fieldPath, invalid } from '@binnacle/machinery-validation';
import { describe, expect, it } from 'vitest';
import { expectedKind, type ResourceDefinition, storageResource, type Strategy } from './definition.js';
import {
  ageOf,
  column,
  countOf,
  firstAndMore,
  formatLabels,
  hostPort,
  nameOf,
  selectorText,
  since,
  wide,
} from './printing.js';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from './rehearsal.js';
import { addressOf } from './served.js';

const NOW = Date.parse('2026-11-29T10:00:00Z');

describe('cells', () => {
  it.each([
    ['2026-11-29T09:59:00Z', '60s'],
    ['2026-11-29T10:00:01Z', '0s'],
    ['2026-11-29T10:01:00Z', '<invalid>'],
    ['yesterday', '<unknown>'],
    ['', '<unknown>'],
    [undefined, '<unknown>'],
  ])('say of %s: %s', (timestamp, cell) => {
    expect(since(timestamp, NOW)).toBe(cell);
  });

  it('are made of an object that says little', () => {
    const object = { apiVersion: 'v1', kind: 'X', metadata: {} };
    expect([nameOf(object), ageOf(object, NOW), countOf(undefined), countOf({ a: 1, b: 2 })]).toEqual([
      '',
      '<unknown>',
      0,
      2,
    ]);
  });

  it('list labels in order of key, and selectors as queries do', () => {
    expect([formatLabels({ b: '2', a: '1' }), formatLabels({}), formatLabels(undefined)]).toEqual([
      'a=1,b=2',
      '<none>',
      '<none>',
    ]);
    expect([selectorText({ matchLabels: { a: '1' } }), selectorText({}), selectorText(undefined)]).toEqual([
      'a=1',
      '',
      '',
    ]);
  });

  it('tell the first and how many more', () => {
    expect([firstAndMore(['a', 'b'], 2), firstAndMore(['a', 'b', 'c'], 2), firstAndMore([], 2)]).toEqual([
      'a,b',
      'a,b + 1 more...',
      '',
    ]);
  });

  it('put brackets around addresses with colons', () => {
    expect([hostPort('10.0.0.1', 80), hostPort('::1', 80)]).toEqual(['10.0.0.1:80', '[::1]:80']);
  });

  it('stand in columns, which show always unless they are wide', () => {
    expect(column('A', 'a')).toEqual({ name: 'A', description: 'a', type: 'string', format: '', priority: 0 });
    expect(wide('A', 'a', { type: 'integer' })).toMatchObject({ type: 'integer', priority: 1 });
  });
});

const names = {
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  listKind: 'WidgetList',
  shortNames: [],
  categories: [],
};
const field = (name: string) =>
  [name, { name, type: { kind: 'scalar', scalar: 'int32' }, required: false, omitsEmpty: false }] as const;
const schema = { name: 'W', freeForm: false, fields: new Map([field('size'), field('ready')]) } as DefinitionSchema;
const nothing = {
  version: '',
  find: () => undefined,
  findKind: () => undefined,
  describe: () => Promise.resolve({ of: () => undefined }),
};
const schemas = schemaTable('w', [schema], nothing);
const kindWith = (strategy: object): ResourceDefinition =>
  ({
    group: 'example.io',
    version: 'v1',
    names,
    schema: 'W',
    schemas,
    strategy: strategy as Strategy<never>,
  }) as unknown as ResourceDefinition;

type Sized = { size?: number; ready?: number };
const at = fieldPath('size');
const kind = kindWith({
  applyDefaults: (object: Sized) => (object.size ??= 1),
  prepareForCreate: (object: Sized) => delete object.ready,
  prepareForUpdate: (next: Sized, old: Sized) => (next.ready = old.ready ?? 0),
  prepareForStatusUpdate: (next: Sized, old: Sized) => (next.size = old.size ?? 0),
  validate: ({ size = 0 }: Sized) => (size < 0 ? [invalid(at, size, 'negative')] : []),
  validateCreate: ({ size = 0 }: Sized) => (size > 9 ? [invalid(at, size, 'too large to begin with')] : []),
  validateUpdate: (next: Sized, old: Sized) => (next.size === old.size ? [] : [invalid(at, next.size, 'fixed')]),
  validateStatusUpdate: ({ ready = 0 }: Sized) => (ready < 0 ? [invalid(fieldPath('ready'), ready, 'negative')] : []),
});
const messages = ({ errors }: { errors: readonly { message: string }[] }): string[] =>
  errors.map(({ message }) => message);
const sized = (value: Sized): never => value as never;

describe('a rehearsal', () => {
  it('of a new object applies the rules of the kind to a copy', () => {
    const sent = { ready: 5, junk: 1 };
    const { object, errors } = rehearseCreate(kind, sized(sent));
    expect([object, errors]).toEqual([{ size: 1 }, []]);
    expect(sent).toEqual({ ready: 5, junk: 1 });
    expect(messages(rehearseCreate(kind, sized({ size: 10 })))).toEqual(['Invalid value: 10: too large to begin with']);
    expect(messages(rehearseCreate(kind, sized({ size: -1 })))).toEqual(['Invalid value: -1: negative']);
  });

  it('of a change and of a status have rules of their own', () => {
    const changed = rehearseUpdate(kind, sized({ size: 20, ready: 9 }), sized({ size: 20, ready: 2 }));
    expect([changed.object, changed.errors]).toEqual([{ size: 20, ready: 2 }, []]);
    expect(messages(rehearseUpdate(kind, sized({ size: -2 }), sized({ size: 3 })))).toEqual([
      'Invalid value: -2: negative',
      'Invalid value: -2: fixed',
    ]);
    const status = rehearseStatusUpdate(kind, sized({ size: 7, ready: -1 }), sized({ size: 3 }));
    expect(status.object).toEqual({ size: 3, ready: -1 });
    expect(messages(status)).toEqual(['Invalid value: -1: negative']);
  });

  it('refuses values of the wrong type, and asks nothing of a kind without rules', () => {
    expect(() => rehearseCreate(kind, sized({ size: 'x' as never }))).toThrow('json: cannot unmarshal string');
    const bare = kindWith({});
    expect(rehearseCreate(bare, sized({ size: -5 }))).toEqual({ object: { size: -5 }, errors: [] });
    expect(rehearseStatusUpdate(bare, sized({ size: 1 }), sized({}))).toEqual({ object: { size: 1 }, errors: [] });
    expect(conform(schemas, 'W', { size: 2 }).object).toEqual({ size: 2 });
  });
});

describe('where a kind is found', () => {
  it('is its plural name below its group, or where another keeps it', () => {
    expect(storageResource(kind)).toBe('example.io/widgets');
    expect(storageResource({ group: '', names })).toBe('widgets');
    expect(storageResource({ group: 'x', names, storage: { resource: 'events' } })).toBe('events');
    expect(expectedKind(kind)).toEqual({ group: 'example.io', version: 'v1', kind: 'Widget', schema: 'W', schemas });
  });

  it('follows from a reference', () => {
    const ref = { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true };
    expect(addressOf(ref as never, ['deploy'])).toEqual({
      group: 'apps',
      version: 'v1',
      namespaced: true,
      names: {
        plural: 'deployments',
        singular: 'deployment',
        kind: 'Deployment',
        listKind: 'DeploymentList',
        shortNames: ['deploy'],
        categories: [],
      },
    });
  });
});
