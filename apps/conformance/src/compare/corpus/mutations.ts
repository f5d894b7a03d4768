import {
  type DefinitionSchema,
  type FieldSchema,
  type FieldType,
  schemaIn,
  type SchemaTable,
} from '@binnacle/apis-schema';
import type { Random } from '@binnacle/testing-fuzz';
import type { Json } from '../case.js';

/** A change of one field. */
export interface Mutation {
  /** `spec.containers[0].image = ""` */
  readonly name: string;
  readonly path: readonly (string | number)[];
  /** Undefined takes the field away. */
  readonly value: unknown;
}

const ODD: Readonly<Record<string, readonly unknown[]>> = {
  string: ['', 'Not_A_Name!', `${'x'.repeat(64)}`, 'a/b', 7],
  int32: [0, -1, 1, 70_000, 2 ** 31, '1'],
  int64: [0, -1, 1, 2 ** 40, '1'],
  double: [0, -1.5, 'x'],
  bool: [true, false, 'true'],
  bytes: ['', 'AAAA', 'not base64'],
  time: ['2026-01-02T03:04:05Z', 'yesterday', null],
  microTime: ['2026-01-02T03:04:05.000006Z', 'yesterday', null],
  quantity: ['0', '-1', '1000', '1.5Gi', 'much', '0.0001'],
  intOrString: [0, -1, '50%', '150%', 'http', 99_999],
  any: [{}, { a: 1 }, []],
};
const DEEPEST = 4;

/** Where the first odd value of a scalar would be refused. */
const PLAIN: Readonly<Record<string, unknown>> = { string: 'example', quantity: '1000' };

const plain = (scalar: string): unknown => PLAIN[scalar] ?? ODD[scalar]?.[0];

/** A small value of that type that has everything required. */
export function sampleOf(schemas: SchemaTable, type: FieldType, values: readonly string[] = [], depth = 0): unknown {
  if (values.length > 0) return type.kind === 'list' ? [values[0]] : values[0];
  switch (type.kind) {
    case 'scalar':
      return plain(type.scalar);
    case 'list':
      return depth > DEEPEST ? [] : [sampleOf(schemas, type.of, [], depth + 1)];
    case 'map':
      return { example: sampleOf(schemas, type.of, [], depth + 1) };
    case 'object':
      return objectSample(schemas, schemaIn(schemas, type.name), depth);
  }
}

function objectSample(schemas: SchemaTable, { fields }: DefinitionSchema, depth: number): Json {
  if (depth > DEEPEST) return {};
  const wanted = [...fields.values()].filter(({ required }) => required);
  return Object.fromEntries(wanted.map((one) => [one.name, sampleOf(schemas, one.type, one.values, depth + 1)]));
}

/** Values that stand in for a present one. */
function replacements(field: FieldSchema, present: unknown): unknown[] {
  const { type } = field;
  if (field.values?.length && type.kind === 'scalar') return [...field.values, 'Nonsense', ''];
  if (type.kind === 'scalar') return [...(ODD[type.scalar] ?? [])];
  if (type.kind === 'list') return [[], [...(present as unknown[]), ...(present as unknown[])], {}];
  if (type.kind === 'map') return [{}, { 'not a key!': 'x', ok: 'y' }, []];
  return [{}, []];
}

class Walk {
  readonly found: Mutation[] = [];

  constructor(private readonly schemas: SchemaTable) {}

  object({ fields }: DefinitionSchema, value: Json, path: readonly (string | number)[]): void {
    for (const field of fields.values()) {
      const at = [...path, field.name];
      const present = value[field.name];
      if (present === undefined) this.add(at, sampleOf(this.schemas, field.type, field.values));
      else this.present(field, present, at);
    }
  }

  private present(field: FieldSchema, value: unknown, path: readonly (string | number)[]): void {
    this.add(path, undefined);
    this.add(path, null);
    for (const other of replacements(field, value)) this.add(path, other);
    this.inside(field.type, value, path);
  }

  private inside(type: FieldType, value: unknown, path: readonly (string | number)[]): void {
    if (type.kind === 'object') this.object(schemaIn(this.schemas, type.name), value as Json, path);
    if (type.kind === 'list' && (value as unknown[]).length > 0)
      this.inside(type.of, (value as unknown[])[0], [...path, 0]);
  }

  private add(path: readonly (string | number)[], value: unknown): void {
    const shown = value === undefined ? 'removed' : JSON.stringify(value).slice(0, 60);
    this.found.push({ name: `${pathText(path)} ${shown}`, path, value });
  }
}

/** `spec.containers[0].image` */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

const FIXED = new Set(['apiVersion', 'kind', 'metadata.namespace']);

/** Every mutation of an object that its structure suggests. */
export function mutationsOf(schemas: SchemaTable, schema: string, object: Json): Mutation[] {
  const walk = new Walk(schemas);
  walk.object(schemaIn(schemas, schema), object, []);
  return walk.found.filter(({ path }) => !FIXED.has(pathText(path)));
}

/** A copy of the object with that one field changed. */
export function mutated(object: Json, { path, value }: Mutation): Json {
  const copy = structuredClone(object);
  const last = path.at(-1) as string | number;
  let parent = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** So many of a list, in its order, each as likely as any other. */
export function chosen<T>(random: Random, list: readonly T[], count: number): T[] {
  const marks = list.map((item, at) => ({ item, at, mark: random.next() }));
  const taken = marks.sort((a, b) => a.mark - b.mark).slice(0, count);
  return taken.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
