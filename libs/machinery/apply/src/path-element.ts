import { newBadRequest, quote } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';

/**
 * One step of a path in managed fields, in the form FieldsV1 writes it: `f:name` a member, `k:{"name":"web"}` the
 * element of a list with those keys, `v:"x"` the element of a set.
 */
export type PathElement = string;

export const memberElement = (name: string): PathElement => `f:${name}`;
export const valueElement = (value: unknown): PathElement => `v:${JSON.stringify(value)}`;

/** Keys stand in order of name, so that the same keys are always the same text. */
export function keyElement(keys: JsonObject): PathElement {
  const sorted = Object.fromEntries(Object.entries(keys).sort(([left], [right]) => (left < right ? -1 : 1)));
  return `k:${JSON.stringify(sorted)}`;
}

/**
 * Reads a step as a client wrote it.
 * @throws StatusError BadRequest where it is malformed.
 */
export function parseElement(text: string): PathElement {
  const rest = text.slice(2);
  try {
    if (text.startsWith('f:')) return text;
    if (text.startsWith('v:')) return valueElement(JSON.parse(rest));
    const keys: unknown = text.startsWith('k:') ? JSON.parse(rest) : undefined;
    if (isJsonObject(keys)) return keyElement(keys);
    if (/^i:\d+$/.test(text)) return text;
  } catch {
    // Told below: whatever is wrong with the JSON, the step is malformed.
  }
  throw newBadRequest(`metadata.managedFields: malformed path element ${quote(text)}`);
}

/** As conflicts show it: `.spec`, `[name="web"]`, `[="x"]`. */
export function printElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
