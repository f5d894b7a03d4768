import { type ApplyType, ATOMIC } from '@binnacle/machinery-apply';
import { findSchema } from './definitions.js';
import type { FieldSchema, FieldType } from './types.js';

const types = new Map<string, ApplyType>();

/** How server-side apply owns objects of that definition. */
export function applyType(name: string): ApplyType {
  let type = types.get(name);
  if (!type) {
    type = read(name);
    types.set(name, type);
  }
  return type;
}

function read(name: string): ApplyType {
  const definition = findSchema(name);
  if (!definition || definition.freeForm || definition.mapType === 'atomic') return ATOMIC;
  return {
    kind: 'struct',
    field: (member) => {
      const field = definition.fields.get(member);
      return field && fieldType(field);
    },
  };
}

function valueType(type: FieldType): ApplyType {
  switch (type.kind) {
    case 'object':
      return applyType(type.name);
    case 'map':
      return { kind: 'map', of: valueType(type.of) };
    default:
      return ATOMIC;
  }
}

function fieldType({ type, listType, listMapKeys = [], mapType }: FieldSchema): ApplyType {
  if (mapType === 'atomic') return ATOMIC;
  if (type.kind !== 'list') return valueType(type);
  if (listType === 'set') return { kind: 'set' };
  return listType === 'map' ? { kind: 'list', keys: listMapKeys, of: valueType(type.of) } : ATOMIC;
}
