import type { UnstructuredObject } from '@binnacle/web-data';
import type { SortValue } from '@binnacle/web-ui';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FilterSubject, objectFilter } from './filter.js';
import { type FilterTerm, parseFilter, withoutTerm } from './filter-terms.js';

const subject: FilterSubject = {
  words: ({ metadata }) => [metadata.name ?? '', metadata.namespace ?? ''],
  fields: new Map<string, (object: UnstructuredObject) => readonly SortValue[]>([
    ['name', ({ metadata }) => [metadata.name ?? '']],
    ['namespace', ({ metadata }) => [metadata.namespace ?? '']],
    ['count', (object) => [(object as unknown as { count: number }).count]],
  ]),
};
const fields = new Set(subject.fields.keys());
const parse = (query: string) => parseFilter(query, fields);
/** What is not narrowed passes. */
const passes = (query: string, object: UnstructuredObject) => objectFilter(parse(query), subject)?.(object) ?? true;

const name = fc.stringMatching(/^[a-z]{1,4}(-[a-z0-9]{1,3}){0,3}$/);
const object = fc.record({ name, namespace: name, app: fc.constantFrom('web', 'db'), count: fc.nat(20) }).map(
  ({ name: own, namespace, app, count }) =>
    ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: own, namespace, labels: { app } },
      count,
    }) as UnstructuredObject,
);
const part = fc.oneof(
  name,
  name.map((text) => `${text}*`),
  name.map((text) => `"${text} ${text}"`),
  name.map((text) => `name:${text}`),
  fc.tuple(name, name).map((names) => `namespace:${names.join(',')}`),
  fc.constantFrom('app=web', 'app!=web', 'app in (web, db)', 'app notin (db)', '!app', 'label:app', '!tier'),
  fc.tuple(fc.constantFrom('>', '<', '>=', '<='), fc.nat(20)).map(([sign, bound]) => `count:${sign}${bound}`),
);
const signed = fc.tuple(fc.boolean(), part).map(([negated, text]) => (negated ? `-${text}` : text));
const filter = fc.array(signed, { maxLength: 5 });

test('a filter is read in the parts it was written in', () => {
  fc.assert(
    fc.property(filter, (parts) => void expect(parse(parts.join(' ')).map(({ source }) => source)).toEqual(parts)),
  );
});

test('blanks between its parts mean nothing', () => {
  const blanks = fc.constantFrom('  ', '\t', ' \n ');
  const told = (terms: readonly FilterTerm[]) => terms.map(({ kind, source, negated }) => [kind, source, negated]);
  fc.assert(
    fc.property(filter, blanks, (parts, blank) => {
      expect(told(parse(blank + parts.join(blank) + blank))).toEqual(told(parse(parts.join(' '))));
    }),
  );
});

test('all of its parts must hold, in whatever order they stand', () => {
  fc.assert(
    fc.property(filter, object, (parts, each) => {
      const whole = passes(parts.join(' '), each);
      expect(whole).toBe(parts.every((text) => passes(text, each)));
      expect(passes([...parts].reverse().join(' '), each)).toBe(whole);
    }),
  );
});

test('a part with a dash before it finds just the others', () => {
  fc.assert(fc.property(part, object, (text, each) => void expect(passes(`-${text}`, each)).toBe(!passes(text, each))));
});

test('a part that is taken out leaves the others as they were', () => {
  fc.assert(
    fc.property(fc.array(signed, { minLength: 1, maxLength: 5 }), fc.nat(4), (parts, at) => {
      const index = at % parts.length;
      const rest = withoutTerm(parse(parts.join(' ')), index);
      expect(parse(rest).map(({ source }) => source)).toEqual(parts.filter((_, other) => other !== index));
    }),
  );
});

test('a name finds itself, by a word, by a field and by stars', () => {
  fc.assert(
    fc.property(object, (each) => {
      const own = each.metadata.name ?? '';
      for (const query of [own, `name:${own}`, `name:${own.toUpperCase()}`, `${own}*`, `name:*${own}*`, `name:*`]) {
        expect(passes(query, each), query).toBe(true);
      }
    }),
  );
});

test('stars stand for anything, as in a shell', () => {
  const pattern = fc
    .array(fc.constantFrom('a', 'b', '-', '*'), { minLength: 1, maxLength: 6 })
    .map((letters) => letters.join(''));
  const text = fc
    .array(fc.constantFrom('a', 'b', '-'), { minLength: 1, maxLength: 8 })
    .map((letters) => letters.join(''));
  fc.assert(
    fc.property(pattern, text, (wanted, given) => {
      const each = { apiVersion: 'v1', kind: 'Pod', metadata: { name: given } };
      const shell = new RegExp(`^${wanted.split('*').join('.*')}$`);
      expect(passes(`name:"${wanted}"`, each)).toBe(shell.test(given));
    }),
    { numRuns: 500 },
  );
});

test('numbers are compared as numbers', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(20), (count, bound) => {
      const each = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, count } as UnstructuredObject;
      const found = ['>', '>=', '<', '<='].filter((sign) => passes(`count:${sign}${bound}`, each));
      const expected = [count > bound && '>', count >= bound && '>=', count < bound && '<', count <= bound && '<='];
      expect(found).toEqual(expected.filter(Boolean));
      expect(passes(`count:${bound}`, each)).toBe(count === bound);
    }),
  );
});
