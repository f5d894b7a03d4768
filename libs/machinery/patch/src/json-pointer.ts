import { getMember, isJsonObject, type JsonObject, setMember } from './json.js';

/** Where a JSON pointer (RFC 6901) leads: a member of an object or a position in a list, there or not. */
export type Place =
  | { readonly parent: JsonObject; readonly key: string }
  | { readonly parent: unknown[]; readonly key: number };

const INDEX = /^(0|[1-9]\d*)$/;
const unescapeToken = (token: string): string => token.replace(/~1/g, '/').replace(/~0/g, '~');

function step(parent: unknown, token: string): Place | undefined {
  if (isJsonObject(parent)) return { parent, key: token };
  if (!Array.isArray(parent)) return undefined;
  if (token === '-') return { parent, key: parent.length };
  return INDEX.test(token) ? { parent, key: Number(token) } : undefined;
}

/** Undefined where the pointer is malformed, empty, or its last parent is not there. */
export function placeAt(document: unknown, pointer: string): Place | undefined {
  const [root, ...tokens] = pointer.split('/').map(unescapeToken);
  const last = tokens.pop();
  if (root !== '' || last === undefined) return undefined;
  let parent = document;
  for (const token of tokens) {
    const place = step(parent, token);
    parent = place && valueAt(place);
  }
  return step(parent, last);
}

export function valueAt(place: Place): unknown {
  return Array.isArray(place.parent) ? place.parent[place.key as number] : getMember(place.parent, place.key as string);
}

export function setAt(place: Place, value: unknown): void {
  if (Array.isArray(place.parent)) place.parent[place.key as number] = value;
  else setMember(place.parent, place.key as string, value);
}

/** Makes room in a list; false where the position is beyond its end. */
export function insertAt(place: Place, value: unknown): boolean {
  if (!Array.isArray(place.parent)) setAt(place, value);
  else if ((place.key as number) > place.parent.length) return false;
  else place.parent.splice(place.key as number, 0, value);
  return true;
}

export function removeAt(place: Place): void {
  if (Array.isArray(place.parent)) place.parent.splice(place.key as number, 1);
  else delete place.parent[place.key as string];
}
