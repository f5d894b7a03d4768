import type { OpenApiDocument, OpenApiSchema } from './openapi.js';
import type { Random } from './random.js';

const DEEPEST = 7;
const WORDS = [
  'web',
  'a',
  'data',
  'default',
  'kube-system',
  'nginx:1.29',
  'ClusterIP',
  'Always',
  '10.96.0.9',
  '100m',
  '1Gi',
];

/** Values that have no business where they are put. */
const ODD: readonly unknown[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  [{}],
  { a: null },
  { toString: 'x' },
  { toString: {}, valueOf: {} },
  { constructor: { prototype: 1 } },
  { length: 5 },
  { 'a.b/c': { '': 1 } },
  { 模板: '中文' },
  '中文',
  '\u0000',
  '\ud800',
  '\u202e\u2028',
  '../../etc/passwd',
  '%zz',
  '${x}',
  '*',
  'NaN',
  'Infinity',
  '1e999999',
  '999999999999999999999999Ei',
  '-0',
  '0x10',
  '9999-99-99T99:99:99Z',
  '0001-01-01T00:00:00Z',
  'x'.repeat(300),
  'é'.repeat(5000),
  'a/b/c',
  'true',
  'null',
  Array.from({ length: 200 }, (_, index) => index),
];

/** A fresh one each time: what is made of it may be spoilt further. */
export function odd(random: Random): unknown {
  return structuredClone(random.pick(ODD));
}

const KEYS = ['__proto__', 'constructor', 'toString', '未知字段', 'unknown', '', 'metadata', 'a\nb', 'é'.repeat(200)];

function text(random: Random, schema: OpenApiSchema): unknown {
  if (schema.enum?.length) return random.pick(schema.enum);
  if (schema.format === 'date-time') return '2026-01-01T00:00:00Z';
  if (schema.format === 'byte') return 'YQ==';
  if (schema.format === 'int-or-string') return random.chance(0.5) ? random.below(70_000) : '25%';
  return random.pick(WORDS);
}

function members(document: OpenApiDocument, random: Random, schema: OpenApiSchema, depth: number): object {
  const properties = Object.entries(schema.properties ?? {});
  const chosen = properties.filter(([name]) => schema.required?.includes(name) || random.chance(2 / (depth + 2) / 3));
  const entries = chosen.map(([name, member]) => [name, sample(document, random, member, depth + 1)] as const);
  const more = schema.additionalProperties;
  if (more && depth < DEEPEST) entries.push([random.pick(WORDS), sample(document, random, more, depth + 1)]);
  return Object.fromEntries(entries);
}

const SCALARS: Readonly<Record<string, (random: Random, schema: OpenApiSchema) => unknown>> = {
  integer: (random) => random.below(100_000),
  number: (random) => random.next(),
  boolean: (random) => random.chance(0.5),
  string: text,
};

function elements(document: OpenApiDocument, random: Random, items: OpenApiSchema, depth: number): unknown[] {
  if (depth > DEEPEST) return [];
  return Array.from({ length: random.below(3) }, () => sample(document, random, items, depth + 1));
}

/** A value that a schema might describe. */
export function sample(document: OpenApiDocument, random: Random, schema: OpenApiSchema, depth = 0): unknown {
  const { $ref, type = '', items = {} } = schema;
  if ($ref) return sample(document, random, document.definitions[$ref.split('/').at(-1) ?? ''] ?? {}, depth);
  if (type === 'array') return elements(document, random, items, depth);
  const scalar = SCALARS[type];
  if (scalar) return scalar(random, schema);
  return depth > DEEPEST ? {} : members(document, random, schema, depth);
}

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** Puts something odd into a random place of a value, in place; answers the value, or what took its place. */
export function spoil(random: Random, value: unknown): unknown {
  if (!isContainer(value) || random.chance(0.15)) return odd(random);
  const keys = Object.keys(value);
  if (random.chance(0.15)) return define(value, random.pick(KEYS), odd(random));
  if (keys.length === 0) return define(value, random.pick(KEYS), odd(random));
  const key = random.pick(keys);
  if (random.chance(0.1)) {
    delete (value as Record<string, unknown>)[key];
    return value;
  }
  return define(value, key, spoil(random, (value as Record<string, unknown>)[key]));
}

/** Also a member called `__proto__`, as a parser of JSON makes it. */
function define(container: Container, key: string, value: unknown): Container {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
  return container;
}
