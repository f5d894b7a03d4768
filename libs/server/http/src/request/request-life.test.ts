import { EventEmitter } from 'node:events';
import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, test } from 'vitest';
import { RequestLives } from './request-life.js';

class Answer extends EventEmitter {
  writableFinished = false;
  headersSent = false;
  destroyed = false;
  constructor(readonly socket: EventEmitter | null) {
    super();
  }
  destroy(): void {
    this.destroyed = true;
  }
}

let clock: FakeClock;
let lives: RequestLives;
let socket: EventEmitter;
let answer: Answer;
beforeEach(() => {
  clock = new FakeClock();
  lives = new RequestLives(clock);
  socket = new EventEmitter();
  answer = new Answer(socket);
});

const begin = (response = answer) => lives.begin({ httpVersionMajor: 1, socket }, response);
const reason = (signal: AbortSignal) => (signal.aborted ? (signal.reason as { code: number }).code : undefined);

test('all that was taken is given back at the end, or at once after it', () => {
  const given: string[] = [];
  const life = begin();
  life.release(() => given.push('body'));
  life.release(() => given.push('answer'));
  expect(given).toEqual([]);
  answer.emit('close');
  life.release(() => given.push('late'));
  expect(given).toEqual(['body', 'answer', 'late']);
});

describe('a request ends', () => {
  test('with its client', () => {
    const { signal } = begin();
    answer.emit('close');
    expect(reason(signal)).toBe(499);
  });

  test('with its client, even where its answer waits behind another one of the connection', () => {
    const { signal } = begin(new Answer(null));
    socket.emit('close');
    expect(reason(signal)).toBe(499);
  });

  test('with its time, and not before', () => {
    const life = begin();
    life.allow(60_000);
    life.allow(1_000);
    clock.step(999);
    expect(life.signal.aborted).toBe(false);
    clock.step(1);
    expect(reason(life.signal)).toBe(504);
  });

  test('with the server', () => {
    const { signal } = begin();
    lives.stopStreams();
    expect(signal.aborted).toBe(false);
    lives.stop();
    expect(reason(signal)).toBe(503);
  });

  test('as a stream with neither time nor as late as the server', () => {
    const life = begin();
    life.allow(60_000);
    life.becomeStream();
    clock.step(3_600_000);
    expect(life.signal.aborted).toBe(false);
    lives.stopStreams();
    expect(reason(life.signal)).toBe(503);
  });

  test('at once where it becomes a stream of a server that stops', () => {
    const life = begin();
    lives.stopStreams();
    life.becomeStream();
    expect(reason(life.signal)).toBe(503);
  });
});

test('an answered request leaves nothing behind', () => {
  const { signal } = begin();
  begin(new Answer(null)).allow(1);
  answer.writableFinished = true;
  answer.emit('close');
  socket.emit('close');
  expect(signal.aborted).toBe(false);
  expect([lives.count, clock.pending]).toEqual([0, 0]);
  expect([answer, socket].map((source) => source.listenerCount('close'))).toEqual([0, 0]);
});

test('an answer that has begun is cut off when its time is up', () => {
  begin().allow(1);
  answer.headersSent = true;
  clock.step(1);
  expect(answer.destroyed).toBe(true);
});

test('who waits for the work is told when the request ends before it', async () => {
  const life = begin();
  const waiting = life.during(new Promise(() => undefined));
  answer.emit('close');
  await expect(waiting).rejects.toMatchObject({ code: 499 });
  await expect(life.during(Promise.resolve(1))).rejects.toMatchObject({ code: 499 });
});

test('all that is asked over an upgraded connection ends with it', () => {
  const life = lives.ofConnection(socket);
  expect(lives.ofConnection(socket)).toBe(life);
  socket.emit('close');
  expect(reason(life.signal)).toBe(499);
});

test('its signal is made for who asks, and says the same whenever it is asked for', () => {
  const [early, late] = [begin(new Answer(socket)), begin()];
  const told: number[] = [];
  const { signal } = early;
  for (const life of [early, late]) life.onEnd(() => told.push(1));
  late.onEnd(() => told.push(2))();
  lives.stop();
  expect([reason(signal), reason(late.signal), told]).toEqual([503, 503, [1, 1]]);
  expect(early.signal).toBe(signal);
});
