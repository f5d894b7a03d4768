import { type CelType, escapeName, nameObjects } from '../types/index.js';

/** As much of a structural schema as the cases need. */
export interface CaseSchema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, CaseSchema>>;
  readonly additionalProperties?: CaseSchema;
  readonly items?: CaseSchema;
  readonly required?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

interface Declared {
  readonly type: CelType;
  readonly size: number;
}

const REQUEST = 3 * 1024 * 1024;
const SIMPLE: Readonly<Record<string, Declared>> = {
  boolean: { type: { kind: 'bool' }, size: 4 },
  number: { type: { kind: 'double' }, size: 1 },
  integer: { type: { kind: 'int' }, size: 1 },
};
const TIMES: Readonly<Record<string, Declared>> = {
  duration: { type: { kind: 'duration', maxElements: 32 }, size: 3 },
  date: { type: { kind: 'timestamp', maxElements: 12 }, size: 12 },
  'date-time': { type: { kind: 'timestamp', maxElements: 32 }, size: 21 },
};

function declareList(schema: CaseSchema, items: CaseSchema): Declared {
  const { type: element, size } = declare(items);
  const maxElements = schema.maxItems ?? Math.floor((REQUEST - 2) / (size + 1));
  const listType = schema['x-kubernetes-list-type'];
  const merged =
    listType === 'map' || listType === 'set'
      ? { listType: listType as 'map' | 'set', listMapKeys: schema['x-kubernetes-list-map-keys'] ?? [] }
      : {};
  return { type: { kind: 'list', element, maxElements, ...merged }, size: 2 };
}

function declareObject(schema: CaseSchema): Declared {
  if (schema.additionalProperties) {
    const { type: value, size } = declare(schema.additionalProperties);
    const maxElements = schema.maxProperties ?? Math.floor((REQUEST - 2) / (size + 6));
    return { type: { kind: 'map', key: { kind: 'string' }, value, maxElements }, size: 2 };
  }
  const fields = new Map<string, CelType>();
  let total = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const { type, size } = declare(property);
    const escaped = escapeName(name);
    if (escaped !== undefined) fields.set(escaped, type);
    if (schema.required?.includes(name)) total += name.length + size + 4;
  }
  return { type: { kind: 'object', name: 'object', fields }, size: total };
}

function declareText(schema: CaseSchema): Declared {
  const time = TIMES[schema.format ?? ''];
  if (time) return time;
  const bytes = schema.format === 'byte';
  const maxElements = schema.maxLength === undefined ? REQUEST - 2 : schema.maxLength * (bytes ? 1 : 4);
  return { type: { kind: bytes ? 'bytes' : 'string', maxElements }, size: 2 };
}

function declare(schema: CaseSchema): Declared {
  if (schema['x-kubernetes-int-or-string']) {
    const maxElements = schema.maxLength === undefined ? REQUEST - 2 : schema.maxLength * 4;
    return { type: { kind: 'dyn', maxElements }, size: 1 };
  }
  if (schema.type === 'array') return declareList(schema, schema.items ?? {});
  if (schema.type === 'string') return declareText(schema);
  return SIMPLE[schema.type ?? ''] ?? declareObject(schema);
}

/** How expressions see values of a schema, with the names upstream's types would have. */
export const schemaType = (schema: CaseSchema): CelType => nameObjects(declare(schema).type, 'selfType');
