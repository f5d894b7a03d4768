import { expect, test } from 'vitest';
import { SERVER_EVENTS, type ServerEvent } from './index.js';

test('a reader hears of every event that the server may send, once', () => {
  // A new message of the protocol does not compile until it is said here.
  const lists = { snapshot: true, changes: true, relist: true, bookmark: true } as const;
  const all: Readonly<Record<ServerEvent, true>> = { ...lists, rights: true };
  expect([...SERVER_EVENTS].sort()).toEqual(Object.keys(all).sort());
});
