import { CelError, noSuchOverload, Ready, type Value } from './value.js';
import { List } from './list.js';
import { CelMap } from './map.js';
import {
  type CelType,
  DYN,
  escapeName,
  type ListType,
  type MapType,
  type ObjectType,
  unescapeName,
} from '../types/index.js';
import { readScalar } from './scalar.js';
import type { Meter } from './work.js';

type Json = Readonly<Record<string, unknown>>;

const isJsonObject = (raw: unknown): raw is Json => typeof raw === 'object' && raw !== null && !Array.isArray(raw);

/** Reads a part of an object as its type says. Only what the expression looks at is ever read. */
export function toValue(raw: unknown, type: CelType, meter: Meter): Value {
  if (raw === null || raw === undefined) return null;
  if (raw instanceof Ready) return raw.value;
  if (type.kind === 'list') return readList(raw, type, meter);
  if (type.kind === 'map' || type.kind === 'object') return readMap(raw, type, meter);
  if (type.kind !== 'dyn') return readScalar(raw, type.kind);
  if (Array.isArray(raw)) return new UnstructuredList(raw, { kind: 'list', element: DYN }, meter);
  if (isJsonObject(raw)) return new UnstructuredMap(raw, { kind: 'map', key: DYN, value: DYN }, meter);
  return readScalar(raw, 'dyn');
}

function readList(raw: unknown, type: ListType, meter: Meter): Value {
  if (!Array.isArray(raw)) {
    return new CelError('invalid data, expected an array for the provided schema with type=array');
  }
  return new UnstructuredList(raw, type, meter);
}

function readMap(raw: unknown, type: MapType | ObjectType, meter: Meter): Value {
  if (!isJsonObject(raw)) {
    return new CelError('invalid data, expected a map for the provided schema with type=object');
  }
  return type.kind === 'object' ? new UnstructuredObject(raw, type, meter) : new UnstructuredMap(raw, type, meter);
}

/** The elements of a `map` list are told apart by this text. */
function elementKey(raw: unknown, keys: readonly string[]): string {
  const parts = isJsonObject(raw) ? keys.map((key) => (Object.hasOwn(raw, key) ? raw[key] : null)) : [raw];
  return JSON.stringify(parts.map((part) => (typeof part === 'bigint' ? `${part}n` : part)));
}

/** A list in an object. Elements that were added to it keep what they are. */
export class UnstructuredList extends List {
  constructor(
    private readonly elements: readonly unknown[],
    readonly type: ListType,
    private readonly meter: Meter,
    private readonly added: readonly Value[] = [],
  ) {
    super();
  }

  get size(): number {
    return this.elements.length + this.added.length;
  }

  at(index: number): Value {
    if (index < this.elements.length) return toValue(this.elements[index], this.type.element, this.meter);
    return this.added[index - this.elements.length] ?? null;
  }

  /** How two elements are known to be the same one, or undefined where only their places tell. */
  keyOf(value: Value): string | undefined {
    const { listType, listMapKeys = [] } = this.type;
    if (listType === 'set') return elementKey(toJson(value), []);
    return listType === 'map' ? elementKey(toJson(value), listMapKeys) : undefined;
  }

  concat(other: List): List {
    if (this.type.listType === undefined) {
      this.meter.work(this.added.length + other.size);
      return new UnstructuredList(this.elements, this.type, this.meter, [...this.added, ...other]);
    }
    return this.merge(other);
  }

  /** Elements of the other list take the places of ours with the same key; the rest follows. */
  private merge(other: List): List {
    this.meter.work(4 * (this.size + other.size));
    const merged = new Map([...this].map((value) => [this.keyOf(value), value]));
    for (const value of other) merged.set(this.keyOf(value), value);
    return new UnstructuredList([], this.type, this.meter, [...merged.values()]);
  }
}

/** The value as it stood in the object. Only values that came from one are asked for it. */
function toJson(value: Value): unknown {
  return value instanceof UnstructuredMap || value instanceof UnstructuredObject ? value.raw : value;
}

/** A map in an object: any key. */
export class UnstructuredMap extends CelMap {
  constructor(
    readonly raw: Json,
    private readonly type: MapType,
    private readonly meter: Meter,
  ) {
    super();
  }

  get size(): number {
    return this.meter.entriesIn(this.raw);
  }

  keys(): Value[] {
    this.meter.work(this.size / 4);
    return Object.keys(this.raw);
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return noSuchOverload(key);
    return Object.hasOwn(this.raw, key) ? toValue(this.raw[key], this.type.value, this.meter) : undefined;
  }
}

/** An object: the fields its type knows. A null field is one that is not there. */
export class UnstructuredObject extends CelMap {
  constructor(
    readonly raw: Json,
    readonly type: ObjectType,
    private readonly meter: Meter,
  ) {
    super();
  }

  get size(): number {
    return this.meter.entriesIn(this.raw);
  }

  keys(): Value[] {
    this.meter.work(this.size);
    return Object.keys(this.raw).flatMap((property) => this.nameOf(property) ?? []);
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') return noSuchOverload(key);
    const property = unescapeName(key);
    if (property === undefined || !Object.hasOwn(this.raw, property)) return undefined;
    const field = this.type.fields.get(this.nameOf(property) ?? '');
    const raw = this.raw[property];
    return !field || raw === null || raw === undefined ? undefined : toValue(raw, field, this.meter);
  }

  /** The properties that the type does not know. */
  hidden(): string[] {
    this.meter.work(this.size);
    return Object.keys(this.raw).filter((property) => this.nameOf(property) === undefined);
  }

  /** What the type calls a property; it may have fields under names that are not escaped, as that of a request has. */
  private nameOf(property: string): string | undefined {
    const { fields } = this.type;
    const escaped = escapeName(property);
    if (escaped !== undefined && fields.has(escaped)) return escaped;
    return fields.has(property) ? property : undefined;
  }
}
