import { expect, test } from 'vitest';
import { untilEnded } from './until-ended.js';

test('whoever gives up waiting is told why, at once', async () => {
  const abort = new AbortController();
  const never = untilEnded(abort, new Promise(() => undefined));
  abort.abort(new Error('left'));
  await expect(never).rejects.toThrow('left');
  await expect(untilEnded(abort, Promise.reject(new Error('late')))).rejects.toThrow('left');
});

test('whoever waits gets what the work comes to', async () => {
  const abort = new AbortController();
  expect(await untilEnded(abort, Promise.resolve(1))).toBe(1);
  await expect(untilEnded(abort, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
});
