import { type Element, elementsOf } from './der.js';
import { pemBlocks } from './pem.js';

/** 2.5.4.10, organizationName: of the subject of a client, a group. */
const ORGANIZATION = [0x55, 0x04, 0x0a];
const BMP_STRING = 0x1e;
const UNIVERSAL_STRING = 0x1c;

/** Four bytes a letter. */
function fromUniversal(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % 4));
  const letters = Array.from({ length: view.byteLength / 4 }, (_, index) => view.getUint32(index * 4));
  return letters.map((letter) => (letter > 0x10ffff ? '\ufffd' : String.fromCodePoint(letter))).join('');
}

function textOf(bytes: Uint8Array, { tag, start, end }: Element): string {
  const content = bytes.subarray(start, end);
  if (tag === UNIVERSAL_STRING) return fromUniversal(content);
  if (tag !== BMP_STRING) return new TextDecoder().decode(content);
  return new TextDecoder('utf-16be').decode(content);
}

function isOrganization(bytes: Uint8Array, { start, end }: Element): boolean {
  const type = [...bytes.subarray(start, end)];
  return type.length === ORGANIZATION.length && type.every((byte, index) => byte === ORGANIZATION[index]);
}

/** The organizations of the subject of a request as it stands in `spec.request`; of what is no request, none. */
export function organizationsOf(request: string): string[] {
  const bytes = pemBlocks(request)[0]?.bytes ?? new Uint8Array();
  const within = ({ start, end }: Element) => elementsOf(bytes, start, end) ?? [];
  // What is signed: its version, then its subject, which is sets of a type and a value.
  const [whole] = elementsOf(bytes, 0, bytes.length) ?? [];
  const signed = whole && within(whole)[0];
  const subject = signed && within(signed)[1];
  const attributes = subject ? within(subject).flatMap(within).map(within) : [];
  return attributes.flatMap(([type, value]) =>
    type && value && isOrganization(bytes, type) ? [textOf(bytes, value)] : [],
  );
}
