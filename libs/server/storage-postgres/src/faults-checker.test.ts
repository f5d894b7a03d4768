import { describe, expect, it } from 'vitest';
// The judge of the fault test: it has to find every kind of broken promise, or its verdict says nothing.
import { check } from '../../../../bench/faults/checker.mjs';
import { EMPTY, fold } from '../../../../bench/faults/digest.mjs';

const body = (id: string) => Buffer.from(JSON.stringify({ metadata: {}, spec: { write: id } }));
const change = (revision: number, type: string, name: string, id: string) => ({
  type,
  object: { key: { name }, revision, body: body(id) },
});
type Change = ReturnType<typeof change>;

const LOG: Change[] = [
  change(1, 'ADDED', 'a', 'w1'),
  change(2, 'MODIFIED', 'a', 'w2'),
  change(3, 'ADDED', 'b', 'w3'),
  change(4, 'DELETED', 'a', 'w4'),
];
const write = (id: string, op: string, name: string, revision: number, expected?: number) => ({
  ...{ kind: 'write', id, op, name, expected, revision, outcome: 'ok' },
  ...{ begun: revision * 10, ended: revision * 10 + 5 },
});
const WRITES = [
  write('w1', 'create', 'a', 1),
  write('w2', 'update', 'a', 2, 1),
  write('w3', 'create', 'b', 3),
  write('w4', 'delete', 'a', 4, 2),
];
const digestOf = (changes: readonly Change[], ids: readonly string[]) =>
  changes.reduce(
    (sum, { type, object }, index) => fold(sum, object.revision, type, object.key.name, ids[index]),
    EMPTY,
  );
const WATCHED = [{ watcher: 0, from: 0, to: 4, count: 4, digest: digestOf(LOG, ['w1', 'w2', 'w3', 'w4']) }];

const verdict = (broken: object = {}) =>
  check({ log: LOG, newest: 4, operations: WRITES, stretches: WATCHED, watchers: [0], ...broken }) as string[];
const read = (name: string, revision: number, begun: number) => ({
  ...{ kind: 'read', name, revision, outcome: 'ok', begun, ended: begun + 1 },
});

describe('the checker of the fault test', () => {
  it('has nothing to say where every promise was kept', () => {
    const reads = [read('a', 0, 0), read('a', 1, 16), read('a', 2, 26), read('a', 0, 46), read('b', 3, 46)];
    expect(verdict({ operations: [...WRITES, ...reads] })).toEqual([]);
  });

  it.each([
    ['a revision that is missing', { log: LOG.slice(0, 3) }, /the log has 3 changes/],
    [
      'a write that is lost',
      { operations: [...WRITES, write('w9', 'create', 'c', 9)] },
      /acknowledged write w9 is lost/,
    ],
    [
      'a write that was refused and stored',
      { operations: WRITES.map((of) => (of.id === 'w3' ? { ...of, outcome: 'refused' } : of)) },
      /w3 was refused and stored/,
    ],
    ['a write nobody asked for', { operations: WRITES.slice(0, 3) }, /nobody asked for w4/],
    [
      'a lost update',
      { operations: WRITES.map((of) => (of.id === 'w4' ? { ...of, expected: 1 } : of)) },
      /w4 expected a@1, it was @2/,
    ],
    [
      'a revision against real time',
      { operations: WRITES.map((of) => (of.id === 'w2' ? { ...of, begun: 1, ended: 2 } : of)) },
      /w2@2 ended before w1@1 began/,
    ],
    ['a read of the past', { operations: [...WRITES, read('a', 1, 30)] }, /a read of a showed @1 although @2/],
    ['a read of what never was', { operations: [...WRITES, read('b', 2, 46)] }, /a read of b showed @2 although @3/],
    ['a read that misses an object', { operations: [...WRITES, read('b', 0, 46)] }, /a read of b showed @none/],
    ['a watcher that missed the end', { stretches: [] }, /watcher 0 ended at 0, not at 4/],
    [
      'a watcher that was shown something else',
      { stretches: [{ ...WATCHED[0], digest: digestOf(LOG, ['w1', 'w3', 'w2', 'w4']) }] },
      /watcher 0 saw something else/,
    ],
    [
      'a watcher that was shown something twice',
      { stretches: [...WATCHED, { watcher: 0, from: 2, to: 4, count: 2, digest: EMPTY }] },
      /watcher 0 was at 4 and went on from 2/,
    ],
  ])('finds %s', (_what, broken, sentence) => {
    expect(verdict(broken).join('\n')).toMatch(sentence);
  });
});
