const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const RECORD_HEADER = 5;
const HANDSHAKE_HEADER = 4;
const VERSION_AND_RANDOM = 34;

/** Bytes of a message, read one after the other; reading beyond them throws. */
class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  number(bytes: number): number {
    const value = this.bytes.readUIntBE(this.at, bytes);
    this.at += bytes;
    return value;
  }

  skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.bytes.length) throw new RangeError('too short');
  }
}

/** The bytes of the first handshake message, out of the records it comes in, as far as they have come. */
function handshake(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + RECORD_HEADER <= bytes.length && bytes[at] === HANDSHAKE; ) {
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    parts.push(bytes.subarray(at + RECORD_HEADER, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function hasName(hello: Buffer): boolean {
  const reader = new Reader(hello);
  reader.skip(HANDSHAKE_HEADER + VERSION_AND_RANDOM);
  reader.skip(reader.number(1));
  reader.skip(reader.number(2));
  reader.skip(reader.number(1));
  if (reader.isAtEnd) return false;
  reader.skip(2);
  while (!reader.isAtEnd) {
    if (reader.number(2) === SERVER_NAME) return true;
    reader.skip(reader.number(2));
  }
  return false;
}

/**
 * Whether who begins TLS says whom they ask for (RFC 6066); undefined while that has not come yet. What is no TLS says nobody's
 * name. Throws nothing, whatever the bytes.
 */
export function saysServerName(bytes: Buffer): boolean | undefined {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return false;
  const message = handshake(bytes);
  if (message.length < HANDSHAKE_HEADER) return undefined;
  if (message[0] !== CLIENT_HELLO) return false;
  const length = HANDSHAKE_HEADER + message.readUIntBE(1, 3);
  const isWhole = message.length >= length;
  return saysName(message.subarray(0, length)) || (isWhole ? false : undefined);
}

/** As far as it has come. */
function saysName(hello: Buffer): boolean {
  try {
    return hasName(hello);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
