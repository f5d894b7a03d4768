const MEMBER = Buffer.from('"managedFields":');
const METADATA = Buffer.from('"metadata"');
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The place behind a text that begins at one. */
function behindText(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

const depthBy = (byte: number): number => {
  if (byte === OPEN_MAP || byte === OPEN_LIST) return 1;
  return byte === CLOSE_MAP || byte === CLOSE_LIST ? -1 : 0;
};

/** Whether a member that begins at a place is one of the object's metadata. */
function isInMetadata(body: Buffer, place: number): boolean {
  let depth = 0;
  let isMetadata = false;
  for (let at = 0; at < place; ) {
    const byte = body[at] as number;
    const end = byte === QUOTE ? behindText(body, at) : at + 1;
    if (byte === QUOTE && depth === 1) isMetadata = body.subarray(at, end).equals(METADATA);
    depth += depthBy(byte);
    at = end;
  }
  return depth === 2 && isMetadata;
}

function without(body: Buffer, start: number, end: number): Buffer {
  const isFollowed = body[end] === COMMA;
  const isPreceded = !isFollowed && body[start - 1] === COMMA;
  return Buffer.concat([body.subarray(0, isPreceded ? start - 1 : start), body.subarray(isFollowed ? end + 1 : end)]);
}

/**
 * JSON of an object without the managed fields it repeats; undefined where it does not say, as JSON is written without spaces, those
 * it has already. Whoever puts an object back sends them with it. They are as long as the rest, and to read them, check them and find
 * that nothing has changed takes longer than all else of the write.
 */
export function withoutKnownOwners(body: Buffer, known: Buffer): Buffer | undefined {
  const start = body.indexOf(MEMBER);
  const value = start + MEMBER.length;
  const end = value + known.length;
  if (start < 0 || known.length === 0 || end >= body.length) return undefined;
  if (body.compare(known, 0, known.length, value, end) !== 0) return undefined;
  // Of what is said twice the second counts, and is told of.
  if (body.indexOf(MEMBER, end) >= 0 || !isInMetadata(body, start)) return undefined;
  return without(body, start, end);
}
