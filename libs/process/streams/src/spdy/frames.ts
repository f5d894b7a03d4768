/** Frames of SPDY/3.1, as far as Kubernetes clients send them. Behaves as moby/spdystream, which has no flow control. */
const VERSION = 3;
const HEADER_BYTES = 8;
const CONTROL_BIT = 0x80;
const STREAM_ID = 0x7fffffff;

export const FrameType = {
  synStream: 1,
  synReply: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const FLAG_FIN = 0x01;

/** Reasons of a RST_STREAM. */
export const ResetStatus = { protocolError: 1, invalidStream: 2, refusedStream: 3, cancel: 5, streamInUse: 8 } as const;

export interface ControlFrame {
  readonly kind: 'control';
  readonly type: number;
  readonly flags: number;
  readonly payload: Buffer;
}

/** A part of a data frame: those may be of 16 MiB and are never gathered. */
export interface DataPiece {
  readonly kind: 'data';
  readonly streamId: number;
  readonly payload: Buffer;
  /** The other side has nothing more to say on the stream. */
  readonly fin: boolean;
}

export class SpdyError extends Error {
  override readonly name = 'SpdyError';
}

/** Bytes of a control frame at most; a header block is a few hundred. */
const MOST_CONTROL_BYTES = 64 * 1024;

interface Open {
  readonly control: boolean;
  /** Type of a control frame, stream of a data frame. */
  readonly id: number;
  readonly flags: number;
  left: number;
  readonly gathered: Buffer[];
}

function openFrame(head: Buffer): Open {
  const control = ((head[0] ?? 0) & CONTROL_BIT) !== 0;
  const [flags = 0, left] = [head[4], head.readUIntBE(5, 3)];
  if (!control) return { control, id: head.readUInt32BE(0) & STREAM_ID, flags, left, gathered: [] };
  if ((head.readUInt16BE(0) & 0x7fff) !== VERSION) throw new SpdyError('not SPDY/3');
  if (left > MOST_CONTROL_BYTES) throw new SpdyError(`a control frame of ${left} bytes is too large`);
  return { control, id: head.readUInt16BE(2), flags, left, gathered: [] };
}

/** Takes what comes over a connection apart into frames. */
export class FrameReader {
  private head = Buffer.alloc(0);
  private open: Open | undefined;

  /** Throws a SpdyError for what is no SPDY; nothing may be read after that. */
  *read(chunk: Buffer): Generator<ControlFrame | DataPiece> {
    let rest = chunk;
    while (rest.length > 0 || this.open?.left === 0) {
      if (!this.open) rest = this.readHead(rest);
      if (!this.open) return;
      const part = rest.subarray(0, this.open.left);
      rest = rest.subarray(part.length);
      const frame = this.take(this.open, part);
      if (frame) yield frame;
    }
  }

  private readHead(chunk: Buffer): Buffer {
    const missing = HEADER_BYTES - this.head.length;
    this.head = Buffer.concat([this.head, chunk.subarray(0, missing)]);
    if (this.head.length < HEADER_BYTES) return Buffer.alloc(0);
    this.open = openFrame(this.head);
    this.head = Buffer.alloc(0);
    return chunk.subarray(missing);
  }

  private take(open: Open, part: Buffer): ControlFrame | DataPiece | undefined {
    open.left -= part.length;
    const whole = open.left === 0;
    if (whole) this.open = undefined;
    const { control, id, flags, gathered } = open;
    if (!control) return { kind: 'data', streamId: id, payload: part, fin: whole && (flags & FLAG_FIN) !== 0 };
    gathered.push(part);
    return whole ? { kind: 'control', type: id, flags, payload: Buffer.concat(gathered) } : undefined;
  }
}

export function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

/** The head of a data frame, whose payload of `length` bytes follows it. */
export function dataFrameHead(streamId: number, length: number, flags: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(streamId, 0);
  head[4] = flags;
  head.writeUIntBE(length, 5, 3);
  return head;
}

export function resetFrame(streamId: number, status: number): Buffer {
  return controlFrame(FrameType.reset, 0, words(streamId, status));
}

export function goAwayFrame(lastStreamId: number): Buffer {
  return controlFrame(FrameType.goAway, 0, words(lastStreamId, 0));
}

export function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4));
  return bytes;
}
