import { newBadRequest, quote } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject, setMember } from '@binnacle/machinery-patch';
import { BadValue, readScalar, WrongType, wordFor, zeroScalar } from './scalars.js';
import { schemaIn, shortName } from './table.js';
import type { Conformed, DefinitionSchema, FieldSchema, FieldType, ScalarType, SchemaTable } from './types.js';

const GO_SCALARS: Readonly<Record<ScalarType, string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  double: 'float64',
  bool: 'bool',
  bytes: '[]uint8',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  any: 'interface {}',
};

/** The name of a type in Go, which upstream's messages show. */
function goType(type: FieldType): string {
  switch (type.kind) {
    case 'scalar':
      return GO_SCALARS[type.scalar];
    case 'object':
      return type.name.split('.').slice(-2).join('.');
    case 'list':
      return `[]${goType(type.of)}`;
    case 'map':
      return `map[string]${goType(type.of)}`;
  }
}

const isEmpty = (value: unknown, type: FieldType): boolean => {
  if (type.kind === 'list') return (value as unknown[]).length === 0;
  if (type.kind === 'map') return Object.keys(value as JsonObject).length === 0;
  return type.kind === 'scalar' && (value === '' || value === 0 || value === false);
};

const isTime = (type: FieldType): boolean =>
  type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microTime');

type Written = { readonly name: string; readonly scalar: ScalarType };
const written = new WeakMap<DefinitionSchema, readonly Written[]>();
const NULLABLE: ReadonlySet<ScalarType> = new Set<ScalarType>(['bytes', 'any']);

/** Scalars that upstream's encoder writes even where the client left them out: a name, if only an empty one; a time as null. */
function alwaysWritten(definition: DefinitionSchema): readonly Written[] {
  const known = written.get(definition);
  if (known) return known;
  const fields = [...definition.fields.values()].flatMap(({ name, type, required, omitsEmpty }) =>
    required && !omitsEmpty && type.kind === 'scalar' && !NULLABLE.has(type.scalar)
      ? [{ name, scalar: type.scalar }]
      : [],
  );
  written.set(definition, fields);
  return fields;
}

/** No more are told of, as upstream's decoder does. */
export const MOST_STRICT_PROBLEMS = 100;

/** A member, an index, or a key of a map, which types do not know of. */
type Step = string | number | { readonly key: string };

function stepText(step: Step): string {
  if (typeof step === 'number') return `[${step}]`;
  return `.${typeof step === 'string' ? step : step.key}`;
}

class Conformer {
  readonly unknownFields: string[] = [];
  private readonly path: Step[] = [];
  /** The definition of the object being read. */
  private struct = '';

  /** What is `owned` is changed in place: mostly little or nothing of it has to be. */
  constructor(
    private readonly schemas: SchemaTable,
    private readonly owned: boolean,
  ) {}

  object(definition: DefinitionSchema, value: unknown): JsonObject {
    if (definition.freeForm) return value as JsonObject;
    if (!isJsonObject(value)) throw new WrongType(wordFor(value));
    const outer = this.struct;
    this.struct = definition.name;
    const result: JsonObject = this.owned ? value : {};
    for (const name of Object.keys(value)) this.member(result, definition, name, value[name]);
    for (const { name, scalar } of alwaysWritten(definition)) result[name] ??= zeroScalar(scalar);
    this.struct = outer;
    return result;
  }

  private member(result: JsonObject, definition: DefinitionSchema, name: string, value: unknown): void {
    this.path.push(name);
    const field = definition.fields.get(name);
    if (!field && this.unknownFields.length < MOST_STRICT_PROBLEMS) this.unknownFields.push(this.pathText());
    const kept = field !== undefined && value !== null && value !== undefined && this.field(result, field, value);
    if (!kept && this.owned) delete result[name];
    this.path.pop();
  }

  /** False where the value is as good as none. */
  private field(result: JsonObject, field: FieldSchema, value: unknown): boolean {
    const read = this.explained(field.type, value);
    if (field.omitsEmpty && isEmpty(read, field.type) && !this.asksToForget()) return false;
    if (read === '' && isTime(field.type)) return false;
    if (!this.owned || read !== value) result[field.name] = read;
    return true;
  }

  /** An empty list of managed fields says something: that nobody owns anything any more. */
  private asksToForget(): boolean {
    const [first, second] = this.path;
    return this.path.length === 2 && first === 'metadata' && second === 'managedFields';
  }

  /** Reads a value; a wrong type is told with the place and type it was met at. */
  private explained(type: FieldType, value: unknown): unknown {
    try {
      return this.value(type, value);
    } catch (error) {
      if (!(error instanceof WrongType)) throw error;
      const names = this.path.filter((part) => typeof part === 'string');
      const place = `${shortName(this.struct)}.${names.join('.')}`;
      throw new BadValue(`json: cannot unmarshal ${error.value} into Go struct field ${place} of type ${goType(type)}`);
    }
  }

  private value(type: FieldType, value: unknown): unknown {
    switch (type.kind) {
      case 'scalar':
        return readScalar(type.scalar, value);
      case 'object':
        return this.object(schemaIn(this.schemas, type.name), value);
      case 'list':
        return this.list(type.of, value);
      case 'map':
        return this.map(type.of, value);
    }
  }

  private list(of: FieldType, value: unknown): unknown[] {
    if (!Array.isArray(value)) throw new WrongType(wordFor(value));
    const result: unknown[] = this.owned ? value : new Array(value.length);
    for (let index = 0; index < value.length; index += 1) {
      this.path.push(index);
      const read = this.element(of, value[index]);
      if (!this.owned || read !== value[index]) result[index] = read;
      this.path.pop();
    }
    return result;
  }

  private map(of: FieldType, value: unknown): JsonObject {
    if (!isJsonObject(value)) throw new WrongType(wordFor(value));
    const result: JsonObject = this.owned ? value : {};
    for (const key of Object.keys(value)) {
      this.path.push({ key });
      const read = this.element(of, value[key]);
      if (!this.owned || read !== value[key]) setMember(result, key, read);
      this.path.pop();
    }
    return result;
  }

  private element(of: FieldType, value: unknown): unknown {
    if (value !== null) return this.explained(of, value);
    switch (of.kind) {
      case 'scalar':
        return zeroScalar(of.scalar);
      case 'object':
        return this.emptyObject(schemaIn(this.schemas, of.name));
      case 'list':
        return [];
      case 'map':
        return {};
    }
  }

  /** In JSON of no fixed shape null is a value like others. */
  private emptyObject(definition: DefinitionSchema): JsonObject | null {
    return definition.freeForm ? null : this.object(definition, {});
  }

  private pathText(): string {
    return this.path.map(stepText).join('').replace(/^\./, '');
  }
}

/**
 * Makes a decoded value an object of that definition, as a round trip through upstream's Go types would.
 * A value that is `owned` belongs to the caller alone, shares nothing with itself, and is changed in place.
 * @throws BadValue with upstream's words where a value has the wrong type or cannot be read.
 */
export function conform(schemas: SchemaTable, name: string, value: unknown, owned = false): Conformed {
  const definition = schemaIn(schemas, name);
  if (definition.conform) return definition.conform(value, owned);
  const conformer = new Conformer(schemas, owned);
  try {
    return { object: conformer.object(definition, value), unknownFields: conformer.unknownFields };
  } catch (error) {
    if (!(error instanceof WrongType)) throw error;
    const type = goType({ kind: 'object', name });
    throw new BadValue(`json: cannot unmarshal ${error.value} into Go value of type ${type}`);
  }
}

export interface KindNames {
  readonly version: string;
  readonly kind: string;
}

/** `Pod in version "v1" cannot be handled as a Pod: …`, a BadRequest. */
export function cannotBeHandled(given: KindNames, expected: string, why: string): Error {
  return newBadRequest(`${given.kind} in version ${quote(given.version)} cannot be handled as a ${expected}: ${why}`);
}

/** Unknown and repeated members, one sentence each: these are the warnings, or one error where validation is strict. */
export function strictProblems(unknownFields: readonly string[], duplicates: readonly string[] = []): string[] {
  return [
    ...duplicates.slice(0, MOST_STRICT_PROBLEMS).map((path) => `duplicate field ${quote(path)}`),
    ...unknownFields.map((path) => `unknown field ${quote(path)}`),
  ];
}

/** What `fieldValidation=Strict` answers where there are problems; a BadRequest. */
export function strictDecodingError(given: KindNames, problems: readonly string[]): Error {
  return cannotBeHandled(given, given.kind, `strict decoding error: ${problems.join(', ')}`);
}
