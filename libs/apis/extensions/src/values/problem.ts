import { quote } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '@binnacle/machinery-validation';
import { sortedKeys } from '../objects/canonical.js';

/** How upstream's messages call the place of a value: it speaks of a request's body. */
const IN = 'in body';

/** One thing that is wrong with a value. */
export interface Problem {
  readonly text: string;
  /** `root` is where the whole of what was validated stands. */
  toFieldError(root: FieldPath): FieldError;
}

/** Upstream prints the path of a whole object so. */
const NO_PATH = '<nil>';

const rooted = (root: FieldPath): FieldPath | string => (String(root) === '' ? NO_PATH : root);

function within(root: FieldPath, at: string): FieldPath | string {
  const below = at.replace(/^\./, '');
  return below === '' ? rooted(root) : root.child(below);
}

/** A breach of a bound: `<at> in body <rest>`. */
export function breach(at: string, rest: string, value: unknown = ''): Problem {
  return worded(at, `${at} ${IN} ${rest}`, value);
}

export function worded(at: string, text: string, value: unknown = ''): Problem {
  return { text, toFieldError: (root) => invalid(within(root, at), sortedKeys(value), text) };
}

/** A sentence about the whole of what is validated, wherever it was found. */
export function sentence(text: string): Problem {
  return { text, toFieldError: (root) => invalid(rooted(root), '', text) };
}

export function wrongType(at: string, expected: string, value: string): Problem {
  const text = `${at} ${IN} must be of type ${expected}: ${quote(value)}`;
  return { text, toFieldError: (root) => typeInvalid(within(root, at), value, text) };
}

export function missing(at: string): Problem {
  return { text: `${at} ${IN} is required`, toFieldError: (root) => required(within(root, at)) };
}

/** Go prints a list of values in brackets, without commas. */
const goList = (values: readonly unknown[]): string => `[${values.map((value) => String(value)).join(' ')}]`;

export function notOneOf(at: string, value: unknown, values: readonly unknown[]): Problem {
  const shown = values.map((member) => (typeof member === 'string' ? member : JSON.stringify(sortedKeys(member))));
  const text = `${at} ${IN} should be one of ${goList(values)}`;
  return { text, toFieldError: (root) => notSupported(within(root, at), sortedKeys(value), shown) };
}

export function longerThan(at: string, most: number): Problem {
  const text = `${at} ${IN} should be at most ${most} chars long`;
  return { text, toFieldError: (root) => tooLong(within(root, at), most) };
}

export function moreThan(at: string, what: 'items' | 'properties', count: number, most: number): Problem {
  const text = `${at} ${IN} should have at most ${most} ${what}`;
  return { text, toFieldError: (root) => tooMany(within(root, at), count, most) };
}
