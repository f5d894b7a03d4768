import { expect, it } from 'vitest';
import type { Case } from './case.js';
import { explanationOf } from './explained.js';
import { reportOf } from './report.js';
import { Tally } from './tally.js';

const caseOf = (name: string, section = 'read'): Case => ({
  section,
  resource: 'pods',
  name,
  request: { method: 'GET', path: '/', headers: {} },
});
const answer = (status: number, value: object) => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
});

function tallied(): Tally {
  const tally = new Tally();
  tally.add({ case: caseOf('alike'), ours: answer(200, { a: 1 }), theirs: answer(200, { a: 1 }) }, 0);
  tally.add({ case: caseOf('other code'), ours: answer(200, {}), theirs: answer(422, {}) }, 0);
  tally.add({ case: caseOf('other body'), ours: answer(200, { a: 1 }), theirs: answer(200, { a: 2 }) }, 0);
  tally.add({ case: caseOf('the same again'), ours: answer(200, { a: 3 }), theirs: answer(200, { a: 4 }) }, 0);
  const version = caseOf('GET /version', 'paths');
  tally.add({ case: version, ours: answer(200, { gitVersion: 'a' }), theirs: answer(200, { gitVersion: 'b' }) }, 0);
  return tally;
}

it('counts answers that are alike or explained, and other codes', () => {
  const { requests, alike, codes } = tallied();
  expect({ requests, alike, codes }).toEqual({ requests: 5, alike: 2, codes: { all: 1, unexplained: 1 } });
});

it('groups what differs in the same place, the largest first', () => {
  expect(
    tallied()
      .largest()
      .map(({ kind, at, count }) => [kind, at, count]),
  ).toEqual([
    ['body', 'a', 2],
    ['status code', '200 instead of 422: read', 1],
  ]);
});

it('explains only what an explanation says in every part', () => {
  const difference = { kind: 'body', at: 'spec.x', ours: 1, theirs: 2 } as const;
  const known = [{ why: 'so it is', kind: 'body', at: /^spec/, resource: /^nodes$/ } as const];
  expect(explanationOf(caseOf('one'), difference, known)).toBeUndefined();
  expect(explanationOf({ ...caseOf('one'), resource: 'nodes' }, difference, known)?.why).toBe('so it is');
});

it('writes a page whose tables no value can break', () => {
  const tally = tallied();
  tally.add({ case: caseOf('a|b`c'), ours: answer(200, { p: 'x|y' }), theirs: answer(200, { p: 'z' }) }, 0);
  const page = reportOf(tally, { date: '2026-11-29', peer: 'kube-apiserver v1', kinds: 1, seed: 7 });
  expect(page).toContain('| 2 | body | `a` | pods |');
  expect(page).toContain("`read: a\\|b'c`");
  expect(page).toContain('| of another status code | 1 | 16.67 % |');
});
