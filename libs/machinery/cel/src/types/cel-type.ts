/** How many characters, bytes, elements or entries a value can have at most. Absent: as many as it likes. */
interface Sized {
  readonly maxElements?: number;
}

export interface ScalarType extends Sized {
  readonly kind: 'bool' | 'int' | 'uint' | 'double' | 'null' | 'string' | 'bytes' | 'timestamp' | 'duration' | 'dyn';
}

export interface ListType extends Sized {
  readonly kind: 'list';
  readonly element: CelType;
  /** How `+` merges and `==` compares lists that come from objects. Absent: in their order. */
  readonly listType?: 'set' | 'map';
  /** Properties, as they are written in objects, that tell the elements of a `map` list apart. */
  readonly listMapKeys?: readonly string[];
}

export interface MapType extends Sized {
  readonly kind: 'map';
  readonly key: CelType;
  readonly value: CelType;
}

/**
 * Objects are the same type when they have the same name. Fields stand under their escaped names (`escapeName`), or plainly where
 * upstream declares them so.
 */
export interface ObjectType {
  readonly kind: 'object';
  readonly name: string;
  readonly fields: ReadonlyMap<string, CelType>;
}

/** A type of the libraries, as `kubernetes.Quantity` or `optional_type(string)`. */
export interface OpaqueType {
  readonly kind: 'opaque';
  readonly name: string;
  readonly parameters: readonly CelType[];
}

/** The type of a type: `type(1)` is of type `type(int)`. */
export interface TypeType {
  readonly kind: 'type';
  readonly of?: CelType;
}

/** Stands for any type in a function's signature, and for a type that the checker has yet to find. */
export interface TypeParameter {
  readonly kind: 'param';
  readonly name: string;
}

/** The type of what could not be checked. It agrees with every other, so that one mistake is told once. */
interface ErrorType {
  readonly kind: 'error';
}

export type CelType = ScalarType | ListType | MapType | ObjectType | OpaqueType | TypeType | TypeParameter | ErrorType;

export const DYN: CelType = { kind: 'dyn' };
export const BOOL: CelType = { kind: 'bool' };
export const INT: CelType = { kind: 'int' };
export const STRING: CelType = { kind: 'string' };
export const ERROR: CelType = { kind: 'error' };

const OPTIONAL = 'optional_type';

export const listOf = (element: CelType, maxElements?: number): ListType => ({
  kind: 'list',
  element,
  ...(maxElements !== undefined && { maxElements }),
});

export const mapOf = (key: CelType, value: CelType, maxElements?: number): MapType => ({
  kind: 'map',
  key,
  value,
  ...(maxElements !== undefined && { maxElements }),
});

export const optionalOf = (type: CelType): OpaqueType => ({ kind: 'opaque', name: OPTIONAL, parameters: [type] });

/** What an optional may hold, or undefined where the type is no optional. */
export function unwrapOptional(type: CelType): CelType | undefined {
  return type.kind === 'opaque' && type.name === OPTIONAL ? type.parameters[0] : undefined;
}

/** The types that a type is made of. */
export function parametersOf(type: CelType): readonly CelType[] {
  if (type.kind === 'list') return [type.element];
  if (type.kind === 'map') return [type.key, type.value];
  if (type.kind === 'opaque') return type.parameters;
  return type.kind === 'type' && type.of ? [type.of] : [];
}

/** The same type made of other types. */
export function withParameters(type: CelType, parameters: readonly CelType[]): CelType {
  const [first = DYN, second = DYN] = parameters;
  if (type.kind === 'list') return { ...type, element: first };
  if (type.kind === 'map') return { ...type, key: first, value: second };
  if (type.kind === 'opaque') return { ...type, parameters };
  return type.kind === 'type' && type.of ? { ...type, of: first } : type;
}

const nameOf = (type: CelType): string => ('name' in type ? type.name : type.kind);

/** Whether two types are the very same, whatever the sizes of their values. */
export function isSameType(left: CelType, right: CelType): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind || nameOf(left) !== nameOf(right)) return false;
  const [ours, theirs] = [parametersOf(left), parametersOf(right)];
  return ours.length === theirs.length && ours.every((type, index) => isSameType(type, theirs[index] ?? DYN));
}

/** As error messages name it: `list(int)`, `map(string, dyn)`. */
export function formatType(type: CelType): string {
  if (type.kind === 'error') return '!error!';
  const parameters = parametersOf(type);
  return parameters.length === 0 ? nameOf(type) : `${nameOf(type)}(${parameters.map(formatType).join(', ')})`;
}

/**
 * Gives every object type within a name of its own, after the path to it. Upstream's names are
 * `name.field`, `name.@idx` for elements of lists and `name.@elem` for values of maps.
 */
export function nameObjects(type: CelType, name: string): CelType {
  if (type.kind === 'list') return { ...type, element: nameObjects(type.element, `${name}.@idx`) };
  if (type.kind === 'map') return { ...type, value: nameObjects(type.value, `${name}.@elem`) };
  if (type.kind !== 'object') return type;
  const fields = [...type.fields].map(([field, of]) => [field, nameObjects(of, `${name}.${field}`)] as const);
  return { kind: 'object', name, fields: new Map(fields) };
}
