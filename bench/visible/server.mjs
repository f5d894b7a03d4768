// The API server of the benchmark of visible lists, in a process of its own: it is filled past the API, and tells what it costs.
import { setMaxListeners } from 'node:events';
import { startTestApiServer } from '@binnacle/testing-cluster';
import { ACTOR, createMany, ctx, podWrite } from '../store/setup.mjs';

const server = await startTestApiServer();
setMaxListeners(0);

function* podsOf(namespaces, each) {
  for (let at = 0; at < namespaces * each; at += 1) {
    yield podWrite('main', `pod-${at}`, { namespace: `ns-${at % namespaces}`, node: `node-${at % 100}` });
  }
}

/** What is left of the heap and of buffers when nothing is needless. */
function held() {
  for (let time = 0; time < 3; time += 1) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const ANSWERS = {
  fill: async ({ namespaces, each }) => {
    await createMany(server.storage, podsOf(namespaces, each), 512);
    return {};
  },
  touch: async ({ namespace, name }) => {
    const key = { cluster: 'main', resource: 'pods', namespace, name };
    const { body, attributes, revision } = await server.storage.get(ctx, key);
    await server.storage.write(ctx, { op: 'update', key, body, attributes, actor: ACTOR, expected: revision });
    return {};
  },
  cost: () => ({ cpu: process.cpuUsage() }),
  memory: () => ({ held: held(), open: server.parts.openRights.size }),
};

process.send({ admin: server.admin, person: await server.configFor('person') });
process.on('message', async ({ question, ...rest }) => process.send(await ANSWERS[question](rest)));
process.on('disconnect', async () => {
  await server.close();
  process.exit(0);
});
