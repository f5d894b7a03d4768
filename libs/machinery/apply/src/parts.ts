import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { newBadRequest } from '@binnacle/machinery-meta';
import { type ApplyType, ATOMIC } from './apply-type.js';
import { keyElement, memberElement, type PathElement, valueElement } from './path-element.js';

/** One owned part of a value: how it is called, what it holds, of what type it is. */
export interface Part {
  readonly element: PathElement;
  readonly value: unknown;
  readonly type: ApplyType;
}

/** Keys that a client may leave out, with what the server would fill in. */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

function elementOfItem(item: unknown, keys: readonly string[]): PathElement {
  if (!isJsonObject(item)) throw newBadRequest('element of an associative list must be an object');
  const present = keys
    .map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const)
    .filter(([, value]) => value !== undefined);
  if (present.length === 0) {
    throw newBadRequest(`associative list with keys has an element that omits key field ${JSON.stringify(keys[0])}`);
  }
  return keyElement(Object.fromEntries(present));
}

const membersOf = (object: JsonObject, typeOf: (name: string) => ApplyType): Part[] =>
  Object.entries(object).map(([name, value]) => ({ element: memberElement(name), value, type: typeOf(name) }));

/** The parts of a value, or undefined where it is owned as a whole. A value of another shape than its type is whole too. */
export function partsOf(value: unknown, type: ApplyType): Part[] | undefined {
  switch (type.kind) {
    case 'atomic':
      return undefined;
    case 'map':
      return isJsonObject(value) ? membersOf(value, () => type.of) : undefined;
    case 'struct':
      return isJsonObject(value) ? membersOf(value, (name) => type.field(name) ?? ATOMIC) : undefined;
    case 'set':
      return Array.isArray(value)
        ? value.map((item: unknown) => ({ element: valueElement(item), value: item, type: ATOMIC }))
        : undefined;
    case 'list':
      return Array.isArray(value)
        ? value.map((item: unknown) => ({ element: elementOfItem(item, type.keys), value: item, type: type.of }))
        : undefined;
  }
}

export const isListType = (type: ApplyType): boolean => type.kind === 'list' || type.kind === 'set';

/** Puts parts together again. */
export function assemble(parts: readonly Part[], type: ApplyType): unknown {
  if (isListType(type)) return parts.map(({ value }) => value);
  return Object.fromEntries(parts.map(({ element, value }) => [element.slice(2), value]));
}
