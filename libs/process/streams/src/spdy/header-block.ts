import { constants, createInflate, type Inflate } from 'node:zlib';
import { SPDY_DICTIONARY } from './dictionary.js';
import { SpdyError } from './frames.js';

export type Headers = Readonly<Record<string, string>>;

/** Of a header block once it is inflated: a few bytes may stand for very many. */
const MOST_BYTES = 64 * 1024;
const MOST_HEADERS = 100;
const ZLIB_HEADER = Buffer.from([0x78, 0x01]);
const MOST_STORED = 0xffff;

function plainBlock(headers: Headers): Buffer {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  };
  const entries = Object.entries(headers);
  const count = Buffer.alloc(4);
  count.writeUInt32BE(entries.length);
  return Buffer.concat([count, ...entries.flatMap(([name, value]) => [...text(name.toLowerCase()), ...text(value)])]);
}

function stored(data: Buffer): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0]);
  head.writeUInt16LE(data.length, 1);
  head.writeUInt16LE(data.length ^ MOST_STORED, 3);
  return Buffer.concat([head, data]);
}

/**
 * Writes header blocks of one direction of a connection. They are one zlib stream of stored blocks: a handful of short headers
 * is not worth a compressor's memory for every connection. The empty block at the end is what makes readers give out the rest.
 */
export class HeaderWriter {
  private begun = false;

  write(headers: Headers): Buffer {
    const block = plainBlock(headers);
    if (block.length > MOST_STORED) throw new SpdyError('the headers are too large');
    const bytes = [...(this.begun ? [] : [ZLIB_HEADER]), stored(block), stored(Buffer.alloc(0))];
    this.begun = true;
    return Buffer.concat(bytes);
  }
}

/** Takes the text of a header block apart. Throws a SpdyError for what is none. */
export function parseHeaderBlock(block: Buffer): Headers {
  let at = 0;
  const number = () => {
    if (at + 4 > block.length) throw new SpdyError('the header block is cut off');
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = () => {
    const length = number();
    if (length > block.length - at) throw new SpdyError('the header block is cut off');
    at += length;
    return block.toString('utf8', at - length, at);
  };
  const count = number();
  if (count > MOST_HEADERS) throw new SpdyError(`${count} headers are too many`);
  const headers = new Map<string, string>();
  for (let index = 0; index < count; index += 1) headers.set(text().toLowerCase(), text());
  return Object.fromEntries(headers);
}

/** Reads header blocks of one direction of a connection, one after the other. */
export class HeaderReader {
  private readonly inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY, flush: constants.Z_SYNC_FLUSH });
  private pieces: Buffer[] = [];
  private size = 0;
  private fail: (error: Error) => void = () => undefined;

  constructor() {
    this.inflate.on('error', (error) => this.fail(new SpdyError(error.message)));
    this.inflate.on('data', (piece: Buffer) => {
      this.size += piece.length;
      if (this.size > MOST_BYTES) this.inflate.destroy();
      else this.pieces.push(piece);
    });
  }

  /** Rejects with a SpdyError; nothing may be read after that. */
  async read(block: Buffer): Promise<Headers> {
    await new Promise<void>((resolve, reject) => {
      this.fail = reject;
      this.inflate.write(block, (error) => (error ? reject(new SpdyError(error.message)) : resolve()));
    });
    if (this.size > MOST_BYTES) throw new SpdyError('the headers are too large');
    const whole = Buffer.concat(this.pieces);
    [this.pieces, this.size] = [[], 0];
    return parseHeaderBlock(whole);
  }

  close(): void {
    this.inflate.destroy();
  }
}
