import { RawApi, startTestApiServer } from '@binnacle/testing-cluster';
import { expect, test } from 'vitest';

const CONFIGS = '/api/v1/namespaces/default/configmaps';

test('a server that stops ends its watches and finishes what is being written', async () => {
  const server = await startTestApiServer();
  const api = new RawApi(server.admin);
  const watch = await api.watch(`${CONFIGS}?watch=true`);
  const seen: string[] = [];
  const ended = (async () => {
    for await (const { object } of watch) seen.push(object.metadata.name);
  })();
  const writes = ['a', 'b', 'c', 'd'].map((name) =>
    api.call(CONFIGS, { method: 'POST', body: { metadata: { name } } }).then(
      ({ status }) => status,
      // Refused before it was taken: nothing was promised.
      () => 'not taken',
    ),
  );
  await Promise.all([server.close(), ended]);
  for (const status of await Promise.all(writes)) expect([201, 'not taken', 503]).toContain(status);
  api.close();
});
