import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startTestApiServer } from '@binnacle/testing-cluster';
import { expect, test, vi } from 'vitest';

// A server that stops closes sessions on which streams still come; node's memory does not survive every way to do so.

const ATTACKER = join(import.meta.dirname, '../../../../../bench/attacks/attacker.mjs');
const SECONDS = 3;
/** Of streams that are reset in the packet that opens them few get so far. */
const IN_FULL_SWING = 2;
const PATIENCE = { timeout: 30_000 };

test.each([
  'streams reset as soon as they are opened',
  'streams opened and reset in one packet',
  'goodbyes in the middle of streams',
  'uploads that are broken off half way',
  'paths that are none',
])('a server stops in the middle of: %s', async (name) => {
  const server = await startTestApiServer({ storage: 'memory' });
  // Who is known, and so not hung up on at once.
  const identities = { anonymous: server.admin };
  const begun = vi.spyOn(server.parts.lives, 'begin');
  const child = fork(ATTACKER);
  const over = once(child, 'message');
  child.send({ name, identities, seconds: SECONDS });
  await expect.poll(() => begun.mock.calls.length, PATIENCE).toBeGreaterThan(IN_FULL_SWING);
  await server.close();
  expect(server.parts.lives.count).toBe(0);
  await over;
});
