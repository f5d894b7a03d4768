import dnsPacket from 'dns-packet';
import type { RecordType, ResourceRecord } from './types.js';

interface Encode<T> {
  (data: T, buffer: Buffer, offset: number): Buffer;
  /** How many the last call wrote. */
  bytes: number;
}

interface Decode<T> {
  (buffer: Buffer, offset: number): T;
  /** How many the last call read. */
  bytes: number;
}

/** A record as it is read; of OPT its class and TTL mean other things. */
export interface DecodedRecord {
  readonly name: string;
  readonly type: string;
  readonly flags?: number;
  readonly udpPayloadSize?: number;
  readonly ednsVersion?: number;
}

/** What of dns-packet is used here and its types leave out: the parts of messages. */
interface Parts {
  readonly answer: { readonly decode: Decode<DecodedRecord> };
  record(type: RecordType): { readonly encode: Encode<unknown>; encodingLength(data: unknown): number };
}

const parts = dnsPacket as unknown as Parts;

/** Reads a record; throws where there is none. */
export function decodeRecord(bytes: Buffer, at: number): { readonly record: DecodedRecord; readonly end: number } {
  const record = parts.answer.decode(bytes, at);
  return { record, end: at + parts.answer.decode.bytes };
}

/** What a SOA holds, which is a part of every second answer and always the same. */
const soas = new WeakMap<object, Buffer>();

function soaBytes(data: object): Buffer {
  const known = soas.get(data);
  if (known) return known;
  const codec = parts.record('SOA');
  const bytes = codec.encode(data, Buffer.alloc(codec.encodingLength(data)), 0).subarray(0, codec.encode.bytes);
  soas.set(data, bytes);
  return bytes;
}

/** Bytes of what a record holds, and of its length before it. */
export const dataLength = ({ type, data }: ResourceRecord): number =>
  type === 'SOA' ? soaBytes(data).length : parts.record(type).encodingLength(data);

/** Writes what a record holds, its length before it. Answers where that ends. */
export function encodeData({ type, data }: ResourceRecord, bytes: Buffer, at: number): number {
  if (type === 'SOA') return at + soaBytes(data).copy(bytes, at);
  const { encode } = parts.record(type);
  encode(data, bytes, at);
  return at + encode.bytes;
}
