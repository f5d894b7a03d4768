import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The long form, with figures: `npm run bench -- attacks`. */
const ATTACKER = join(import.meta.dirname, '../../../../../bench/attacks/attacker.mjs');
const SECONDS = 0.4;
const EVERY = 20;

let server: TestApiServer;
let identities: Record<string, object>;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  const { url, authority, admin } = server;
  identities = {
    admin,
    anonymous: { server: url, ca: authority.certificate },
    nobody: await server.configFor('mallory'),
    viewer: await server.configFor('victor', ['binnacle:viewers']),
    editor: await server.configFor('edith', ['binnacle:editors']),
  };
});
afterAll(() => server.close());

async function attacked(name: string): Promise<Record<string, number>> {
  const child = fork(ATTACKER);
  child.send({ name, identities, seconds: SECONDS });
  const [counts] = (await once(child, 'message')) as [Record<string, number>];
  return counts;
}

/** What a neighbour is answered for as long as the attack goes on. */
async function answersDuring(attack: Promise<unknown>): Promise<number[]> {
  const statuses: number[] = [];
  let isOver = false;
  void attack.finally(() => (isOver = true));
  while (!isOver) {
    statuses.push((await server.raw.call('/api/v1/namespaces/default')).status);
    await pause(EVERY);
  }
  return statuses;
}

test.each([
  'bodies of 2.9 MB without credentials',
  'headers that come a byte a second',
  'connections opened and closed',
  'streams reset as soon as they are opened',
  'tokens that are none',
  'paths that are none',
  'goodbyes in the middle of streams',
  'streams opened and reset in one packet',
  'uploads that are broken off half way',
  'uploads that are never finished',
  'header blocks without end',
  'pings nobody reads the answers to',
  '12,000 unknown fields',
  'documents of which nothing is read',
  'lists whose askers have left',
  '2,000 watches of everything',
  'objects of a megabyte applied',
])('a neighbour is answered during: %s', async (name) => {
  const attack = attacked(name);
  const statuses = await answersDuring(attack);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const refusedByFault = Object.keys(await attack).filter((status) => /^5\d\d$/.test(status));
  expect(refusedByFault).toEqual([]);
  await expect.poll(async () => (await server.raw.call('/readyz')).status).toBe(200);
});
