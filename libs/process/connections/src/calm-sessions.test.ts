import { EventEmitter } from 'node:events';
import type { ServerHttp2Session } from 'node:http2';
import { setImmediate as round } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { calm } from './calm-sessions.js';

/** What a session does of its own, and what of it waits to be sent. */
function session(outboundQueueSize = 0) {
  const did: string[] = [];
  const own = Object.assign(new EventEmitter(), {
    destroyed: false,
    state: { outboundQueueSize },
    goaway: () => void did.push('goaway'),
    close: () => void did.push('close'),
    destroy: () => void did.push('destroy'),
  });
  calm(own as unknown as ServerHttp2Session);
  return { did, own };
}

test('a session says goodbye at once, and is closed when nothing is being read', async () => {
  const { did, own } = session();
  own.close();
  own.close();
  expect(did).toEqual(['goaway']);
  await round();
  expect(did).toEqual(['goaway', 'close']);
});

test('a session is not closed before its goodbye is on its way', async () => {
  const { did, own } = session(1);
  own.close();
  await round();
  expect(did).toEqual(['goaway']);
  own.state.outboundQueueSize = 0;
  await expect.poll(() => did).toEqual(['goaway', 'close']);
});

test('who never takes the goodbye is cut off', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { did, own } = session(1);
    own.close();
    await round();
    vi.advanceTimersByTime(10_000);
    expect(did).toEqual(['goaway', 'destroy']);
    own.destroyed = true;
    vi.advanceTimersByTime(10_000);
    expect(did).toEqual(['goaway', 'destroy']);
  } finally {
    vi.useRealTimers();
  }
});

test('a session is destroyed when nothing is being read', async () => {
  const { did, own } = session();
  own.destroy();
  expect(did).toEqual([]);
  await round();
  expect(did).toEqual(['destroy']);
});
