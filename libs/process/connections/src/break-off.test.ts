import type { ServerHttp2Stream } from 'node:http2';
import { setImmediate as round } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { breakOff, closeStream } from './break-off.js';

test('a stream is reset later, and not where it is over by then', async () => {
  const close = vi.fn();
  const [open, over] = [
    { closed: false, destroyed: false, close },
    { closed: false, destroyed: false, close },
  ];
  closeStream(open as unknown as ServerHttp2Stream);
  closeStream(over as unknown as ServerHttp2Stream);
  over.destroyed = true;
  expect(close).not.toHaveBeenCalled();
  await round();
  expect(close).toHaveBeenCalledOnce();
});

test('an answer is broken off at once, but over HTTP/2', async () => {
  const destroy = vi.fn();
  breakOff({ destroy });
  expect(destroy).toHaveBeenCalledOnce();
  breakOff({ stream: {}, destroy });
  expect(destroy).toHaveBeenCalledOnce();
  await round();
  expect(destroy).toHaveBeenCalledTimes(2);
});
