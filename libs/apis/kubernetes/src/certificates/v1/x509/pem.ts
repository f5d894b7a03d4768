/** One block of PEM text. `bytes` is the DER within. */
export interface PemBlock {
  readonly type: string;
  readonly headers: readonly string[];
  readonly bytes: Uint8Array;
}

const BLOCK = /-----BEGIN ([^\n]*?)-----\r?\n([\s\S]*?)-----END \1-----/g;
const HEADER = /^[^:\s]+:\s?.*$/;

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function blockOf(type: string, body: string): PemBlock[] {
  const lines = body.split(/\r?\n/);
  const headers = lines.filter((line) => HEADER.test(line));
  const bytes = bytesOf(lines.filter((line) => !HEADER.test(line)).join(''));
  return bytes ? [{ type, headers, bytes }] : [];
}

/** The blocks of a text that stands in a field of bytes, as base64. What is no block is passed over, as Go does. */
export function pemBlocks(field: string): PemBlock[] {
  const bytes = bytesOf(field);
  if (!bytes) return [];
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(BLOCK)].flatMap(([, type = '', body = '']) => blockOf(type, body));
}
