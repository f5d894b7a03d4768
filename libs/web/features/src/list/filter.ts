import type { UnstructuredObject } from '@binnacle/web-data';
import type { SortValue } from '@binnacle/web-ui';
import type { FilterTerm } from './filter-terms.js';

/** What the parts of a filter are compared with. */
export interface FilterSubject {
  /** What a word is looked for in: the name and the namespace, of an Event what it tells. */
  words(object: UnstructuredObject): readonly string[];
  /** The fields that may stand before a colon, by name. What one tells may be said in several ways. */
  readonly fields: ReadonlyMap<string, (object: UnstructuredObject) => readonly SortValue[]>;
}

type Test = (object: UnstructuredObject) => boolean;

const escape = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A number at the end counts whole where no letters and digits are mixed before it, as they are in a hash. */
const ENDS_IN_NUMBER = /(?:^|[^a-z0-9])[a-z]*\d+$/;

/**
 * `worker-1` is within `worker-1` and `worker-1.example`, but not within `worker-10`; `worker-1*` is. What stands between
 * stars is looked for part by part, so that no text takes long.
 */
function within(text: string): (candidate: string) => boolean {
  const lower = text.toLowerCase();
  const parts = lower.split('*').map((part, index, { length }) => {
    const before = index === 0 && /^\d/.test(part) ? String.raw`(?<!\d)` : '';
    const after = index === length - 1 && ENDS_IN_NUMBER.test(part) ? String.raw`(?!\d)` : '';
    return new RegExp(before + escape(part) + after, 'g');
  });
  return (candidate) => {
    const whole = candidate.toLowerCase();
    let at = 0;
    return parts.every((part) => {
      part.lastIndex = at;
      const found = part.test(whole);
      at = part.lastIndex;
      return found;
    });
  };
}

/** Equal as a whole, with `*` for anything. */
function isLike(pattern: string): (candidate: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  if (last === undefined) return (candidate) => candidate.toLowerCase() === first;
  return (candidate) => {
    const whole = candidate.toLowerCase();
    if (!whole.startsWith(first) || !whole.endsWith(last)) return false;
    const places = rest.reduce((at, part) => {
      const found = at < 0 ? -1 : whole.indexOf(part, at);
      return found < 0 ? -1 : found + part.length;
    }, first.length);
    return places >= 0 && places + last.length <= whole.length;
  };
}

const COMPARED = /^([<>])=?(-?\d+(?:\.\d+)?)$/;

/** One value of a field: whole and without regard to case, with `*` for anything; `>3` for numbers. */
function equals(wanted: string): (value: SortValue) => boolean {
  const [text = '', sign, bound] = COMPARED.exec(wanted) ?? [];
  if (sign) {
    const orEqual = text.charAt(1) === '=';
    const beyond = (value: number) => (sign === '>' ? value > Number(bound) : value < Number(bound));
    return (value) => typeof value === 'number' && (beyond(value) || (orEqual && value === Number(bound)));
  }
  const like = isLike(wanted);
  return (value) => like(String(value));
}

function testOf(term: FilterTerm, subject: FilterSubject): Test | undefined {
  switch (term.kind) {
    case 'error':
      return undefined;
    case 'word': {
      const found = within(term.text);
      return (object) => subject.words(object).some(found);
    }
    case 'label':
      return ({ metadata }) => Object.hasOwn(metadata.labels ?? {}, term.key);
    case 'labels':
      return ({ metadata }) => term.matcher.matches(metadata.labels);
    case 'field': {
      const values = subject.fields.get(term.field);
      const tests = term.values.map(equals);
      return values && ((object) => values(object).some((value) => tests.some((test) => test(value))));
    }
  }
}

/** Makes a test of a filter: all its parts must hold. Undefined where nothing narrows. */
export function objectFilter(terms: readonly FilterTerm[], subject: FilterSubject): Test | undefined {
  const tests = terms.flatMap((term) => {
    const test = testOf(term, subject);
    return test ? [term.negated ? (object: UnstructuredObject) => !test(object) : test] : [];
  });
  return tests.length > 0 ? (object) => tests.every((test) => test(object)) : undefined;
}
