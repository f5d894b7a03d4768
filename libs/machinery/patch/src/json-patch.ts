import { newBadRequest, newRequestEntityTooLarge, StatusError } from '@binnacle/machinery-meta';
import { cloneJson, equalJson, isJsonObject, type JsonObject, jsonTypeName } from './json.js';
import { type Place, placeAt, removeAt, setAt, insertAt, valueAt } from './json-pointer.js';

/** As many as kube-apiserver takes. */
export const MAX_JSON_PATCH_OPERATIONS = 10_000;
/** Bytes that all `copy` operations of a patch may make together. */
const MAX_COPIED_BYTES = 3 * 1024 * 1024;

/** Carries why an operation could not be done until the patch is given up as a whole. */
class CannotApply extends Error {}

const NAMES = ['add', 'remove', 'replace', 'move', 'copy', 'test'] as const;
type Name = (typeof NAMES)[number];

interface Operation {
  readonly op: Name;
  readonly path: string;
  /** Whether it says a path at all; an empty one is the whole document. */
  readonly named: boolean;
  readonly from: string;
  readonly value: unknown;
}

function decodeOperation(raw: unknown): Operation {
  if (!isJsonObject(raw)) {
    throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(raw)} into Go value of type jsonpatch.Operation`);
  }
  const text = (name: string): string => (typeof raw[name] === 'string' ? (raw[name] as string) : '');
  const named = typeof raw.path === 'string';
  return { op: text('op') as Name, path: text('path'), named, from: text('from'), value: raw.value ?? null };
}

function wholeDocument(value: unknown): unknown {
  if (isJsonObject(value) || Array.isArray(value)) return value;
  throw new CannotApply('replace operation value must be object or array');
}

class Patching {
  private copied = 0;

  constructor(private document: unknown) {}

  get result(): unknown {
    return this.document;
  }

  apply({ op, path, named, from, value }: Operation): void {
    if (!named) throw new CannotApply(`${op} operation failed to decode path: missing value`);
    switch (op) {
      case 'add':
        return this.add(path, cloneJson(value), op);
      case 'remove':
        return this.remove(path, op);
      case 'replace':
        return this.replace(path, cloneJson(value));
      case 'move':
        return this.move(from, path);
      case 'copy':
        return this.copy(from, path);
      case 'test':
        return this.test(path, value);
      default:
        throw new CannotApply(`Unexpected kind: ${op || 'unknown'}`);
    }
  }

  private place(path: string, op: Name): Place {
    const place = placeAt(this.document, path);
    if (!place) throw new CannotApply(`${op} operation does not apply: doc is missing path: "${path}": missing value`);
    return place;
  }

  private existing(path: string, op: Name): Place {
    const place = this.place(path, op);
    if (valueAt(place) !== undefined) return place;
    throw new CannotApply(`${op} operation does not apply: doc is missing key: ${path}: missing value`);
  }

  /** A member need not be there to be replaced, as upstream takes it; an element must. */
  private replaceable(path: string): Place {
    const place = this.place(path, 'replace');
    return Array.isArray(place.parent) ? this.existing(path, 'replace') : place;
  }

  private add(path: string, value: unknown, op: Name): void {
    if (path === '') {
      this.document = value;
    } else if (!insertAt(this.place(path, op), value)) {
      throw new CannotApply(
        `error in ${op} for path: '${path}': Unable to access invalid index: invalid index referenced`,
      );
    }
  }

  private remove(path: string, op: Name): void {
    removeAt(this.existing(path, op));
  }

  private replace(path: string, value: unknown): void {
    if (path === '') this.document = wholeDocument(value);
    else setAt(this.replaceable(path), value);
  }

  private read(path: string, op: Name): unknown {
    return path === '' ? this.document : valueAt(this.existing(path, op));
  }

  private move(from: string, path: string): void {
    if (path.startsWith(`${from}/`))
      throw new CannotApply(`move operation does not apply: ${from} is a prefix of ${path}`);
    const value = this.read(from, 'move');
    this.remove(from, 'move');
    this.add(path, value, 'move');
  }

  private copy(from: string, path: string): void {
    const value = cloneJson(this.read(from, 'copy'));
    this.copied += JSON.stringify(value).length;
    if (this.copied > MAX_COPIED_BYTES) {
      throw new CannotApply(
        `Unable to complete the copy, the accumulated size increase of copy is ${this.copied}, exceeding the limit ${MAX_COPIED_BYTES}`,
      );
    }
    this.add(path, value, 'copy');
  }

  private test(path: string, expected: unknown): void {
    const place = path === '' ? undefined : placeAt(this.document, path);
    const actual = path === '' ? this.document : place && valueAt(place);
    if (equalJson(actual ?? null, expected)) return;
    throw new CannotApply(`testing value ${path} failed: test failed`);
  }
}

function decode(operations: unknown): Operation[] {
  if (operations === null) return [];
  if (!Array.isArray(operations)) {
    throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(operations)} into Go value of type jsonpatch.Patch`);
  }
  if (operations.length > MAX_JSON_PATCH_OPERATIONS) {
    const limit = `The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}`;
    throw newRequestEntityTooLarge(`${limit}, got ${operations.length}`);
  }
  return operations.map(decodeOperation);
}

/** What upstream answers when a patch does not fit the document; why, upstream keeps to itself. */
function doesNotApply(cause: CannotApply): StatusError {
  const text = 'the server rejected our request due to an error in our request';
  return new StatusError(422, 'Invalid', text, {}, { cause });
}

/**
 * Applies a JSON patch (RFC 6902); `null` is one that does nothing. The document is not changed.
 * @throws StatusError BadRequest for what is no patch, RequestEntityTooLarge for too many operations, Invalid where the
 * patch does not fit the document.
 */
export function applyJsonPatch(document: JsonObject, operations: unknown): unknown {
  const decoded = decode(operations);
  const patching = new Patching(cloneJson(document));
  try {
    for (const operation of decoded) patching.apply(operation);
  } catch (error) {
    throw error instanceof CannotApply ? doesNotApply(error) : error;
  }
  return patching.result;
}
