import { formatTime } from '@binnacle/machinery-meta';
import { ProtobufError, WIRE_BYTES, WIRE_FIXED64, WIRE_VARINT, type WireReader } from '@binnacle/machinery-protobuf';
import { canonicalQuantity } from '@binnacle/machinery-quantity';
import type { ScalarType } from '../types.js';

const decoder = new TextDecoder();
const CHUNK = 0x2000;

/** Standard base64, as JSON carries bytes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return btoa(binary);
}

/** Calls `read` for each field of a message; what it answers false to is skipped. */
export function eachField(reader: WireReader, read: (field: number, layout: number) => boolean): void {
  while (!reader.done) {
    const { field, layout } = reader.tag();
    if (!read(field, layout)) reader.skip(layout);
  }
}

interface Stamp {
  seconds: number;
  nanos: number;
}

function stamp(reader: WireReader): Stamp {
  const result = { seconds: 0, nanos: 0 };
  eachField(reader, (field, layout) => {
    if (field > 2) return false;
    reader.expect(layout, WIRE_VARINT, field);
    if (field === 1) result.seconds = reader.int64();
    else result.nanos = reader.int32();
    return true;
  });
  return result;
}

const MAX_SECONDS = 253_402_300_799;

/** The empty message is Go's zero time. */
function time(reader: WireReader, digits: boolean): string {
  if (reader.done) return '';
  const { seconds, nanos } = stamp(reader);
  if (Math.abs(seconds) > MAX_SECONDS) throw new ProtobufError('year outside of range [0,9999]');
  const text = formatTime(seconds * 1000);
  return digits ? `${text.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : text;
}

function quantity(reader: WireReader): string {
  let text = '';
  eachField(reader, (field, layout) => {
    if (field !== 1) return false;
    reader.expect(layout, WIRE_BYTES, field);
    text = reader.text();
    return true;
  });
  return text === '' ? '0' : canonicalQuantity(text);
}

function intOrString(reader: WireReader): string | number {
  let [isText, number, text] = [false, 0, ''];
  eachField(reader, (field, layout) => {
    if (field > 3) return false;
    reader.expect(layout, field === 3 ? WIRE_BYTES : WIRE_VARINT, field);
    if (field === 1) isText = reader.int64() === 1;
    else if (field === 2) number = reader.int32();
    else text = reader.text();
    return true;
  });
  return isText ? text : number;
}

/** RawExtension, FieldsV1 and JSON carry JSON text in their first field. */
export function rawJson(reader: WireReader): unknown {
  let raw: Uint8Array | undefined;
  eachField(reader, (field, layout) => {
    if (field !== 1) return false;
    reader.expect(layout, WIRE_BYTES, field);
    raw = reader.data();
    return true;
  });
  if (!raw || raw.length === 0) return undefined;
  try {
    return JSON.parse(decoder.decode(raw)) as unknown;
  } catch {
    throw new ProtobufError('a raw value is not JSON');
  }
}

const LAYOUTS: Readonly<Partial<Record<ScalarType, number>>> = {
  int32: WIRE_VARINT,
  int64: WIRE_VARINT,
  bool: WIRE_VARINT,
  double: WIRE_FIXED64,
};

/** The layout a single value of the type has. */
export function layoutOf(scalar: ScalarType): number {
  return LAYOUTS[scalar] ?? WIRE_BYTES;
}

const READERS: Readonly<Record<ScalarType, (reader: WireReader) => unknown>> = {
  string: (reader) => reader.text(),
  int32: (reader) => reader.int32(),
  int64: (reader) => reader.int64(),
  bool: (reader) => reader.bool(),
  double: (reader) => reader.double(),
  bytes: (reader) => toBase64(reader.data()),
  time: (reader) => time(reader.message(), false),
  microTime: (reader) => time(reader.message(), true),
  quantity: (reader) => quantity(reader.message()),
  intOrString: (reader) => intOrString(reader.message()),
  any: (reader) => rawJson(reader.message()),
};

export function readScalarValue(scalar: ScalarType, reader: WireReader): unknown {
  return READERS[scalar](reader);
}
