import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { CREDENTIAL_ID } from '@binnacle/server-auth';
import { beforeEach, expect, test } from 'vitest';
import { type Seeing, VisibleSets } from './visible-sets.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const seeing: Seeing = { user: { name: 'ada', groups: [] }, cluster: 'main', resource: 'pods', name: '' };
const A = new Set(['a']);
const B = new Set(['b']);

let changedAfter: number;
let asked: number;
let sets: VisibleSets;

beforeEach(() => {
  changedAfter = 0;
  asked = 0;
  sets = new VisibleSets(async (_ctx, _cluster, after) => {
    asked += 1;
    return after < changedAfter;
  });
});

const goesOn = (after: number, visible: ReadonlySet<string> | undefined = A, who = seeing) =>
  sets.isGapless(ctx, who, visible, after);

test('who was told the state of the same namespaces goes on from there, and from later', async () => {
  sets.told(seeing, A, 10);
  sets.told(seeing, new Set(['a']), 20);
  expect([await goesOn(9), await goesOn(10), await goesOn(15), asked]).toEqual([false, true, true, 0]);
});

test('with other namespaces nobody goes on before they have been told of these', async () => {
  sets.told(seeing, A, 10);
  expect(await goesOn(12, B)).toBe(false);
  expect(await goesOn(13, B)).toBe(false);
  // Also where they are those of before again: what they were told of last is not known.
  expect(await goesOn(13)).toBe(false);
  sets.told(seeing, B, 14);
  expect([await goesOn(13, B), await goesOn(14, B), await goesOn(14, undefined)]).toEqual([false, true, false]);
});

test('who was shown others while they watched begins anew', async () => {
  sets.told(seeing, A, 10);
  sets.changed(seeing, B);
  expect(await goesOn(11, B)).toBe(false);
  sets.told(seeing, B, 12);
  expect(await goesOn(12, B)).toBe(true);
});

test('of what was told elsewhere the log says whether it could have been other', async () => {
  changedAfter = 5;
  expect([await goesOn(4), asked]).toEqual([false, 1]);
  const other = { ...seeing, resource: 'services' };
  expect([await goesOn(5, A, other), await goesOn(7, A, other), await goesOn(4, A, other), asked]).toEqual([
    true,
    true,
    false,
    2,
  ]);
});

test.each<[string, Partial<Seeing>]>([
  ['cluster', { cluster: 'lab' }],
  ['user', { user: { name: 'bob', groups: [] } }],
  ['token of theirs', { user: { ...seeing.user, extra: { [CREDENTIAL_ID]: ['t'] } } }],
  ['resource', { resource: 'services' }],
  ['object', { name: 'x' }],
])('another %s is another matter', async (_, other) => {
  sets.told(seeing, A, 10);
  sets.told({ ...seeing, ...other }, B, 11);
  expect(await goesOn(10)).toBe(true);
});

test('somebody who joins a team is still the same', async () => {
  sets.told(seeing, A, 10);
  expect(await goesOn(10, B, { ...seeing, user: { name: 'ada', groups: ['team'] } })).toBe(false);
});

test('no more is remembered than there is room for', async () => {
  changedAfter = 100;
  for (let at = 0; at <= 10_000; at += 1) sets.told({ ...seeing, name: `n${at}` }, A, 10);
  expect([await goesOn(10, A, { ...seeing, name: 'n0' }), await goesOn(10, A, { ...seeing, name: 'n10000' })]).toEqual([
    false,
    true,
  ]);
});
