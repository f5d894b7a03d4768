import 'reflect-metadata';
import { silentLogger } from '@binnacle/machinery-context';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import {
  complaintAboutGraphql,
  driveFuzzer,
  GraphqlFuzzer,
  type GraphqlSchemaDocument,
  SCHEMA_QUERY,
  sendOverHttps,
} from '@binnacle/testing-fuzz';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';

/** A long run: `GRAPHQL_FUZZ_OPERATIONS=100000 GRAPHQL_FUZZ_SEED=7`, with a longer --testTimeout. */
const OPERATIONS = Number(process.env.GRAPHQL_FUZZ_OPERATIONS ?? 500);
const SEED = Number(process.env.GRAPHQL_FUZZ_SEED ?? 20_261_129);
const MEMORY_BYTES = 1024 ** 3;

let server: TestApiServer;
/** What the server noted as its own. */
let faults: object[];
let send: ReturnType<typeof sendOverHttps>;

beforeAll(async () => {
  faults = [];
  const logger = {
    ...silentLogger,
    error: (text: string, fields: object = {}) => void faults.push({ text, ...fields }),
  };
  server = await startTestApiServer({ ctx: { logger }, modules: (ctx, parts) => [graphqlModule(ctx, parts)] });
  send = sendOverHttps(server.admin);
  for (const name of ['a', 'web']) await make(name);
});

afterAll(async () => {
  send?.close();
  await server?.close();
});

/** Something for queries to find. */
async function make(name: string): Promise<void> {
  const metadata = { name, labels: { app: 'web' } };
  const containers = [{ name: 'c', image: 'nginx', resources: { limits: { cpu: '0.5' } } }];
  const create = (path: string, body: object) => server.raw.call(path, { method: 'POST', body });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'a', containers } };
  await create('/api/v1/namespaces/default/pods', pod);
  await create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata });
  await create('/api/v1/namespaces/default/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { key: '1.0' },
  });
}

async function readSchema(): Promise<GraphqlSchemaDocument> {
  const { json } = await server.raw.call('/graphql', { method: 'POST', body: { query: SCHEMA_QUERY } });
  return (json as unknown as { data: { __schema: GraphqlSchemaDocument } }).data.__schema;
}

test('whatever is asked is answered, and never as a fault of the server', async () => {
  const fuzzer = new GraphqlFuzzer(await readSchema(), SEED);
  const { complaints, statuses, requests } = await driveFuzzer(fuzzer, send, {
    parallel: 4,
    goOn: (sent) => sent < OPERATIONS,
    judge: (_request, answer) => complaintAboutGraphql(answer),
  });
  expect({ complaints, faults }).toEqual({ complaints: [], faults: [] });
  expect(requests).toBe(OPERATIONS);
  // Most of them get as far as to run.
  expect(statuses[200] ?? 0).toBeGreaterThan(OPERATIONS / 4);
  expect(process.memoryUsage().rss).toBeLessThan(2 * MEMORY_BYTES);
}, 600_000);
