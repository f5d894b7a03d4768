import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { driveFuzzer, type OpenApiDocument, RestFuzzer, type Send, sendOverHttps } from './index.js';

/** A longer run: BINNACLE_FUZZ_REQUESTS=200000 BINNACLE_FUZZ_SEED=7. */
const REQUESTS = Number(process.env.BINNACLE_FUZZ_REQUESTS ?? 3000);
const SEED = Number(process.env.BINNACLE_FUZZ_SEED ?? 1);

let server: TestApiServer;
let document: OpenApiDocument;
const senders: Array<Send & { close(): void }> = [];
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  document = (await server.raw.call('/openapi/v2')).json;
});
afterAll(async () => {
  for (const sender of senders) sender.close();
  await server.close();
});

async function fuzz(send: Send & { close(): void }, seed: number) {
  senders.push(send);
  return driveFuzzer(new RestFuzzer(document, seed), send, { parallel: 16, goOn: (sent) => sent < REQUESTS });
}

describe('whatever is asked of it, the server', () => {
  test('answers an administrator with what was asked for or a Status', async () => {
    const run = await fuzz(sendOverHttps(server.admin), SEED);
    expect(run.complaints).toEqual([]);
    expect(run.statuses[200] ?? 0).toBeGreaterThan(REQUESTS / 50);
    expect(run.statuses[201] ?? 0).toBeGreaterThan(0);
  });

  test('answers somebody without rights so as well', async () => {
    const run = await fuzz(sendOverHttps(await server.configFor('nobody')), SEED + 1);
    expect(run.complaints).toEqual([]);
    expect(run.statuses[403] ?? 0).toBeGreaterThan(REQUESTS / 4);
  });

  test('still works afterwards', async () => {
    const made = await server.raw.call('/api/v1/namespaces/default/configmaps', {
      method: 'POST',
      body: { metadata: { generateName: 'after-' } },
    });
    expect(made.status).toBe(201);
    const { items } = (await server.raw.call('/api/v1/namespaces/default/configmaps')).json;
    expect(items.length).toBeGreaterThan(0);
  });
});
