import { ProtobufError, WIRE_BYTES, WIRE_FIXED32, WIRE_FIXED64, WIRE_VARINT } from './wire.js';

const TWO_32 = 2 ** 32;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Below this length a loop over character codes beats the decoder. */
const SHORT_TEXT = 64;

/** Reads the fields of one message. Every read is checked against the end of the message. */
export class WireReader {
  private position: number;
  private readonly end: number;
  private low = 0;
  private high = 0;

  constructor(
    private readonly bytes: Uint8Array,
    start = 0,
    end = bytes.length,
  ) {
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** The next field's number and layout. */
  tag(): { field: number; layout: number } {
    this.readVarint();
    const field = this.low >>> 3;
    if (field === 0 || this.high !== 0) throw new ProtobufError(`illegal tag ${field}`);
    return { field, layout: this.low & 7 };
  }

  /** Fails unless the field has the layout its type needs. */
  expect(layout: number, wanted: number, field: number): void {
    if (layout !== wanted) throw new ProtobufError(`wrong wireType = ${layout} for field ${field}`);
  }

  int32(): number {
    this.readVarint();
    return this.low | 0;
  }

  /** Beyond 2^53 the nearest number is answered, as JSON has no more either. */
  int64(): number {
    this.readVarint();
    return (this.high | 0) * TWO_32 + (this.low >>> 0);
  }

  bool(): boolean {
    this.readVarint();
    return this.low !== 0 || this.high !== 0;
  }

  double(): number {
    const start = this.take(8);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, 8).getFloat64(0, true);
  }

  /** A view, not a copy. */
  data(): Uint8Array {
    const length = this.length();
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    const length = this.length();
    const start = this.take(length);
    return length < SHORT_TEXT ? this.shortText(start, start + length) : this.decoded(start, start + length);
  }

  /** A reader of the message that is the next value. */
  message(): WireReader {
    const length = this.length();
    const start = this.take(length);
    return new WireReader(this.bytes, start, start + length);
  }

  skip(layout: number): void {
    switch (layout) {
      case WIRE_VARINT:
        this.readVarint();
        break;
      case WIRE_FIXED64:
        this.take(8);
        break;
      case WIRE_BYTES:
        this.take(this.length());
        break;
      case WIRE_FIXED32:
        this.take(4);
        break;
      default:
        throw new ProtobufError(`illegal wireType ${layout}`);
    }
  }

  private shortText(start: number, end: number): string {
    let text = '';
    for (let index = start; index < end; index += 1) {
      const code = this.bytes[index] ?? 0;
      if (code > 0x7f) return this.decoded(start, end);
      text += String.fromCharCode(code);
    }
    return text;
  }

  private decoded(start: number, end: number): string {
    return decoder.decode(this.bytes.subarray(start, end));
  }

  private take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw new ProtobufError('unexpected EOF');
    this.position = start + length;
    return start;
  }

  private length(): number {
    this.readVarint();
    if (this.high !== 0 || this.low < 0) throw new ProtobufError('negative or too large length found');
    return this.low;
  }

  /** Leaves the 64 bits in `low` and `high`, as numbers allow no 64-bit arithmetic. */
  private readVarint(): void {
    this.low = 0;
    this.high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.bytes[this.take(1)] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) this.low |= bits << shift;
      else if (shift === 28) {
        this.low |= bits << 28;
        this.high |= bits >>> 4;
      } else this.high |= bits << (shift - 32);
      if (byte < 0x80) return;
    }
    throw new ProtobufError('integer overflow');
  }
}
