import { type ByteReader, ByteWriter, DetailFormatError } from './bytes.js';

/** Nodes that one cluster may have, by far. */
export const MOST_NODES = 20_000;
const LONGEST_NAME = 253;

function sharedStart(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let length = 0;
  while (length < most && left.charCodeAt(length) === right.charCodeAt(length)) length += 1;
  return length;
}

/** Names, each as what differs from the one before: to be kept while the nodes stay the same. */
export function encodeNames(names: readonly string[]): Uint8Array {
  const writer = new ByteWriter();
  writer.count(names.length);
  let before = '';
  for (const name of names) {
    const shared = sharedStart(before, name);
    writer.count(shared);
    writer.text(name.slice(shared));
    before = name;
  }
  return writer.written();
}

export function decodeNames(reader: ByteReader): string[] {
  const count = reader.many(Math.min(MOST_NODES, reader.left));
  const names: string[] = [];
  let before = '';
  for (let index = 0; index < count; index += 1) {
    const shared = reader.many(LONGEST_NAME);
    if (shared > before.length) throw new DetailFormatError('a name begins as none does');
    before = before.slice(0, shared) + reader.text(LONGEST_NAME - shared);
    names.push(before);
  }
  return names;
}
