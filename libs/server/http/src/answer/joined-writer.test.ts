import { FakeClock } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { FlushTicker, JoinedWriter, LONGEST_PIECE } from './joined-writer.js';

function writer(write: (chunk: string) => Promise<void> | undefined = () => undefined, spare = 0) {
  const clock = new FakeClock();
  const chunks: string[] = [];
  const sink = {
    write(chunk: Buffer | string) {
      chunks.push(String(chunk));
      return write(String(chunk));
    },
  };
  return { clock, chunks, writer: new JoinedWriter(sink, new FlushTicker(clock, spare)) };
}

test('the first frames go at once, those that follow closely go together', async () => {
  const { clock, chunks, writer: joined } = writer();
  await joined.push(['a']);
  await joined.push(['b']);
  await joined.push([Buffer.from('c'), 'd']);
  expect(chunks).toEqual(['a']);
  clock.step(10);
  expect(chunks).toEqual(['a', 'bcd']);
  clock.step(10);
  await joined.push(['e']);
  expect(chunks).toEqual(['a', 'bcd', 'e']);
});

test('what follows closely goes at once as long as there is little to write', async () => {
  const { clock, chunks, writer: joined } = writer(undefined, 2);
  for (const frame of ['a', 'b', 'c', 'd', 'e']) await joined.push([frame]);
  expect(chunks).toEqual(['a', 'b', 'c']);
  clock.step(10);
  expect(chunks).toEqual(['a', 'b', 'c', 'de']);
  await joined.push(['f']);
  expect(chunks).toEqual(['a', 'b', 'c', 'de', 'f']);
  clock.step(10);
  expect(clock.pending).toBe(0);
});

test('nothing is held back from who is no socket', async () => {
  const chunks: string[] = [];
  const sink = { unjoined: true, write: (chunk: Buffer | string) => void chunks.push(String(chunk)) };
  const clock = new FakeClock();
  const joined = new JoinedWriter(sink, new FlushTicker(clock));
  await joined.push(['a']);
  await joined.push(['b']);
  expect(chunks).toEqual(['a', 'b']);
  expect(clock.pending).toBe(0);
});

test('what is left is written at the end', async () => {
  const { chunks, writer: joined } = writer();
  await joined.push(['a']);
  await joined.push(['b']);
  await joined.end();
  expect(chunks).toEqual(['a', 'b']);
});

test('a client that is behind is waited for, and loses nothing', async () => {
  let drained: () => void = () => undefined;
  const slow = (chunk: string) =>
    chunk === 'a'
      ? new Promise<void>((resolve) => {
          drained = resolve;
        })
      : undefined;
  const { clock, chunks, writer: joined } = writer(slow);
  const first = joined.push(['a']);
  const second = joined.push(['b']);
  clock.step(10);
  expect(chunks).toEqual(['a']);
  drained();
  await Promise.all([first, second]);
  expect(chunks).toEqual(['a', 'b']);
});

test('a client that is gone is told to whoever writes next', async () => {
  const { clock, writer: joined } = writer((chunk) => {
    if (chunk === 'b') throw new Error('gone');
    return undefined;
  });
  await joined.push(['a']);
  await joined.push(['b']);
  clock.step(10);
  await expect(joined.push(['c'])).rejects.toThrow('gone');
  await expect(joined.end()).resolves.toBeUndefined();
});

test('a client that reads nothing has no more than a piece waiting for it', async () => {
  const never = new Promise<void>(() => undefined);
  const { chunks, writer: joined } = writer(() => (chunks.length > 1 ? never : undefined));
  const piece = 'x'.repeat(LONGEST_PIECE);
  let taken = 0;
  const push = async () => {
    for (; taken < 10; taken += 1) await joined.push([piece]);
  };
  void push();
  for (let at = 0; at < 50; at += 1) await Promise.resolve();
  expect({ written: chunks.length, taken }).toEqual({ written: 2, taken: 1 });
});
