import { Duplex } from 'node:stream';
import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { HELLO_MILLISECONDS, whenNamed } from './hello.js';

/** What a client begins with and never ends: a record of a thousand bytes. */
const BEGUN = Buffer.from([22, 3, 1, 3, 232, 1, 0, 3, 228]);
let clock: FakeClock;
let socket: Duplex;
let known: boolean[];

beforeEach(() => {
  [clock, known] = [new FakeClock(), []];
  socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  whenNamed(socket, clock, (isNamed) => known.push(isNamed));
});

test('who trickles is cut off in time', async () => {
  for (const byte of BEGUN) {
    socket.push(Buffer.from([byte]));
    clock.step(HELLO_MILLISECONDS / (BEGUN.length + 1));
    await new Promise(setImmediate);
  }
  expect([known, socket.destroyed]).toEqual([[], false]);
  clock.step(HELLO_MILLISECONDS);
  expect([known, socket.destroyed]).toEqual([[], true]);
});

test('who says more than so much says no name, and nothing of it is lost', async () => {
  const long = Buffer.concat([Buffer.from([22, 3, 1, 255, 255, 1, 1, 0, 0]), Buffer.alloc(17_000, 255)]);
  socket.push(long);
  await expect.poll(() => known).toEqual([false]);
  expect(socket.read()).toEqual(long);
  clock.step(2 * HELLO_MILLISECONDS);
  expect(socket.destroyed).toBe(false);
});
