import { CustomKinds, exampleDefinition, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

const FIELDS = 100;
/** A name, its schema, and in that a type, a description and a length: four values a field. */
const VALUES_A_FIELD = 4;
const NAMES = { plural: 'flows', singular: 'flow', kind: 'Flow', listKind: 'FlowList' };
const NAME = 'flows.example.com';
const DEFINITION = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${NAME}`;
/** What one piece of work may keep everybody else waiting, as copies of the definition that could be made meanwhile; much more than it should. */
const LONGEST_STOP = 60;
const COPIES = 5;

const field = { type: 'string', description: 'What a large operator says of each of its fields.', maxLength: 100 };
const sized = (values: number) => {
  const parts = Array.from({ length: Math.floor(values / FIELDS / VALUES_A_FIELD) }, (_, part) => {
    const properties = Object.fromEntries(Array.from({ length: FIELDS }, (_, at) => [`field${at}`, field]));
    return [`part${part}`, { type: 'object', properties }];
  });
  const spec = { type: 'object', properties: Object.fromEntries(parts) };
  return exampleDefinition(NAMES, { type: 'object', properties: { spec } });
};

let server: TestApiServer;
let kinds: CustomKinds;

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  kinds = new CustomKinds(server.raw);
});
afterAll(() => server.close());

/** The longest time between two rounds of the event loop while something is done, in milliseconds of the processor. */
async function longestStop(work: () => Promise<void>): Promise<number> {
  let [longest, isOver] = [0, false];
  const watching = (async () => {
    while (!isOver) {
      const before = process.cpuUsage();
      await new Promise(setImmediate);
      const { user, system } = process.cpuUsage(before);
      longest = Math.max(longest, (user + system) / 1000);
    }
  })();
  await work();
  isOver = true;
  await watching;
  return longest;
}

/** What a copy of it costs on this machine as it is now: how fast that is, and how busy, is the same for both. */
function copying(definition: object): number {
  const before = process.cpuUsage();
  for (let copy = 0; copy < COPIES; copy += 1) JSON.parse(JSON.stringify(definition));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / COPIES;
}

test('a definition as large as the largest of well-known operators is served, and nobody waits for it', async () => {
  const definition = sized(64_000);
  const created = await longestStop(async () => {
    expect((await kinds.establish(definition)).metadata.generation).toBe(1);
  });
  const applied = await longestStop(async () => {
    const { status, json } = await kinds.patch(`${DEFINITION}?fieldManager=chart`, definition, 'apply');
    expect([status, json.message]).toEqual([200, undefined]);
  });
  const again = await longestStop(async () => {
    const { status } = await kinds.patch(`${DEFINITION}?fieldManager=chart`, definition, 'apply');
    expect(status).toBe(200);
  });
  const updated = await longestStop(async () => {
    const { json } = await kinds.definition(NAME);
    expect(
      (await kinds.send('PUT', DEFINITION, { ...json, metadata: { ...json.metadata, labels: { a: 'b' } } })).status,
    ).toBe(200);
  });
  const used = await longestStop(async () => {
    const flow = {
      apiVersion: 'example.com/v1',
      kind: 'Flow',
      metadata: { name: 'a' },
      spec: { part0: { field0: 'x', odd: 1 } },
    };
    const made = await kinds.send('POST', '/apis/example.com/v1/namespaces/default/flows', flow);
    expect([made.status, made.json.spec]).toEqual([201, { part0: { field0: 'x' } }]);
    expect((await kinds.get('/openapi/v3/apis/example.com/v1')).text).toContain('field99');
  });
  const copy = copying(definition);
  const stops = Object.entries({ created, applied, again, updated, used });
  const inCopies = stops.map(([work, stop]) => [work, stop / copy] as const);
  expect(inCopies.filter(([, copies]) => copies > LONGEST_STOP)).toEqual([]);
}, 60_000);

test('a larger one is refused, and so is anything else of that size', async () => {
  const { status, json } = await kinds.define(sized(101_000));
  expect([status, json.message]).toEqual([413, expect.stringContaining('limit is 100000 values in one body')]);
  const data = Object.fromEntries(Array.from({ length: 25_000 }, (_, at) => [`k${at}`, '']));
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'large' }, data };
  const refused = await server.raw.call('/api/v1/namespaces/default/configmaps', { method: 'POST', body: map });
  expect([refused.status, refused.json.message]).toEqual([413, expect.stringContaining('limit is 20000 values')]);
});
