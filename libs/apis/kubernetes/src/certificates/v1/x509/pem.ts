/** One block of PEM text. `bytes` is the DER within. */
export interface PemBlock {
  readonly type: string;
  readonly headers: readonly string[];
  readonly bytes: Uint8Array;
}

const [BEGIN, END, DASHES] = ['-----BEGIN ', '-----END ', '-----'];
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

/** Where a type of block ends, in the order of the text. */
type Ends = ReadonlyMap<string, number[]>;

function endsIn(text: string): Ends {
  const ends = new Map<string, number[]>();
  for (let at = text.indexOf(END); at >= 0; at = text.indexOf(END, at + END.length)) {
    const type = text.slice(at + END.length, text.indexOf(DASHES, at + END.length));
    const known = ends.get(type);
    if (known) known.push(at);
    else ends.set(type, [at]);
  }
  // The first of them is taken off first.
  for (const positions of ends.values()) positions.reverse();
  return ends;
}

function endAfter(ends: Ends, type: string, start: number): number | undefined {
  const positions = ends.get(type);
  while (positions?.length && (positions.at(-1) ?? 0) < start) positions.pop();
  return positions?.at(-1);
}

/** Goes through a text once, however many blocks it begins and does not end. */
function* blocksOf(text: string): Generator<PemBlock> {
  const ends = endsIn(text);
  for (let at = text.indexOf(BEGIN); at >= 0; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return;
    const line = text.slice(at + BEGIN.length, newline).replace(/\r$/, '');
    const type = line.endsWith(DASHES) ? line.slice(0, -DASHES.length) : undefined;
    const end = type === undefined ? undefined : endAfter(ends, type, newline + 1);
    if (type !== undefined && end !== undefined) yield* blockOf(type, text.slice(newline + 1, end));
    at = text.indexOf(BEGIN, end ?? newline);
  }
}

/** The blocks of a text that stands in a field of bytes, as base64. What is no block is passed over, as Go does. */
export function pemBlocks(field: string): PemBlock[] {
  const bytes = bytesOf(field);
  if (!bytes) return [];
  const text = new TextDecoder('latin1').decode(bytes);
  return [...blocksOf(text)];
}
