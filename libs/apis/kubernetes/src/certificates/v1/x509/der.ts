/** Tags of what certificates and their requests are made of. */
export const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const LONG = 0x80;

export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The length of an element: where its content starts and ends. */
function spanOf(bytes: Uint8Array, at: number): Pick<Element, 'start' | 'end'> | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < LONG) return { start: at + 1, end: at + 1 + first };
  const digits = bytes.subarray(at + 1, at + 1 + (first - LONG));
  if (digits.length === 0 || digits.length > 4) return undefined;
  const start = at + 1 + digits.length;
  return { start, end: start + digits.reduce((length, digit) => length * 256 + digit, 0) };
}

/** The elements within a span of DER; undefined where they do not fill it. */
export function elementsOf(bytes: Uint8Array, from: number, to: number): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = from; at < to; ) {
    const span = spanOf(bytes, at + 1);
    if (!span || span.end > to) return undefined;
    elements.push({ tag: bytes[at] ?? 0, ...span });
    at = span.end;
  }
  return elements;
}

/** Whether DER is something that somebody signed: what is said, by which algorithm, and the signature. */
export function isSignedDer(bytes: Uint8Array): boolean {
  const [whole, ...rest] = elementsOf(bytes, 0, bytes.length) ?? [];
  if (whole?.tag !== SEQUENCE || rest.length > 0) return false;
  const tags = elementsOf(bytes, whole.start, whole.end)?.map(({ tag }) => tag) ?? [];
  return tags.length === 3 && tags[0] === SEQUENCE && tags[1] === SEQUENCE && tags[2] === BIT_STRING;
}
