import { describe, expect, it } from 'vitest';
import { refs } from '../refs/index.js';
import { resetFieldsOf, storageResource } from '@binnacle/apis-registry';
import { resources } from './resources.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const bare = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'x' }, involvedObject: {} });

describe('resources', () => {
  it('holds every resource clients can address', () => {
    const served = resources.map(({ group, version, names, namespaced }) => ({
      group,
      version,
      plural: names.plural,
      kind: names.kind,
      namespaced,
    }));
    const byKey = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    expect(served.sort(byKey)).toEqual(
      Object.values(refs)
        .map((ref) => ({ ...ref }))
        .sort(byKey),
    );
  });

  it.each(resources.map((definition) => [definition.schema, definition] as const))(
    '%s prints as many cells as columns, even for an object with metadata only',
    (_schema, { printer, names }) => {
      expect(printer.row(bare(names.kind), now)).toHaveLength(printer.columns.length);
    },
  );

  it.each(resources.map((definition) => [definition.schema, definition] as const))(
    '%s selects fields and applies defaults of an object with metadata only',
    (_schema, { fields, strategy, names }) => {
      const object = bare(names.kind);
      strategy.applyDefaults?.(object);
      strategy.prepareForCreate?.(object);
      for (const field of Object.values(fields)) expect(typeof field(object)).toBe('string');
    },
  );

  it('stores both kinds of events in one place, as core events', () => {
    const events = resources.filter(({ names }) => names.plural === 'events');
    expect(events.map(storageResource)).toEqual(['events', 'events']);
  });

  const withStatus = resources.filter(({ subresources }) => subresources.some(({ name }) => name === 'status'));

  it.each(withStatus.map((definition) => [definition.schema, definition] as const))(
    '%s says of every member of its metadata that a writer of its status cannot change',
    (_schema, definition) => {
      const { strategy, names } = definition;
      const said = (value: string) => ({
        ...bare(names.kind),
        spec: {},
        status: {},
        metadata: {
          name: 'x',
          labels: { a: value },
          annotations: { a: value },
          finalizers: [`example.com/${value}`],
          ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: value, uid: value }],
        },
      });
      const [next, old] = [said('new'), said('old')];
      strategy.prepareForStatusUpdate?.(next, old, now);
      const keys = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;
      const kept = keys.filter((key) => next.metadata[key] === old.metadata[key]).map((key) => ['metadata', key]);
      const reset = resetFieldsOf(definition, 'status').filter(([first]) => first !== 'status');
      expect(reset).toEqual([['spec'], ...(kept.length === keys.length ? [['metadata']] : kept)]);
    },
  );

  it('indexes only fields that can be selected', () => {
    for (const { indexedFields = [], fields } of resources)
      for (const field of indexedFields) expect(Object.keys(fields)).toContain(field);
  });

  it.each([
    ['deployments', { spec: { replicas: 3, selector: { matchLabels: { b: '2', a: '1' } } } }, 'a=1,b=2'],
    ['replicationcontrollers', { spec: { replicas: 3, selector: { a: '1' } } }, 'a=1'],
    [
      'replicasets',
      { spec: { replicas: 3, selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['2', '1'] }] } } },
      'a in (1,2)',
    ],
  ])('%s scale: reads replicas and selector, writes replicas', (plural, fields, selector) => {
    const { scale } = resources.find(({ names }) => names.plural === plural) ?? {};
    const object = { ...bare('X'), ...fields };
    expect(scale?.get(object)).toEqual({ spec: 3, status: 0, selector });
    scale?.set(object, 5);
    expect(scale?.get(object).spec).toBe(5);
  });
});
