import { newBadRequest } from '@binnacle/machinery-meta';

const INTEGER = /^[+-]?\d+$/;
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];

// Behaves as kubernetes apimachinery pkg/runtime conversions of url.Values: the first of several values counts.

/** Everything but `0` and `false` is true, an empty value too; undefined where the parameter is not there. */
export function booleanParameter(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : text !== '0' && text.toLowerCase() !== 'false';
}

/** Undefined where the parameter is not there. Throws BadRequest for what is no 64-bit integer, empty text included. */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = INTEGER.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  const why = value === undefined ? 'invalid syntax' : 'value out of range';
  if (value === undefined || value < LEAST || value > MOST) {
    throw newBadRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  }
  return Number(value);
}
