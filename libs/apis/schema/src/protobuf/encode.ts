import { parseTime } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { WireWriter } from '@binnacle/machinery-protobuf';
import { schemaIn } from '../table.js';
import type { FieldType, ScalarType, SchemaTable } from '../types.js';
import { type MessagePlan, planFor } from './plan.js';
import { isEmptyMessage, schemaBeside, type Union, unionOf, writeUnion } from './unions.js';

const encoder = new TextEncoder();

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function writeTime(writer: WireWriter, field: number, text: string): void {
  writer.message(field, (stamp) => {
    const milliseconds = parseTime(text);
    if (milliseconds === undefined) return;
    const micros = Number((/\.(\d{1,6})/.exec(text)?.[1] ?? '0').padEnd(6, '0'));
    stamp.int(1, Math.floor(milliseconds / 1000));
    stamp.int(2, micros * 1000);
  });
}

function writeIntOrString(writer: WireWriter, field: number, value: unknown): void {
  writer.message(field, (inner) => {
    inner.int(1, typeof value === 'string' ? 1 : 0);
    inner.int(2, typeof value === 'number' ? value : 0);
    inner.text(3, typeof value === 'string' ? value : '');
  });
}

function writeRaw(writer: WireWriter, field: number, value: unknown): void {
  writer.message(field, (inner) => inner.data(1, encoder.encode(JSON.stringify(value))));
}

type ScalarWriter = (writer: WireWriter, field: number, value: unknown) => void;

const writeInteger: ScalarWriter = (writer, field, value) => writer.int(field, value as number);
const writeStamp: ScalarWriter = (writer, field, value) => writeTime(writer, field, (value ?? '') as string);

const SCALARS: Readonly<Record<ScalarType, ScalarWriter>> = {
  string: (writer, field, value) => writer.text(field, String(value)),
  int32: writeInteger,
  int64: writeInteger,
  bool: (writer, field, value) => writer.bool(field, value === true),
  double: (writer, field, value) => writer.double(field, value as number),
  bytes: (writer, field, value) => writer.data(field, fromBase64(value as string)),
  time: writeStamp,
  microTime: writeStamp,
  quantity: (writer, field, value) => writer.message(field, (inner) => inner.text(1, String(value))),
  intOrString: writeIntOrString,
  any: writeRaw,
};

/** True where any member the plan knows is there; an absent nested message must stay absent. */
function hasAny(plan: MessagePlan, object: JsonObject): boolean {
  return [...plan.values()].some((entry) =>
    entry.kind === 'field' ? object[entry.field.name] !== undefined : hasAny(entry.plan, object),
  );
}

/** Writes values of one table's definitions. */
class Encoder {
  constructor(private readonly schemas: SchemaTable) {}

  message(name: string, object: JsonObject): Uint8Array {
    const writer = new WireWriter();
    if (schemaIn(this.schemas, name).freeForm) writer.data(1, encoder.encode(JSON.stringify(object)));
    else if (isJsonObject(object)) this.writeFields(writer, planFor(this.schemas, name), object);
    return writer.finish();
  }

  private writeValue(writer: WireWriter, field: number, type: FieldType, value: unknown): void {
    switch (type.kind) {
      case 'scalar':
        return SCALARS[type.scalar](writer, field, value);
      case 'object':
        return this.writeObject(writer, field, type.name, value);
      case 'list':
        return this.writeList(writer, field, type, value as unknown[]);
      case 'map':
        return this.writeMap(writer, field, type.of, value as JsonObject);
    }
  }

  private writeObject(writer: WireWriter, field: number, name: string, value: unknown): void {
    const union = unionOf(name);
    if (union) return writer.message(field, (inner) => this.writeOneOf(inner, union, name, value));
    if (isEmptyMessage(name)) return writer.message(field, () => undefined);
    if (schemaIn(this.schemas, name).freeForm) return writeRaw(writer, field, value);
    writer.message(field, (inner) => this.writeFields(inner, planFor(this.schemas, name), value as JsonObject));
  }

  private writeOneOf(writer: WireWriter, union: Union, name: string, value: unknown): void {
    writeUnion(union, writer, value, (inner, field, schema) =>
      this.writeObject(inner, field, schemaBeside(name), schema),
    );
  }

  private writeList(writer: WireWriter, field: number, type: FieldType & { kind: 'list' }, list: unknown[]): void {
    if (!type.wrapped) {
      for (const element of list) this.writeValue(writer, field, type.of, element);
      return;
    }
    writer.message(field, (inner) => {
      for (const element of list) this.writeValue(inner, 1, type.of, element);
    });
  }

  private writeMap(writer: WireWriter, field: number, of: FieldType, map: JsonObject): void {
    for (const key of Object.keys(map).sort()) {
      writer.message(field, (entry) => {
        entry.text(1, key);
        this.writeValue(entry, 2, of, map[key]);
      });
    }
  }

  private writeFields(writer: WireWriter, plan: MessagePlan, object: JsonObject): void {
    for (const entry of plan.values()) {
      if (entry.kind === 'nested') {
        if (hasAny(entry.plan, object))
          writer.message(entry.number, (inner) => this.writeFields(inner, entry.plan, object));
        continue;
      }
      const value = object[entry.field.name];
      if (value !== undefined && value !== null) this.writeValue(writer, entry.number, entry.field.type, value);
    }
  }
}

/** Writes a conformed object as a message of its definition. */
export function encodeMessage(schemas: SchemaTable, name: string, object: JsonObject): Uint8Array {
  return new Encoder(schemas).message(name, object);
}
