import { WIRE_BYTES, WIRE_FIXED64, WIRE_VARINT } from './wire.js';

const encoder = new TextEncoder();
const INITIAL_SIZE = 256;
const MAX_SMALL = 0x7fff_ffff;

/** Writes the fields of one message. */
export class WireWriter {
  private buffer = new Uint8Array(INITIAL_SIZE);
  private length = 0;

  /** What has been written, as a view. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  int(field: number, value: number): void {
    this.tag(field, WIRE_VARINT);
    if (value >= 0 && value <= MAX_SMALL) this.small(value);
    else this.large(BigInt.asUintN(64, BigInt(value)));
  }

  bool(field: number, value: boolean): void {
    this.int(field, value ? 1 : 0);
  }

  double(field: number, value: number): void {
    this.tag(field, WIRE_FIXED64);
    this.reserve(8);
    new DataView(this.buffer.buffer).setFloat64(this.length, value, true);
    this.length += 8;
  }

  data(field: number, value: Uint8Array): void {
    this.tag(field, WIRE_BYTES);
    this.small(value.length);
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  text(field: number, value: string): void {
    this.data(field, encoder.encode(value));
  }

  message(field: number, write: (writer: WireWriter) => void): void {
    const inner = new WireWriter();
    write(inner);
    this.data(field, inner.finish());
  }

  private tag(field: number, layout: number): void {
    this.small(field * 8 + layout);
  }

  /** A varint of at most 31 bits, for which numbers suffice. */
  private small(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest > 0x7f) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  private large(value: bigint): void {
    this.reserve(10);
    let rest = value;
    while (rest > 0x7fn) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.length++] = Number(rest);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more));
    larger.set(this.finish());
    this.buffer = larger;
  }
}
