import { type ApplyType, ATOMIC, DEDUCED } from '@binnacle/machinery-apply';
import { applyStrategicMergePatch } from '@binnacle/machinery-patch';
import { describe, expect, it } from 'vitest';
import { applyType } from './apply-type.js';
import { strategicSchema } from './strategic.js';
import { schemaTable } from './table.js';
import { PART, RAW, WIDGET, widgets } from './testing/widgets.js';

const member = (type: ApplyType | undefined, name: string): ApplyType | undefined =>
  type?.kind === 'struct' ? type.member(name)?.type : undefined;
/** Lists and maps also with how they are held. */
const textOf = (type: ApplyType | undefined): string | undefined => {
  if (type?.kind === 'list') return `${type.as} list`;
  if (type?.kind === 'scalar') return type.of;
  return type && 'atomic' in type && type.atomic ? `atomic ${type.kind}` : type?.kind;
};
const widget = applyType(widgets, WIDGET);

describe('how server-side apply owns a field', () => {
  it.each([
    ['title', 'string'],
    ['count', 'numeric'],
    ['isRed', 'boolean'],
    ['made', 'untyped'],
    ['size', 'untyped'],
    ['port', 'untyped'],
    ['anything', 'any'],
    ['raw', 'atomic any'],
    ['part', 'struct'],
    ['parts', 'map list'],
    ['tags', 'set list'],
    ['numbers', 'atomic list'],
    ['labels', 'atomic map'],
    ['limits', 'map'],
  ])('%s: as %s', (name, text) => {
    expect(textOf(member(widget, name))).toBe(text);
  });

  it('by what always stands there, and what a key left out is', () => {
    const shape = { freeForm: false, fields: new Map() };
    const scalar = { kind: 'scalar', scalar: 'string' } as const;
    const field = (name: string, more: object) => ({ name, type: scalar, required: false, omitsEmpty: false, ...more });
    const fields = [
      field('name', { written: 'empty' }),
      field('target', { written: 'null' }),
      field('protocol', {}),
      field('zone', { default: 'a' }),
      field('state', { type: { kind: 'object', name: 'Shape' }, written: 'empty' }),
    ];
    const named = new Map(fields.map((one) => [one.name, one]));
    const type = applyType(schemaTable('written', [{ ...shape, name: 'Shape', fields: named }], widgets), 'Shape');
    const members = type.kind === 'struct' ? type : undefined;
    expect(members?.written.map(({ name, zero }) => [name, zero])).toEqual([
      ['name', ''],
      ['target', null],
      ['state', {}],
    ]);
    expect(fields.map(({ name }) => members?.member(name)?.default)).toEqual(['', undefined, 'TCP', 'a', undefined]);
  });

  it('elements of a map list by their keys, and each by its members', () => {
    const parts = member(widget, 'parts');
    expect(parts).toMatchObject({ kind: 'list', as: 'map', keys: ['id'] });
    expect(parts?.kind === 'list' && parts.of).toBe(applyType(widgets, PART));
  });

  it('what no table knows as a whole, and unknown members not at all', () => {
    expect(applyType(widgets, 'io.example.None')).toBe(ATOMIC);
    expect(applyType(widgets, RAW)).toBe(ATOMIC);
    expect(member(widget, 'colour')).toBeUndefined();
  });

  it('of an open object what is unknown too, and of an atomic one nothing by itself', () => {
    const shape = { freeForm: false, fields: new Map() };
    const table = schemaTable(
      'more',
      [
        { ...shape, name: 'Open', open: true },
        { ...shape, name: 'OpenRaw', open: true, freeForm: true },
        { ...shape, name: 'Whole', mapType: 'atomic', open: true },
      ],
      widgets,
    );
    expect(applyType(table, 'Open')).toMatchObject({ kind: 'struct', others: DEDUCED });
    expect(applyType(table, 'OpenRaw')).toBe(DEDUCED);
    expect(textOf(applyType(table, 'Whole'))).toBe('atomic struct');
  });
});

describe('how a strategic merge patch merges', () => {
  const schema = strategicSchema(widgets, WIDGET);

  it('finds keys and strategies where the table has some', () => {
    expect(schema.name).toBe('Widget');
    expect(schema.field('parts')).toMatchObject({ mergeKey: 'id', strategies: ['merge', 'retainKeys'] });
    expect(schema.field('tags')).toMatchObject({ mergeKey: undefined, strategies: [] });
    expect(schema.field('colour')).toBeUndefined();
  });

  it('merges elements by their key, deletes them by it, and replaces plain lists', () => {
    const object = {
      parts: [
        { id: 'a', weight: 1 },
        { id: 'b', weight: 2 },
      ],
      numbers: [1, 2],
      labels: { x: '1' },
    };
    const patch = {
      parts: [{ id: 'b', weight: 3 }, { id: 'c' }, { id: 'a', $patch: 'delete' }],
      numbers: [3],
      labels: { x: null, y: '2' },
    };
    const { parts, ...rest } = applyStrategicMergePatch(object, patch, schema) as typeof object;
    expect(rest).toEqual({ numbers: [3], labels: { y: '2' } });
    expect(new Map(parts.map(({ id, weight }) => [id, weight]))).toEqual(
      new Map([
        ['b', 3],
        ['c', undefined],
      ]),
    );
  });
});
