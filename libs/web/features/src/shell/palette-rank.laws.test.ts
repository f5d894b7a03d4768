import fc from 'fast-check';
import { expect, test } from 'vitest';
import { find, findGroups, rank } from './palette-rank.js';

const word = fc.stringMatching(/^[a-z]{1,4}$/);
const entry = fc
  .record({
    names: fc.array(
      fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-')),
      { minLength: 1, maxLength: 3 },
    ),
    description: fc.option(word, { nil: undefined }),
  })
  .map(({ names, description }) => ({ names, ...(description && { description }) }));
const entries = fc.array(entry, { maxLength: 12 });
const query = fc.array(word, { minLength: 1, maxLength: 2 }).map((words) => words.join(' '));

test('what is found answers, what is left does not, and the best stands first', () => {
  fc.assert(
    fc.property(query, entries, (asked, all) => {
      const found = find(asked, all);
      const scores = found.map((each) => rank(asked, each));
      expect([...scores].sort((a, b) => b - a)).toEqual(scores);
      expect(new Set(found)).toEqual(new Set(all.filter((each) => rank(asked, each) > 0)));
    }),
  );
});

test('what answers equally well keeps its order', () => {
  fc.assert(
    fc.property(query, entries, (asked, all) => {
      const found = find(asked, all);
      for (const [at, each] of found.entries()) {
        const next = found[at + 1];
        if (next && rank(asked, next) === rank(asked, each)) expect(all.indexOf(each)).toBeLessThan(all.indexOf(next));
      }
    }),
  );
});

test('a name is found by itself before all others, whatever the case', () => {
  fc.assert(
    fc.property(entry, (each) => {
      for (const name of each.names) expect(rank(name.toUpperCase(), each)).toBe(1);
    }),
  );
});

test('more words never find more', () => {
  fc.assert(
    fc.property(query, word, entries, (asked, more, all) => {
      const few = new Set(find(asked, all));
      for (const each of find(`${asked} ${more}`, all)) expect(few.has(each)).toBe(true);
    }),
  );
});

test('groups without an answer are left out, and the one with the best answer stands first', () => {
  const groups = fc
    .array(entries, { maxLength: 4 })
    .map((all) => all.map((each, at) => ({ heading: `${at}`, entries: each })));
  fc.assert(
    fc.property(query, groups, (asked, all) => {
      const best = findGroups(asked, all).map((group) => rank(asked, group.entries[0] as never));
      expect([...best].sort((a, b) => b - a)).toEqual(best);
      expect(best.every((score) => score > 0)).toBe(true);
    }),
  );
});
