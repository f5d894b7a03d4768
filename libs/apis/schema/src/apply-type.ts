import {
  type ApplyMember,
  type ApplyType,
  ATOMIC,
  DEDUCED,
  type ScalarKind,
  type StructApplyType,
} from '@binnacle/machinery-apply';
import { zeroScalar } from './scalars.js';
import { perDefinition } from './table.js';
import type { DefinitionSchema, FieldSchema, FieldType, ListType, MapType, ScalarType, SchemaTable } from './types.js';

/** How server-side apply owns objects of that definition. */
export const applyType = perDefinition((schemas, name) => read(schemas, name));

/** The same where what refers to it wants it as a whole, or in parts. */
const atomicType = perDefinition((schemas, name) => read(schemas, name, 'atomic'));
const granularType = perDefinition((schemas, name) => read(schemas, name, 'granular'));

function read(schemas: SchemaTable, name: string, wanted?: MapType): ApplyType {
  const definition = schemas.find(name);
  if (!definition) return ATOMIC;
  const atomic = (wanted ?? definition.mapType) === 'atomic';
  if (definition.freeForm) return definition.open && !atomic ? DEDUCED : ATOMIC;
  return new Struct(schemas, definition, atomic);
}

/** By what a field says of the objects it holds. */
const STRUCTS = { atomic: atomicType, granular: granularType };

/** Members are read when they are first asked for, since definitions may hold themselves. */
class Struct implements StructApplyType {
  readonly kind = 'struct';
  readonly others?: ApplyType;
  private readonly members = new Map<string, ApplyMember>();
  private always: readonly ApplyMember[] | undefined;

  constructor(
    private readonly schemas: SchemaTable,
    private readonly definition: DefinitionSchema,
    readonly atomic: boolean,
  ) {
    if (definition.open) this.others = DEDUCED;
  }

  member(name: string): ApplyMember | undefined {
    const known = this.members.get(name);
    if (known) return known;
    const field = this.definition.fields.get(name);
    if (!field) return undefined;
    const member = memberOf(this.schemas, field);
    this.members.set(name, member);
    return member;
  }

  get written(): readonly ApplyMember[] {
    return (this.always ??= [...this.definition.fields.values()]
      .filter(({ written }) => written !== undefined)
      .flatMap(({ name }) => this.member(name) ?? []));
  }
}

/** What a key of a list's element is where it is left out, besides the zero of what is always written. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };
const EMPTY_STRUCT = Object.freeze({});

function zeroOf({ type, written }: FieldSchema): unknown {
  if (written === undefined) return undefined;
  if (written === 'null') return null;
  return type.kind === 'scalar' ? zeroScalar(type.scalar) : EMPTY_STRUCT;
}

function memberOf(schemas: SchemaTable, field: FieldSchema): ApplyMember {
  const zero = zeroOf(field);
  const fallback = field.default ?? (field.type.kind === 'scalar' ? (zero ?? KEY_DEFAULTS[field.name]) : undefined);
  return {
    name: field.name,
    type: fieldType(schemas, field),
    ...(zero !== undefined && { zero }),
    ...(fallback !== undefined && fallback !== null && { default: fallback }),
  };
}

const SCALARS: Readonly<Record<ScalarType, ScalarKind | undefined>> = {
  string: 'string',
  bytes: 'string',
  int32: 'numeric',
  int64: 'numeric',
  double: 'numeric',
  bool: 'boolean',
  time: 'untyped',
  microTime: 'untyped',
  quantity: 'untyped',
  intOrString: 'untyped',
  any: undefined,
};

interface Owning {
  readonly listType?: ListType;
  readonly listMapKeys?: readonly string[];
  readonly mapType?: MapType;
}

function listType(
  schemas: SchemaTable,
  of: FieldType,
  { listType: as = 'atomic', listMapKeys: keys = [] }: Owning,
): ApplyType {
  return { kind: 'list', of: valueType(schemas, of), as, keys };
}

function valueType(schemas: SchemaTable, type: FieldType, owning: Owning = {}): ApplyType {
  const atomic = owning.mapType === 'atomic';
  switch (type.kind) {
    case 'object':
      return (owning.mapType ? STRUCTS[owning.mapType] : applyType)(schemas, type.name);
    case 'map':
      return { kind: 'map', of: valueType(schemas, type.of), atomic };
    case 'list':
      return listType(schemas, type.of, owning);
    default:
      return scalarType(type.scalar, atomic);
  }
}

function scalarType(scalar: ScalarType, atomic: boolean): ApplyType {
  const of = SCALARS[scalar];
  if (of) return { kind: 'scalar', of };
  return atomic ? ATOMIC : DEDUCED;
}

const fieldType = (schemas: SchemaTable, field: FieldSchema): ApplyType => valueType(schemas, field.type, field);
