import type { FuzzAnswer } from '@binnacle/testing-fuzz';
import { describe, expect, it } from 'vitest';
import type { Case } from './case.js';
import { bodyDifferences, differencesOf } from './differences.js';

const one: Case = {
  section: 'read',
  resource: 'pods',
  name: 'one',
  request: { method: 'GET', path: '/', headers: {} },
};
const now = Date.parse('2026-11-29T12:00:00Z');
const json = (value: unknown, status = 200): FuzzAnswer => ({
  status,
  contentType: 'application/json',
  text: JSON.stringify(value),
});
const compared = (ours: FuzzAnswer, theirs: FuzzAnswer) => differencesOf({ case: one, ours, theirs }, now);

describe('two JSON values', () => {
  it('are alike whatever the order of their members', () => {
    expect(bodyDifferences({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toEqual([]);
  });

  it('differ where a member is missing, extra or another', () => {
    const found = bodyDifferences({ a: 1, c: 3, d: [{ e: 1 }] }, { a: 2, b: 2, d: [{ e: 2 }] });
    expect(found.map(({ at, ours, theirs }) => [at, ours, theirs])).toEqual([
      ['a', 1, 2],
      ['c', 3, '<absent>'],
      ['d[].e', 1, 2],
      ['b', '<absent>', 2],
    ]);
  });

  it('differ as a whole where lists are of other lengths', () => {
    expect(bodyDifferences([1], [1, 2])).toEqual([{ kind: 'body', at: '', ours: [1], theirs: [1, 2] }]);
  });

  it('tell of the owners of fields in one word', () => {
    const owned = (manager: string) => ({ metadata: { managedFields: [{ manager }] } });
    expect(bodyDifferences(owned('a'), owned('b'))).toMatchObject([{ kind: 'managedFields' }]);
  });
});

describe('two answers', () => {
  it('are alike where only uids and times differ', () => {
    const told = (uid: string, second: number) =>
      json({ metadata: { uid, creationTimestamp: `2026-11-29T11:00:0${second}Z`, resourceVersion: `${second}` } });
    const [a, b] = ['0b1f1d2c-aaaa-bbbb-cccc-1234567890ab', '0b1f1d2c-aaaa-bbbb-cccc-1234567890ac'];
    expect(compared(told(a, 1), told(b, 2))).toEqual([]);
  });

  it('of different codes differ in nothing else', () => {
    expect(compared(json({ a: 1 }, 200), json({ a: 2 }, 422))).toMatchObject([
      { kind: 'status code', at: '200 instead of 422' },
    ]);
  });

  it('that refuse differ in reason, words, causes and details', () => {
    const status = (reason: string, message: string, causes: object[], name: string) =>
      json({ kind: 'Status', reason, message, details: { name, causes } }, 422);
    const found = compared(status('A', 'a', [{}], 'x'), status('B', 'b', [], 'y'));
    expect(found.map(({ kind }) => kind)).toEqual(['reason', 'message', 'causes', 'details']);
  });

  it('differ in type and warnings too', () => {
    const ours = { ...json({}), warnings: '299 - "careful"' };
    const theirs = { ...json({}), contentType: 'application/json;as=Table' };
    expect(compared(ours, theirs).map(({ kind }) => kind)).toEqual(['content type', 'warnings']);
  });

  it('in YAML differ in the order of their keys as well', () => {
    const yaml = (text: string): FuzzAnswer => ({ status: 200, contentType: 'application/yaml', text });
    expect(compared(yaml('a: 1\nb: 2\n'), yaml('b: 2\na: 1\n'))).toMatchObject([{ kind: 'text' }]);
    expect(compared(yaml('a: 1\n'), yaml('a: 2\n'))).toMatchObject([{ kind: 'body', at: 'a' }]);
  });

  it('of a stream are compared event by event', () => {
    const stream = (...events: unknown[]): FuzzAnswer => ({
      status: 200,
      contentType: 'application/json',
      text: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    });
    expect(compared(stream({ type: 'A' }, { type: 'B' }), stream({ type: 'A' }, { type: 'C' }))).toMatchObject([
      { kind: 'body', at: '[].type', ours: 'B', theirs: 'C' },
    ]);
  });

  it('differ where one server did not answer', () => {
    expect(differencesOf({ case: one, ours: json({}), theirs: { failure: 'reset' } }, now)).toEqual([
      { kind: 'no answer', at: '', ours: 'answered 200', theirs: 'reset' },
    ]);
  });
});
