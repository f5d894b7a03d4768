import type { TypeMeta } from '@binnacle/machinery-meta';
import { ProtobufError, WIRE_BYTES, WireReader, WireWriter } from '@binnacle/machinery-protobuf';
import { eachField } from './values.js';

/** The media type of Kubernetes' own protobuf envelope. */
export const PROTOBUF_MEDIA_TYPE = 'application/vnd.kubernetes.protobuf';

/** `k8s` and a zero byte stand before every message. */
const MAGIC = Uint8Array.of(0x6b, 0x38, 0x73, 0x00);

export interface Envelope extends TypeMeta {
  /** The object's own message, which does not carry its type. */
  readonly raw: Uint8Array;
}

function typeMeta(reader: WireReader): TypeMeta {
  const meta = { apiVersion: '', kind: '' };
  eachField(reader, (field, layout) => {
    if (field > 2) return false;
    reader.expect(layout, WIRE_BYTES, field);
    meta[field === 1 ? 'apiVersion' : 'kind'] = reader.text();
    return true;
  });
  return meta;
}

/**
 * Opens the envelope of a request body.
 * @throws ProtobufError where it is none.
 */
export function openEnvelope(body: Uint8Array): Envelope {
  if (body.length === 0) throw new ProtobufError('empty data');
  if (MAGIC.some((byte, index) => body[index] !== byte)) {
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  const reader = new WireReader(body, MAGIC.length);
  let meta: TypeMeta = { apiVersion: '', kind: '' };
  let raw = new Uint8Array();
  eachField(reader, (field, layout) => {
    if (field > 2) return false;
    reader.expect(layout, WIRE_BYTES, field);
    if (field === 1) meta = typeMeta(reader.message());
    else raw = Uint8Array.from(reader.data());
    return true;
  });
  return { ...meta, raw };
}

export function closeEnvelope({ apiVersion, kind, raw }: Envelope): Uint8Array {
  const writer = new WireWriter();
  writer.message(1, (meta) => {
    meta.text(1, apiVersion);
    meta.text(2, kind);
  });
  writer.data(2, raw);
  writer.text(3, '');
  writer.text(4, '');
  const message = writer.finish();
  const body = new Uint8Array(MAGIC.length + message.length);
  body.set(MAGIC);
  body.set(message, MAGIC.length);
  return body;
}
