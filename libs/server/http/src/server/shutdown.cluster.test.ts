import { once } from 'node:events';
import { connect } from 'node:http2';
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

/** Below the ten seconds a server that stops gives to requests it still answers. */
const AT_ONCE_MILLISECONDS = 5_000;

test(
  'a server that has answered HEAD over HTTP/2 has nothing left to wait for',
  async () => {
    const server = await startTestApiServer({ storage: 'memory' });
    const session = connect(server.url, { ca: server.admin.ca, cert: server.admin.cert, key: server.admin.key });
    for (const [path, status] of Object.entries({ '/readyz': 200, '/openapi/v2': 200, [CONFIGS]: 405 })) {
      const stream = session.request({ ':method': 'HEAD', ':path': path });
      const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
      expect(headers[':status']).toBe(status);
      await once(stream.resume(), 'close');
    }
    session.close();
    await server.close();
  },
  AT_ONCE_MILLISECONDS,
);

test('Pods are told of every API server of a store, and of none that has stopped', async () => {
  const first = await startTestApiServer();
  const second = await startTestApiServer({ storage: first.storage });
  const told = async () => {
    const { json } = await first.raw.call('/api/v1/namespaces/default/endpoints/kubernetes');
    const subsets = json.subsets as { addresses: { ip: string }[]; ports: { port: number }[] }[];
    return subsets.flatMap(({ addresses, ports }) => addresses.map(({ ip }) => `https://${ip}:${ports[0]?.port}`));
  };
  expect(await told()).toEqual([first.url, second.url].sort());
  await second.close();
  expect(await told()).toEqual([first.url]);
  await first.close();
});
