import { schemaTable } from '../table.js';
import type { DefinitionSchema, FieldSchema, FieldType, ScalarType, SchemaTable } from '../types.js';

const PACKAGE = 'io.example.api.things.v1';
export const WIDGET = `${PACKAGE}.Widget`;
export const PART = `${PACKAGE}.Part`;
export const RAW = `${PACKAGE}.Raw`;
export const GVK = { group: 'things.example.io', version: 'v1', kind: 'Widget' };

export const scalar = (name: ScalarType): FieldType => ({ kind: 'scalar', scalar: name });
export const listOf = (of: FieldType, wrapped = false): FieldType => ({ kind: 'list', of, wrapped });
export const mapOf = (of: FieldType): FieldType => ({ kind: 'map', of });
const part: FieldType = { kind: 'object', name: PART };
const raw: FieldType = { kind: 'object', name: RAW };

function field(name: string, number: number, type: FieldType, more: Partial<FieldSchema> = {}): FieldSchema {
  return { name, type, required: false, omitsEmpty: true, wire: [number], ...more };
}

const define = (name: string, fields: readonly FieldSchema[], more: Partial<DefinitionSchema> = {}) => ({
  name,
  freeForm: false,
  fields: new Map(fields.map((one) => [one.name, one])),
  ...more,
});

const WIDGET_FIELDS = [
  field('title', 1, scalar('string'), { required: true, omitsEmpty: false }),
  field('count', 2, scalar('int32'), { omitsEmpty: false }),
  field('big', 3, scalar('int64')),
  field('isRed', 4, scalar('bool')),
  field('ratio', 5, scalar('double'), { omitsEmpty: false }),
  field('blob', 6, scalar('bytes')),
  field('made', 7, scalar('time')),
  field('renewed', 8, scalar('microTime')),
  field('size', 9, scalar('quantity')),
  field('port', 10, scalar('intOrString'), { omitsEmpty: false }),
  field('anything', 11, scalar('any')),
  field('raw', 12, raw),
  field('part', 13, part),
  field('parts', 14, listOf(part), {
    listType: 'map',
    listMapKeys: ['id'],
    patchMergeKey: 'id',
    patchStrategies: ['merge', 'retainKeys'],
  }),
  field('tags', 15, listOf(scalar('string')), { listType: 'set', values: ['new', 'old'] }),
  field('numbers', 16, listOf(scalar('int64')), { listType: 'atomic' }),
  field('labels', 17, mapOf(scalar('string')), { mapType: 'atomic' }),
  field('limits', 18, mapOf(scalar('quantity'))),
  field('extra', 19, mapOf(listOf(scalar('string'), true))),
  // JSON shows these two beside the others; protobuf carries them in a message of their own.
  field('host', 20, scalar('string'), { wire: [20, 1] }),
  field('path', 20, scalar('string'), { wire: [20, 2] }),
];

const PART_FIELDS = [
  field('id', 1, scalar('string'), { required: true, omitsEmpty: false }),
  field('weight', 2, scalar('int32')),
  field('inner', 3, part),
];

const NOTHING: SchemaTable = {
  version: 'nothing',
  find: () => undefined,
  findKind: () => undefined,
  describe: () => Promise.resolve({ of: () => undefined }),
};

/** A small table that has every kind of field. */
export const widgets = schemaTable(
  'widgets',
  [
    define(WIDGET, WIDGET_FIELDS, { gvk: GVK }),
    define(PART, PART_FIELDS),
    define(RAW, [], { freeForm: true }),
    define(`${WIDGET}List`, [field('items', 2, listOf({ kind: 'object', name: WIDGET }), { required: true })], {
      gvk: { ...GVK, kind: 'WidgetList' },
    }),
  ],
  NOTHING,
  (name, member) => `Text of ${name.split('.').at(-1)}${member ? `.${member}` : ''}.`,
);
