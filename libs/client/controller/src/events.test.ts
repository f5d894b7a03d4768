import { createKubeClient } from '@binnacle/client-rest';
import { type ProtocolServer, startProtocolServer } from '@binnacle/client-rest/testing';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EventCorrelator } from './event-correlator.js';
import { createEventRecorder } from './index.js';

const about = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'default', uid: 'u' } };
const occurrence = (message: string) => ({ about, type: 'Normal' as const, reason: 'Why', message });

describe('EventCorrelator', () => {
  test('counts what repeats', () => {
    const correlator = new EventCorrelator();
    expect(correlator.correlate(occurrence('x'), 0)?.event.count).toBe(1);
    expect(correlator.correlate(occurrence('x'), 1)?.event.count).toBe(2);
    expect(correlator.correlate(occurrence('y'), 2)?.event.count).toBe(1);
  });

  test('drops a source that spams and hears it again later', () => {
    const correlator = new EventCorrelator();
    const heard = (now: number) =>
      Array.from({ length: 40 }, () => correlator.correlate(occurrence('x'), now)).filter(Boolean);
    expect(heard(0)).toHaveLength(25);
    expect(heard(300_000)).toHaveLength(1);
  });

  test('writes many different messages of one reason as one', () => {
    const correlator = new EventCorrelator();
    const messages = Array.from({ length: 14 }, (_, index) => correlator.correlate(occurrence(`m${index}`), index));
    expect(new Set(messages.map((correlated) => correlated?.event)).size).toBe(11);
    expect(messages.at(-1)?.message).toBe('(combined from similar events): m13');
    expect(messages.at(-1)?.event.count).toBe(4);
  });
});

describe('the recorder', () => {
  let server: ProtocolServer;
  const abort = new AbortController();
  beforeEach(async () => {
    server = await startProtocolServer();
  });
  afterEach(() => server.stop());

  test('writes an Event once and then its count', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1));
    const ctx = { signal: abort.signal, clock, logger: silentLogger };
    const recorder = createEventRecorder(ctx, createKubeClient({ server: server.url }), { component: 'tester' });
    recorder.event(about, 'Normal', 'Why', 'x');
    await expect.poll(() => server.api.list('events').length, { interval: 5 }).toBe(1);
    clock.step(5000);
    recorder.event(about, 'Normal', 'Why', 'x');
    await expect.poll(() => server.api.list('events')[0]?.count, { interval: 5 }).toBe(2);
    expect(server.api.list('events')[0]).toMatchObject({
      involvedObject: { kind: 'Pod', name: 'a', namespace: 'default', uid: 'u' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
      source: { component: 'tester' },
    });
  });

  test('waits with the count until the Event itself is written', async () => {
    let answer: (() => void) | undefined;
    server.intercept = (request, response) => {
      if (request.method !== 'POST' || answer) return false;
      answer = () => void response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
      return true;
    };
    const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
    const recorder = createEventRecorder(ctx, createKubeClient({ server: server.url }), { component: 'tester' });
    recorder.event(about, 'Normal', 'Why', 'x');
    recorder.event(about, 'Normal', 'Why', 'x');
    await expect.poll(() => answer, { interval: 5 }).toBeDefined();
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const [create, ...early] = server.seen;
    expect(create).toMatch(/^POST /);
    expect(early).toEqual([]);
    answer?.();
    await expect.poll(() => server.seen[1], { interval: 5 }).toMatch(/^PATCH /);
  });

  test('tells when something happened, not when it was written', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1));
    const ctx = { signal: abort.signal, clock, logger: silentLogger };
    const recorder = createEventRecorder(ctx, createKubeClient({ server: server.url }), { component: 'tester' });
    for (const message of ['a', 'b', 'c', 'd']) recorder.event(about, 'Normal', 'Why', message);
    recorder.event(about, 'Normal', 'Why', 'before', Date.UTC(2025, 0, 1));
    clock.step(5000);
    await expect.poll(() => server.api.list('events').length, { interval: 5 }).toBe(5);
    const seen = server.api.list('events').map(({ message, lastTimestamp }) => `${message} ${lastTimestamp}`);
    const today = ['a', 'b', 'c', 'd'].map((message) => `${message} 2026-01-01T00:00:00Z`);
    expect(seen.sort()).toEqual([...today, 'before 2025-01-01T00:00:00Z'].sort());
  });
});
