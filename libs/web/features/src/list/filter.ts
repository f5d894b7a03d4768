import type { UnstructuredObject } from '@binnacle/web-data';

interface Term {
  readonly negated: boolean;
  readonly text: string;
}

function parse(query: string): Term[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map((word) => (word.startsWith('-') ? { negated: true, text: word.slice(1) } : { negated: false, text: word }));
}

/** The words an object is found by: its name, namespace, labels as `key=value`, and whatever its kind adds. */
function haystack(object: UnstructuredObject, extra: string): string {
  const { name = '', namespace = '', labels = {} } = object.metadata;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [name, namespace, ...pairs, extra].join('\n').toLowerCase();
}

/**
 * Makes a test from what was typed: every word must be found, a word after a minus must not. `app=web` finds a label.
 * Undefined where nothing was typed.
 */
export function objectFilter(
  query: string,
  extraOf: (object: UnstructuredObject) => string,
): ((object: UnstructuredObject) => boolean) | undefined {
  const terms = parse(query);
  if (terms.length === 0) return undefined;
  return (object) => {
    const text = haystack(object, extraOf(object));
    return terms.every((term) => text.includes(term.text) !== term.negated);
  };
}
