import { MAX_BODY_VALUES, tooManyValues } from './body-values.js';

/** In YAML what is text cannot be told from what is not without reading it: text counts as well. */
const MARKS_A_VALUE = 3;

const [QUOTE, BACKSLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a];
const [OPEN_LIST, OPEN_MAP, SPACE] = [0x5b, 0x7b, 0x20];

const isMark = (byte: number): boolean => byte === COMMA || byte === OPEN_LIST || byte === OPEN_MAP;
/** Where a text may begin in JSON: behind one of these. */
const mayPrecedeText = (byte: number): boolean => isMark(byte) || byte === COLON;

/** The place behind a text that begins at one. */
function behindText(body: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** How many values JSON text holds, at the most; undefined for what is no JSON, whose quotes may mean nothing. */
function countJson(body: Uint8Array, start: number, most: number): number | undefined {
  let count = 0;
  let before = 0;
  for (let at = start; at < body.length; at += 1) {
    const byte = body[at] as number;
    if (byte <= SPACE) continue;
    if (byte === QUOTE) {
      if (!mayPrecedeText(before)) return undefined;
      at = behindText(body, at) - 1;
    } else if (isMark(byte)) {
      count += 1;
      if (count > most) return count;
    }
    before = byte;
  }
  return count;
}

function countMarks(body: Uint8Array, most: number): number {
  let count = 0;
  for (let at = 0; at < body.length && count <= most; at += 1) {
    const byte = body[at] as number;
    if (byte === NEWLINE || isMark(byte)) count += 1;
  }
  return count;
}

function firstInk(body: Uint8Array): number {
  let at = 0;
  while (at < body.length && (body[at] as number) <= SPACE) at += 1;
  return at;
}

/**
 * Refuses a body of more values than the server may spend its one thread on, before it is read: a look at its bytes, in
 * linear time. Throws RequestEntityTooLarge.
 */
export function refuseManyValues(body: Uint8Array, most = MAX_BODY_VALUES): void {
  if (body.length <= most) return;
  const start = firstInk(body);
  const isFlow = body[start] === OPEN_MAP || body[start] === OPEN_LIST;
  const values = isFlow ? countJson(body, start, most) : undefined;
  const marks = most * MARKS_A_VALUE;
  if (values === undefined ? countMarks(body, marks) > marks : values > most) throw tooManyValues(most);
}
