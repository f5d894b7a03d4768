import { inflateRawSync } from 'node:zlib';
import { decodeDetail } from '@binnacle/apis-kubernetes/decisions/codec';
import { type DecisionBatch, MOST_TOLD, readRecord } from '@binnacle/apis-kubernetes/decisions/record';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { cluster, info, node } from '../testing/builders.js';
import { rejectionsOf } from '../framework/rejections.js';
import type { Attempt, Findings } from './attempt.js';
import { DecisionLog, DecisionSender } from './index.js';
import { preemptionRecord } from './preemption-record.js';

let clock: FakeClock;
let ctx: Context;
let sent: DecisionBatch[];
let status: number;
let counts: Record<string, number>;
let sender: DecisionSender;

beforeEach(() => {
  clock = new FakeClock();
  ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  [sent, status, counts] = [[], 201, {}];
  const raw = async (_: Context, _method: string, _path: string, body = '') => {
    sent.push(JSON.parse(body) as DecisionBatch);
    return { status, body: '' };
  };
  sender = new DecisionSender(ctx, { raw }, (outcome, count) => (counts[outcome] = (counts[outcome] ?? 0) + count));
});

const POD = info('p');
const NODES = ['a', 'b', 'c', 'd'];
const cache = cluster(NODES.map((name) => node(name)));
const logOf = (detailsPerSecond = 5) =>
  new DecisionLog(ctx, cache.nodes, sender, { detailsPerSecond, revision: () => 77 });
const rowOf = (name: string): number => cache.nodes.find(name)?.row ?? -1;

const full = { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu', 'Insufficient memory'], unresolvable: false };
const tainted = { plugin: 'TaintToleration', reasons: ['had a taint'], unresolvable: true };

const findings: Findings = {
  chosen: rowOf('d'),
  filtered: {
    candidates: [rowOf('b'), rowOf('d')],
    rejections: rejectionsOf([
      [rowOf('a'), full],
      [rowOf('c'), tainted],
    ]),
  },
  scored: {
    totals: Float64Array.of(120, 140),
    plugins: [
      { plugin: 'A', weight: 1, scores: Float64Array.of(100, 0), raw: Float64Array.of(7.5, 0) },
      { plugin: 'B', weight: 2, scores: Float64Array.of(10, 70), raw: Float64Array.of(10, 70) },
    ],
  },
};

const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  pod: POD,
  scheduler: 'default-scheduler',
  arrival: { attempt: 1, since: 5, event: 'PodAdd' },
  result: 'Scheduled',
  node: 'd',
  microseconds: 12.6,
  findings,
  ...over,
});

/** Time goes on by so many quarters of a second, or until everything has been sent. */
async function settled(steps = 100_000): Promise<void> {
  for (let step = 0; step < steps && sender.isBusy; step += 1) {
    clock.step(250);
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
const all = () => sent.flatMap(({ decisions }) => decisions);

describe('an attempt', () => {
  test('is told with what was counted over nodes, and the best of them', async () => {
    logOf().record(attempt());
    await settled();
    expect(all().map(({ record }) => record)).toEqual([
      {
        time: Date.UTC(2026, 0, 1),
        duration: 13,
        scheduler: 'default-scheduler',
        pod: { namespace: 'default', name: 'p', uid: POD.uid },
        attempt: 1,
        queued: { since: 5, event: 'PodAdd' },
        revision: 77,
        result: 'Scheduled',
        node: 'd',
        nodes: 4,
        feasible: 2,
        refused: [
          { plugin: 'NodeResourcesFit', reason: 'Insufficient cpu', nodes: 1, examples: ['a'] },
          { plugin: 'NodeResourcesFit', reason: 'Insufficient memory', nodes: 1, examples: ['a'] },
          { plugin: 'TaintToleration', reason: 'had a taint', nodes: 1, examples: ['c'], unresolvable: true },
        ],
        best: {
          plugins: [
            { plugin: 'A', weight: 1 },
            { plugin: 'B', weight: 2 },
          ],
          nodes: [
            { node: 'd', total: 140, raw: [0, 70], scores: [0, 70] },
            { node: 'b', total: 120, raw: [7.5, 10], scores: [100, 10] },
          ],
        },
      },
    ]);
    expect(counts).toEqual({ stored: 1 });
  });

  test('is told of every node, in a form that is read back', async () => {
    logOf().record(attempt());
    await settled();
    const detail = decodeDetail(inflateRawSync(Buffer.from(all()[0]?.detail ?? '', 'base64')));
    expect(detail.names).toEqual(NODES);
    expect(detail.refusals).toEqual([full, tainted]);
    expect([...detail.verdicts]).toEqual([2, 0, 3, 0]);
    expect(detail.columns).toEqual(findings.scored?.plugins);
  });

  test('of a Pod that failed before nodes were asked has no nodes to tell of', async () => {
    const { findings: _, node: _node, ...failed } = attempt({ result: 'Error', message: 'no claim \ud800\0' });
    logOf().record(failed);
    await settled();
    expect(all()).toMatchObject([{ record: { result: 'Error', message: 'no claim ', refused: [], feasible: 0 } }]);
    expect(all()[0]).not.toHaveProperty('detail');
  });

  test('that was given one of many equal nodes tells of that one', async () => {
    const rows = NODES.map(rowOf);
    const scores = new Float64Array(4).fill(50);
    const many = cluster(Array.from({ length: 20 }, (_, at) => node(`n${at}`)));
    const equal: Findings = {
      chosen: many.nodes.find('n17')?.row,
      filtered: { candidates: many.nodes.nodeRows, rejections: rejectionsOf([]) },
      scored: { totals: new Float64Array(20).fill(50), plugins: [{ plugin: 'A', weight: 1, scores, raw: scores }] },
    };
    expect(rows).toHaveLength(4);
    new DecisionLog(ctx, many.nodes, sender, { detailsPerSecond: 0, revision: () => 1 }).record(
      attempt({ node: 'n17', findings: equal }),
    );
    await settled();
    expect(all()[0]?.record.best?.nodes.map(({ node: name }) => name)).toEqual(['n17', 'n0', 'n1', 'n2', 'n3']);
  });

  test('tells whom it would evict, and of many how many more', () => {
    const victims = Array.from({ length: MOST_TOLD.victims + 2 }, (_, at) => info(`v${at}`));
    expect(preemptionRecord({ node: 'a', victims })).toMatchObject({ node: 'a', moreVictims: 2 });
    expect(preemptionRecord({ message: 'no' })).toEqual({ victims: [], message: 'no' });
  });
});

describe('a scheduler that has much to do', () => {
  test('tells of every node only sometimes, and of everything else always', async () => {
    const log = logOf(1);
    for (let at = 0; at < 20; at += 1) log.record(attempt());
    await settled();
    expect(all()).toHaveLength(20);
    expect(all().filter(({ detail }) => detail !== undefined)).toHaveLength(4);
    clock.step(2_000);
    for (let at = 0; at < 5; at += 1) log.record(attempt());
    await settled();
    expect(
      all()
        .slice(20)
        .filter(({ detail }) => detail !== undefined).length,
    ).toBeGreaterThanOrEqual(2);
  });

  test('sends by the batch, and drops what is too much rather than wait', async () => {
    const log = logOf(0);
    for (let at = 0; at < 4_100; at += 1) log.record(attempt());
    expect(counts).toEqual({ dropped: 100 });
    await settled();
    expect(counts).toEqual({ dropped: 100, stored: 4_000 });
    expect(sent.length).toBeLessThanOrEqual(21);
  });

  test('drops what the server does not take, tries less often, and goes on', async () => {
    const log = logOf(0);
    status = 503;
    log.record(attempt());
    await settled(1);
    expect(counts).toEqual({ dropped: 1 });
    log.record(attempt());
    await settled(2);
    expect(sent).toHaveLength(1);
    status = 201;
    await settled();
    expect([sent.length, counts]).toEqual([2, { dropped: 1, stored: 1 }]);
  });

  test('drops what is left when it ends', async () => {
    const abort = new AbortController();
    const own = new DecisionSender(
      { ...ctx, signal: abort.signal },
      { raw: async () => ({ status: 201, body: '' }) },
      (outcome, count) => (counts[outcome] = count),
    );
    own.add(readRecord({ ...plainRecord() }), undefined);
    abort.abort(new Error('over'));
    await expect.poll(() => own.isBusy).toBe(false);
    expect(counts).toEqual({ dropped: 1 });
  });
});

const plainRecord = () => ({
  time: 1,
  duration: 1,
  scheduler: 's',
  pod: { namespace: 'n', name: 'p', uid: 'u' },
  attempt: 1,
  queued: { since: 1, event: 'PodAdd' },
  revision: 1,
  result: 'Error',
  nodes: 0,
  feasible: 0,
  refused: [],
});

const words = fc.string({ unit: 'binary', maxLength: 700 });
const opinion = (length: number) =>
  fc.record({
    plugin: words,
    weight: fc.integer({ min: 0, max: 100 }),
    scores: fc.array(fc.double(), { minLength: length, maxLength: length }).map((all) => Float64Array.from(all)),
    raw: fc.array(fc.double(), { minLength: length, maxLength: length }).map((all) => Float64Array.from(all)),
  });

test('whatever plugins say, the server can keep it', async () => {
  const rejection = fc.record({
    plugin: words,
    reasons: fc.array(words, { maxLength: 40 }),
    unresolvable: fc.boolean(),
  });
  const said = fc.tuple(rejection, fc.array(opinion(2), { maxLength: 40 }), words);
  await fc.assert(
    fc.asyncProperty(said, async ([refused, plugins, message]) => {
      sent = [];
      const filtered = { candidates: [rowOf('b'), rowOf('d')], rejections: rejectionsOf([[rowOf('a'), refused]]) };
      const scored = { totals: Float64Array.of(Number.NaN, 1), plugins };
      logOf().record(attempt({ message, findings: { chosen: undefined, filtered, scored } }));
      await settled();
      for (const { record, detail } of all()) {
        expect(readRecord(record)).toEqual(record);
        if (detail) decodeDetail(inflateRawSync(Buffer.from(detail, 'base64')));
      }
      expect(all()).toHaveLength(1);
    }),
    { numRuns: 50 },
  );
});
