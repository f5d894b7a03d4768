import { newBadRequest, quote } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { compareKeys, compareScalars } from './element-order.js';
import { Recent } from './recent.js';

/**
 * One step of a path in managed fields, in the form FieldsV1 writes it: `f:name` a member, `k:{"name":"web"}` the
 * element of a list with those keys, `v:"x"` the element of a set.
 */
export type PathElement = string;

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Texts that stand in JSON as they are. */
const PLAIN = /^[\w ./:@-]*$/;

/** JSON as Go writes the values of keys: safe within HTML. */
function goJson(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

export const memberElement = (name: string): PathElement => `f:${name}`;
export const valueElement = (value: unknown): PathElement => `v:${goJson(value)}`;

/** Keys stand in order of name, so that the same keys are always the same text. */
export function keyElement(keys: JsonObject): PathElement {
  return orderedKeyElement(keys, Object.keys(keys).sort());
}

/** The same of names that stand in order. */
export function orderedKeyElement(keys: JsonObject, names: readonly string[]): PathElement {
  let text = '';
  for (const name of names) text += `${text === '' ? '' : ','}${goJson(name)}:${goJson(keys[name])}`;
  return `k:{${text}}`;
}

/**
 * Reads a step as a client wrote it; undefined where nobody knows its kind.
 * @throws StatusError BadRequest where it is malformed.
 */
export function parseElement(text: string): PathElement | undefined {
  const rest = text.slice(2);
  try {
    if (text.startsWith('f:')) return text;
    if (text.startsWith('v:')) return valueElement(JSON.parse(rest));
    const keys: unknown = text.startsWith('k:') ? JSON.parse(rest) : undefined;
    if (isJsonObject(keys)) return keyElement(keys);
    if (/^i:-?\d+$/.test(text)) return text;
    if (text[1] === ':' && !/^[ki]/.test(text)) return undefined;
  } catch {
    // Told below: whatever is wrong with the JSON, the step is malformed.
  }
  throw newBadRequest(`metadata.managedFields: malformed path element ${quote(text)}`);
}

const printScalar = (value: unknown): string => (typeof value === 'string' ? quote(value) : JSON.stringify(value));

/** As conflicts show it: `.spec`, `[name="web"]`, `[="x"]`. */
export function printElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${printScalar(JSON.parse(rest))}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([key, value]) => `${key}=${printScalar(value)}`).join(',')}]`;
}

const KINDS = 'fkvi';
const read = new Recent<unknown>(256 * 1024);
const contentOf = (element: PathElement): unknown => read.get(element, () => JSON.parse(element.slice(2)) as unknown);

/** Where two texts first differ. */
function firstDifference(left: string, right: string): number {
  let at = 0;
  while (left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  return at;
}

const [QUOTE, COLON] = ['"', ':'];

/** The order of steps that differ within a plain text, which needs no reading; undefined of all others. */
function compareTexts(left: PathElement, right: PathElement): number | undefined {
  if (left.includes('\\') || right.includes('\\')) return undefined;
  const at = firstDifference(left, right);
  const start = left.lastIndexOf(COLON, at - 1) + 1;
  if (start >= at || left[start] !== QUOTE) return undefined;
  const [a = '', b = ''] = [left[at], right[at]];
  if (a === QUOTE || b === QUOTE) return a === QUOTE ? -1 : 1;
  return a < b ? -1 : 1;
}

/** The order in which steps stand: members, then keys, values and indices, numbers by size. */
export function compareElements(left: PathElement, right: PathElement): number {
  if (left === right) return 0;
  const [a, b] = [left[0] ?? '', right[0] ?? ''];
  if (a !== b) return KINDS.indexOf(a) - KINDS.indexOf(b);
  if (a === 'f') return left < right ? -1 : 1;
  if (a === 'i') return Number(left.slice(2)) - Number(right.slice(2));
  const order = compareTexts(left, right);
  if (order !== undefined) return order;
  if (a === 'k') return compareKeys(contentOf(left) as JsonObject, contentOf(right) as JsonObject);
  return compareScalars(contentOf(left), contentOf(right));
}
