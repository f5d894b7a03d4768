import { type JsonObject, setMember } from '@binnacle/machinery-patch';
import { ProtobufError, WIRE_BYTES, WireReader } from '@binnacle/machinery-protobuf';
import { zeroScalar } from '../scalars.js';
import { schemaIn } from '../table.js';
import type { FieldSchema, FieldType, SchemaTable } from '../types.js';
import { type MessagePlan, planFor } from './plan.js';
import { MAX_BODY_VALUES, tooManyValues } from '../body-values.js';
import { isJsonMessage, readUnion, schemaBeside, unionOf } from './unions.js';
import { eachField, layoutOf, rawJson, readScalarValue } from './values.js';

/** Messages nested deeper than this are refused. */
const MAX_DEPTH = 100;

const isZero = (value: unknown): boolean => value === '' || value === 0 || value === false;
/** A time that is not there, which has no text. */
const isNoTime = (type: FieldType, value: unknown): boolean =>
  value === '' && type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microTime');

class Decoder {
  private depth = 0;
  private values = 0;

  constructor(private readonly schemas: SchemaTable) {}

  message(name: string, reader: WireReader): JsonObject {
    if (schemaIn(this.schemas, name).freeForm) return (rawJson(reader) ?? {}) as JsonObject;
    return this.into({}, planFor(this.schemas, name), reader);
  }

  private into(target: JsonObject, plan: MessagePlan, reader: WireReader): JsonObject {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ProtobufError('messages are nested too deep');
    eachField(reader, (number, layout) => {
      this.count();
      const entry = plan.get(number);
      if (!entry) return false;
      if (entry.kind === 'field') this.field(target, entry.field, reader, { number, layout });
      else {
        reader.expect(layout, WIRE_BYTES, number);
        this.into(target, entry.plan, reader.message());
      }
      return true;
    });
    this.depth -= 1;
    return target;
  }

  private count(): void {
    this.values += 1;
    if (this.values > MAX_BODY_VALUES) throw tooManyValues();
  }

  private field(
    target: JsonObject,
    field: FieldSchema,
    reader: WireReader,
    at: { number: number; layout: number },
  ): void {
    const { type, name } = field;
    if (type.kind === 'list' && !type.wrapped) {
      const list = (target[name] ??= []) as unknown[];
      this.elements(list, type.of, reader, at);
      return;
    }
    reader.expect(at.layout, type.kind === 'scalar' ? layoutOf(type.scalar) : WIRE_BYTES, at.number);
    if (type.kind === 'map') this.entry((target[name] ??= {}) as JsonObject, type.of, reader.message());
    else this.single(target, field, reader);
  }

  private single(target: JsonObject, { name, type, omitsEmpty }: FieldSchema, reader: WireReader): void {
    const value = this.value(type, reader);
    const isTime = type.kind === 'scalar' && (type.scalar === 'time' || type.scalar === 'microTime');
    if (value === undefined || (isZero(value) && (omitsEmpty || isTime))) delete target[name];
    else target[name] = value;
  }

  /** One element, or many where numbers stand packed in one field. */
  private elements(list: unknown[], of: FieldType, reader: WireReader, at: { number: number; layout: number }): void {
    const wanted = of.kind === 'scalar' ? layoutOf(of.scalar) : WIRE_BYTES;
    if (at.layout === WIRE_BYTES && wanted !== WIRE_BYTES) {
      const packed = reader.message();
      while (!packed.done) {
        this.count();
        list.push(this.value(of, packed));
      }
      return;
    }
    reader.expect(at.layout, wanted, at.number);
    list.push(this.value(of, reader));
  }

  private entry(target: JsonObject, of: FieldType, reader: WireReader): void {
    let key = '';
    let value: unknown;
    eachField(reader, (field, layout) => {
      if (field > 2) return false;
      const wanted = field === 2 && of.kind === 'scalar' ? layoutOf(of.scalar) : WIRE_BYTES;
      reader.expect(layout, wanted, field);
      if (field === 1) key = reader.text();
      else value = this.value(of, reader);
      return true;
    });
    setMember(target, key, value === undefined || isNoTime(of, value) ? this.zero(of) : value);
  }

  private zero(of: FieldType): unknown {
    if (of.kind === 'list') return [];
    if (of.kind !== 'scalar') return {};
    return zeroScalar(of.scalar);
  }

  private value(type: FieldType, reader: WireReader): unknown {
    switch (type.kind) {
      case 'scalar':
        return readScalarValue(type.scalar, reader);
      case 'object':
        return this.object(type.name, reader.message());
      case 'list':
        return this.wrapped(type.of, reader.message());
      case 'map':
        throw new ProtobufError('a map cannot be an element');
    }
  }

  private object(name: string, reader: WireReader): unknown {
    const union = unionOf(name);
    if (union) return readUnion(union, reader, (inner) => this.message(schemaBeside(name), inner));
    if (isJsonMessage(name)) return rawJson(reader) ?? null;
    return this.message(name, reader);
  }

  private wrapped(of: FieldType, reader: WireReader): unknown[] {
    const list: unknown[] = [];
    eachField(reader, (number, layout) => {
      if (number !== 1) return false;
      this.elements(list, of, reader, { number, layout });
      return true;
    });
    return list;
  }
}

/**
 * Reads a message of that definition into the JSON object upstream would write for it. Fields the tables do not know
 * are skipped, as protobuf wants.
 * @throws StatusError RequestEntityTooLarge above the values a body may hold; ProtobufError where the bytes are no such message; QuantityError where a quantity cannot be read.
 */
export function decodeMessage(schemas: SchemaTable, name: string, bytes: Uint8Array): JsonObject {
  return new Decoder(schemas).message(name, new WireReader(bytes));
}
