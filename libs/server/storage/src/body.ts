import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { Slabs } from './slabs.js';
import type { Revision, StoredObject } from './types.js';

/**
 * The one encoding of a stored object: JSON whose first member is `metadata`, without its resourceVersion, so that
 * the revision is spliced in by concatenation. No reader ever has to parse a body to serve it.
 *
 * Managed fields stand at the very beginning, before the name, so that whoever has no use for them, as most writers, cuts
 * them out unread: they are as long as all the rest.
 */
const PREFIX = Buffer.from('{"metadata":{');
const MANAGED = Buffer.from('{"metadata":{"managedFields":[');
/** Within managed fields the quotation marks of texts are escaped, and no letter follows the end of one. */
const BEHIND_MANAGED = Buffer.from('],"name":"');
const OWNERS_START = MANAGED.length - 1;

type Body = Pick<StoredObject, 'body' | 'revision'>;

/** An object without its managed fields, and those as JSON text. */
export interface OwnedObject {
  readonly object: UnstructuredObject;
  readonly owners: string;
}

/**
 * Encodes an object once, at write time. `owners` is the JSON text of its managed fields, where the object itself does not
 * hold them.
 */
export function encodeBody(object: UnstructuredObject, owners = ''): Buffer {
  const { metadata, ...rest } = object;
  const { resourceVersion: _, managedFields, name, ...meta } = metadata;
  const managed = owners || (managedFields && managedFields.length > 0 ? JSON.stringify(managedFields) : '');
  if (managed && name === undefined) throw new TypeError('an object with managed fields must have a name');
  const text = JSON.stringify({ metadata: { name, ...meta }, ...rest });
  if (!managed) return keep('', text);
  return keep(`{"metadata":{"managedFields":${managed},`, text.slice(PREFIX.length));
}

/** Bytes that bodies are cut from: not many, since what lives for ever may stand beside what is changed every second. */
const SLAB = 16 * 1024;
const slabs = new Slabs(SLAB);

/** The bytes of a text in two parts, which joined by hand would be copied once more. */
function keep(head: string, rest: string): Buffer {
  const start = Buffer.byteLength(head);
  const length = Buffer.byteLength(rest);
  const body = slabs.take(start + length);
  body.write(head, 0, encodingOf(head, start));
  body.write(rest, start, encodingOf(rest, length));
  return body;
}

/** A text of as many bytes as characters is written as it is. */
const encodingOf = (text: string, bytes: number): BufferEncoding => (text.length === bytes ? 'latin1' : 'utf8');

/** Where managed fields end: the place behind their last bracket, or 0 where the body does not begin with any. */
function ownersEnd(body: Buffer): number {
  if (body.length < MANAGED.length || body.compare(MANAGED, 0, MANAGED.length, 0, MANAGED.length) !== 0) return 0;
  return body.indexOf(BEHIND_MANAGED, MANAGED.length) + 1;
}

/** The JSON bytes of a stored object with its resourceVersion. */
export function jsonBytes(stored: Body): Buffer {
  const [opening, rest] = jsonPieces(stored);
  return Buffer.concat([Buffer.from(opening), rest]);
}

/** The same, as pieces to be written without a copy. */
export function jsonPieces(stored: Body): [string, Buffer] {
  return [`{"metadata":{"resourceVersion":"${stored.revision}",`, stored.body.subarray(PREFIX.length)];
}

/** The same without managed fields, for readers of whom nobody asks who owns what. */
export function unownedPieces(stored: Body): [string, Buffer] {
  const end = ownersEnd(stored.body);
  if (end === 0) return jsonPieces(stored);
  return [`{"metadata":{"resourceVersion":"${stored.revision}"`, stored.body.subarray(end)];
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** The place behind a text that begins at one. */
function behindText(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** The place behind the metadata. */
function metadataEnd(body: Buffer): number {
  let depth = 1;
  let at = ownersEnd(body) || PREFIX.length;
  while (depth > 0 && at < body.length) {
    const byte = body[at] as number;
    if (byte === OPEN_MAP || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_MAP || byte === CLOSE_LIST) depth -= 1;
    at = byte === QUOTE ? behindText(body, at) : at + 1;
  }
  return at;
}

/** The JSON of its metadata alone, resourceVersion included, as pieces: most readers of many objects want no more. */
export function metadataPieces(stored: Body): [string, Buffer] {
  return [`{"resourceVersion":"${stored.revision}",`, stored.body.subarray(PREFIX.length, metadataEnd(stored.body))];
}

/** A parsed, private copy of a stored object, resourceVersion included. */
export function parseBody(stored: Body): UnstructuredObject {
  const object = JSON.parse(stored.body.toString()) as UnstructuredObject;
  object.metadata.resourceVersion = String(stored.revision satisfies Revision);
  return object;
}

/** The bytes of its managed fields; none where it has none at the place where they are cut out. */
export function ownersBytes({ body }: Pick<StoredObject, 'body'>): Buffer {
  return body.subarray(OWNERS_START, Math.max(ownersEnd(body), OWNERS_START));
}

/** The text of its managed fields; empty where it has none at the place where they are cut out. */
export function ownersText({ body }: Pick<StoredObject, 'body'>): string {
  const end = ownersEnd(body);
  return end === 0 ? '' : body.toString('utf8', OWNERS_START, end);
}

/** The same as `parseBody`, with managed fields as the text they are kept as. Old bodies may hold them elsewhere. */
export function parseOwned(stored: Body): OwnedObject {
  const end = ownersEnd(stored.body);
  if (end === 0) return { object: parseBody(stored), owners: '' };
  const object = JSON.parse(`{"metadata":{${stored.body.toString('utf8', end + 1)}`) as UnstructuredObject;
  object.metadata.resourceVersion = String(stored.revision);
  return { object, owners: stored.body.toString('utf8', OWNERS_START, end) };
}
