const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = new Map([...ALPHABET].map((letter, code) => [letter, code]));
CODES.set('-', 62).set('_', 63);

const SHAPE = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads base64 in either alphabet; undefined where it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/[\r\n]/g, '');
  if (plain.length % 4 !== 0 || !SHAPE.test(plain)) return undefined;
  const letters = plain.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let [held, bits, at] = [0, 0, 0];
  for (const letter of letters) {
    held = ((held << 6) | (CODES.get(letter) ?? 0)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 255;
    at += 1;
  }
  return bytes;
}

/** UTF-8. Halves of surrogate pairs become the replacement character. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) bytes.push(...encodeCodePoint(character.codePointAt(0) ?? 0));
  return Uint8Array.from(bytes);
}

const tail = (code: number, shift: number): number => 0x80 | ((code >> shift) & 0x3f);

function encodeCodePoint(point: number): number[] {
  const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), tail(code, 0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(code, 6), tail(code, 0)];
  return [0xf0 | (code >> 18), tail(code, 12), tail(code, 6), tail(code, 0)];
}

/** How long each code is by its first byte, and the least value that needs that length. */
const LENGTHS: readonly (readonly [mask: number, lead: number, length: number, least: number])[] = [
  [0x80, 0, 1, 0],
  [0xe0, 0xc0, 2, 0x80],
  [0xf0, 0xe0, 3, 0x800],
  [0xf8, 0xf0, 4, 0x10000],
];

/** Undefined where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const form = LENGTHS.find(([mask, lead]) => (first & mask) === lead);
    if (!form || at + form[2] > bytes.length) return undefined;
    const rest = bytes.subarray(at + 1, at + form[2]);
    if (rest.some((byte) => (byte & 0xc0) !== 0x80)) return undefined;
    const code = rest.reduce((held, byte) => (held << 6) | (byte & 0x3f), first & ~form[0] & 255);
    if (code < form[3] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    parts.push(String.fromCodePoint(code));
    at += form[2];
  }
  return parts.join('');
}
