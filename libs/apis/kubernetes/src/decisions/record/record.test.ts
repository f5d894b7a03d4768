import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DecisionRecord, MOST_RECORD_BYTES, MOST_TOLD, readRecord, RecordError } from './index.js';

const pod = { namespace: 'shop', name: 'web-0', uid: 'u-1' };
const plain: DecisionRecord = {
  time: 1_000,
  duration: 250,
  scheduler: 'default-scheduler',
  pod,
  attempt: 1,
  queued: { since: 900, event: 'PodAdd' },
  revision: 42,
  result: 'Scheduled',
  node: 'worker-1',
  nodes: 3,
  feasible: 2,
  refused: [{ plugin: 'NodeName', reason: 'node(s) didn’t match', nodes: 1, examples: ['worker-3'] }],
};
const full: DecisionRecord = {
  ...plain,
  result: 'Unschedulable',
  message: '0/3 nodes are available',
  queued: { since: 900, event: 'NodeAdd', object: 'Node/worker-3' },
  refused: [{ plugin: 'NodeName', reason: 'no', nodes: 1, examples: [], unresolvable: true }],
  moreRefused: 2,
  best: {
    plugins: [{ plugin: 'NodeResourcesFit', weight: 1 }],
    nodes: [{ node: 'worker-1', total: 80, raw: [80.5], scores: [80] }],
  },
  preemption: {
    node: 'worker-1',
    victims: [
      { namespace: 'a', name: 'b', priority: -1 },
      { namespace: 'a', name: 'c' },
    ],
    moreVictims: 3,
    message: 'x',
  },
};

test.each([plain, full])('what a scheduler says is read as it was said', (record) => {
  expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
});

test('what nobody asked for is not kept', () => {
  expect(readRecord({ ...plain, evil: 'x'.repeat(100), pod: { ...pod, more: 1 } })).toEqual(plain);
});

test.each([
  ['no object', null],
  ['a list', []],
  ['a result of its own', { ...plain, result: 'Perhaps' }],
  ['no Pod', { ...plain, pod: undefined }],
  ['half a second', { ...plain, duration: 0.5 }],
  ['a time that is none', { ...plain, time: 1e300 }],
  ['a name that is too long', { ...plain, node: 'n'.repeat(254) }],
  ['half a character', { ...plain, message: '\ud800' }],
  ['a zero byte', { ...plain, node: 'a\0' }],
  ['too many reasons', { ...plain, refused: Array.from({ length: MOST_TOLD.refused + 1 }, () => plain.refused[0]) }],
  ['a score too few', { ...full, best: { ...full.best, nodes: [{ node: 'n', total: 1, raw: [], scores: [1] }] } }],
  ['a score that is none', { ...full, best: { plugins: [{ plugin: 'A', weight: '1' }], nodes: [] } }],
  ['a victim without a name', { ...full, preemption: { victims: [{ namespace: 'a' }] } }],
])('%s is refused', (_, value) => {
  expect(() => readRecord(value)).toThrow(RecordError);
});

test('whatever is sent is read or refused, and what is read is small and reads the same again', () => {
  const any = fc.jsonValue();
  const altered = fc
    .tuple(fc.constantFrom(plain, full), fc.constantFrom(...Object.keys(full)), any)
    .map(([record, member, value]) => ({ ...record, [member]: value }));
  fc.assert(
    fc.property(fc.oneof(any, altered), (value) => {
      try {
        const record = readRecord(value);
        expect(readRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
        expect(JSON.stringify(record).length).toBeLessThan(4 * MOST_RECORD_BYTES);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
      }
    }),
    { numRuns: 1_000 },
  );
});
