import { type FieldType, type SchemaTable, shortName } from '@binnacle/apis-schema';
import { newBadRequest } from '@binnacle/machinery-meta';
import { EVERY, type Path, parsePath, shown } from './path.js';

/** A path that the objects of a kind can have, and what is found there. */
export interface TypedPath {
  readonly text: string;
  readonly path: Path;
  readonly type: FieldType;
}

const ANY: FieldType = { kind: 'scalar', scalar: 'any' };

const isFree = (schemas: SchemaTable, type: FieldType): boolean => {
  if (type.kind === 'scalar') return type.scalar === 'any';
  if (type.kind !== 'object') return false;
  const schema = schemas.find(type.name);
  return !schema || schema.freeForm || schema.fields.size === 0;
};

type Step = Path[number];

const nameOf = (key: Step): string => {
  if (key === EVERY) return '[*]';
  return typeof key === 'number' ? `[${key}]` : `"${shown(key)}"`;
};

function fieldOf(schemas: SchemaTable, schema: string, key: Step): FieldType | string {
  const field = typeof key === 'string' ? schemas.find(schema)?.fields.get(key) : undefined;
  return field?.type ?? `${shortName(schema)} has no ${nameOf(key)}`;
}

/** Where the step leads, or why it cannot be taken. */
function follow(schemas: SchemaTable, type: FieldType, key: Step): FieldType | string {
  if (isFree(schemas, type)) return ANY;
  const named = typeof key === 'string';
  switch (type.kind) {
    case 'list':
      return named ? `a list has no ${nameOf(key)}; say [*] for every item or [0] for the first` : type.of;
    case 'map':
      return named ? type.of : `a map has no ${nameOf(key)}; name a key, as in ['key']`;
    case 'scalar':
      return `a value has no ${nameOf(key)} inside`;
    case 'object':
      return fieldOf(schemas, type.name, key);
  }
}

/** The structure of the objects of a kind: a name in a table. */
export interface Structure {
  readonly schema: string;
  readonly schemas: SchemaTable;
}

/**
 * Reads a path into the objects of a kind.
 * @throws StatusError BadRequest for what is no path, and for one that no object of the kind can have.
 */
export function typedPath({ schema, schemas }: Structure, text: string): TypedPath {
  const path = parsePath(text);
  let type: FieldType = { kind: 'object', name: schema };
  for (const key of path) {
    const next = follow(schemas, type, key);
    if (typeof next === 'string') throw newBadRequest(`invalid path "${shown(text)}": ${next}`);
    type = next;
  }
  return { text, path, type: isFree(schemas, type) ? ANY : type };
}
