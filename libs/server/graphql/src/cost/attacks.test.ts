import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden, StatusError } from '@binnacle/machinery-meta';
import {
  asServer,
  admitEverything,
  Registry,
  type RequestContext,
  systemContext,
  fixedResourceSets,
} from '@binnacle/server-registry';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { getIntrospectionQuery, parse, type OperationDefinitionNode } from 'graphql';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as documents from '../../../../../bench/attacks/graphql-documents.mjs';
import type { OperationEstimate } from './estimate.js';
import { GraphqlService } from '../index.js';
import { Analyzer } from './analyzer.js';
import { LIMITS } from './limits.js';
import { Pacer, SLICE } from './pacer.js';

type Document = { query: string; variables?: Record<string, unknown> };

const PODS = 2_000;

let clock: FakeClock;
let client: AbortController;
let ctx: RequestContext;
let registry: Registry;
let service: GraphqlService;
let estimates: OperationEstimate[];
/** Slices of the event loop that operations took. */
let turns: number;
let mayList: boolean;
/** What happens as soon as an operation runs. */
let begun: () => void;

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'web' } },
  spec: { nodeName: `n${Number(name.slice(1)) % 10}`, containers: [{ name: 'c', image: 'nginx' }] },
});

beforeAll(async () => {
  const storage = new MemoryStorage();
  const setUp = systemContext(
    { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger },
    'main',
  );
  await storage.createCluster(setUp, 'main');
  registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  const actor = { user: '', client: '' };
  const put = (resource: string, namespace: string, object: object & { metadata: { name: string } }, fields = {}) =>
    storage.write(setUp, {
      op: 'create',
      key: { cluster: 'main', resource, namespace, name: object.metadata.name },
      body: encodeBody(object as never),
      attributes: { labels: {}, fields },
      actor,
    });
  for (let at = 0; at < PODS; at += 1) await put('pods', 'default', pod(`p${at}`), { 'spec.nodeName': `n${at % 10}` });
  for (let at = 0; at < 10; at += 1)
    await put('nodes', '', { apiVersion: 'v1', kind: 'Node', metadata: { name: `n${at}`, uid: `n${at}` } } as never);
});

beforeEach(() => {
  clock = new FakeClock();
  client = new AbortController();
  ctx = systemContext({ signal: client.signal, clock, logger: silentLogger }, 'main');
  [estimates, turns, mayList, begun] = [[], 0, true, () => undefined];
  const pacer = new Pacer((run) => {
    turns += 1;
    setImmediate(run);
  });
  service = new GraphqlService({
    registry,
    pacer,
    authorize: (caller) =>
      mayList
        ? Promise.resolve(asServer(caller))
        : Promise.reject(newForbidden({ group: '', resource: 'pods' }, '', 'no')),
    admit: (_, estimate, run) => {
      estimates.push(estimate);
      const running = run();
      begun();
      return running;
    },
  });
});

interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly data?: Record<string, never> | null;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
  readonly extensions?: { cost: Record<string, number> };
}

async function ask(document: Document): Promise<Answer> {
  const { status, body } = await service.execute(ctx, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    search: '',
    body: Buffer.from(JSON.stringify(document)),
  });
  return { status, bytes: body.length, ...(JSON.parse(body.toString()) as object) };
}

const asDocument = (make: unknown): Document => (make as () => Document)();

describe('documents that once stopped the server', () => {
  const refused = Object.entries(documents.DOCUMENTS);

  test.each(refused)('%s is refused before it runs, or costs what it may', async (_, make) => {
    const { status, data, errors = [], extensions } = await ask(asDocument(make));
    expect(status).toBeLessThan(500);
    if (data === undefined)
      expect(['RequestEntityTooLarge', 'GRAPHQL_PARSE_FAILED']).toContain(errors[0]?.extensions.code);
    else expect(extensions?.cost.actual).toBeLessThanOrEqual(LIMITS.points);
  });

  test.each([
    ['fragments that spread the next one twice', documents.nestedFragments],
    ['fragments with relations around each', documents.nestedFieldFragments],
    ['fragments that lead to no field', documents.emptyFragments],
    ['fragments that go round', documents.fragmentCycle],
  ])('%s are looked at once each', (_, make) => {
    const document = parse(asDocument(make).query);
    const analyzer = new Analyzer(service.schemas.builtin.schema, document, {});
    const [operation] = document.definitions as OperationDefinitionNode[];
    expect(() => analyzer.measure(operation as OperationDefinitionNode)).toThrow();
    expect(analyzer.visits).toBeLessThanOrEqual(3 * document.definitions.length);
  });

  test('variables of more values than any body may hold are not even read', async () => {
    const { status, errors } = await ask(documents.manyOperands(30_000));
    expect([status, errors?.[0]?.extensions.code]).toEqual([413, 'RequestEntityTooLarge']);
  });

  test('a document of many small fragments is measured in one look at each of its selections', () => {
    const count = 150;
    const spreads = Array.from({ length: count }, (_, at) => `...F${at}`).join(' ');
    const fragments = Array.from({ length: count }, (_, at) => `fragment F${at} on Pod { ...G }`).join(' ');
    const document = parse(`{ pods { nodes { ${spreads} } } } fragment G on Pod { kind } ${fragments}`);
    const analyzer = new Analyzer(service.schemas.builtin.schema, document, {});
    expect(analyzer.measure(document.definitions[0] as OperationDefinitionNode).fields).toBe(count + 2);
    expect(analyzer.visits).toBe(count + 4);
  });

  test.each([
    ['values in a variable', documents.manyOperands(5_000), 'values in arguments'],
    ['values in a variable that is used again and again', documents.sharedOperands(30, 900), 'values in arguments'],
    ['sort keys', documents.sortKeys(60), 'sort keys'],
    ['directives', documents.directiveFlood(300), 'directives'],
    ['aliases of a relation', documents.aliasesOfRelation(200), 'aliases'],
    ['fields of the operation', documents.aliasesOfEmptyPage(60), 'fields of its own'],
    ['introspection that goes round', documents.introspectionFlood(2), 'types of the types'],
    ['the schema many times', documents.introspectionAliases(50), 'points'],
    ['levels', { query: `{ pods { nodes ${'{ owners '.repeat(30)}{ kind }${' }'.repeat(30)} } }` }, 'levels deep'],
    ['levels of variables', documents.deepInput(200), 'levels deep'],
  ])('too many %s are named', async (_, document, named) => {
    const { status, errors = [] } = await ask(document as Document);
    expect([status, errors[0]?.extensions.code]).toEqual([status === 413 ? 413 : 400, 'RequestEntityTooLarge']);
    expect(errors[0]?.message).toContain(named);
  });

  test('unknown fields are told of only some', async () => {
    const { errors = [] } = await ask(documents.unknownFields(40) as Document);
    expect(errors.length).toBeLessThanOrEqual(21);
  });

  test('the usual introspection is answered, in turns', async () => {
    const { data, extensions } = await ask({ query: getIntrospectionQuery() });
    expect(data).toHaveProperty('__schema');
    expect(extensions?.cost.actual).toBeGreaterThan(10_000);
    expect(turns).toBeGreaterThan(10);
  });
});

describe('fields that share a name', () => {
  test.each([
    ['different fields', '{ pods { nodes { a: kind a: apiVersion } } }'],
    ['different arguments', '{ a: pods(first: 1) { totalCount } a: pods(first: 2) { totalCount } }'],
    [
      'different fields inside a fragment',
      '{ pods { nodes { metadata { name } ...F } } } fragment F on Pod { metadata { name: uid } }',
    ],
    [
      'different shapes of different kinds',
      '{ object(apiVersion: "v1", kind: "Pod", name: "a") { ... on Pod { a: kind } ... on Node { a: metadata { name } } } }',
    ],
    [
      'different shapes further inside',
      '{ object(apiVersion: "v1", kind: "Pod", name: "a") { ... on Pod { spec { a: nodeName } } ... on Node { spec { a: unschedulable } } } }',
    ],
  ])('and are %s conflict', async (_, query) => {
    expect((await ask({ query })).errors?.[0]?.message).toContain('conflict');
  });

  test.each([
    ['the same', '{ pods(first: 1) { nodes { kind kind metadata { name } metadata { uid } } } }'],
    [
      'of different kinds',
      '{ object(apiVersion: "v1", kind: "Pod", name: "p1") { ... on Pod { a: kind } ... on Node { a: apiVersion } } }',
    ],
  ])('and are %s do not', async (_, query) => {
    expect((await ask({ query })).errors).toBeUndefined();
  });
});

describe('what an operation costs', () => {
  test('is known before it runs and told afterwards', async () => {
    const { extensions } = await ask({
      query: '{ pods(first: 10, sort: [{ path: "spec.nodeName" }]) { nodes { metadata { name } } } }',
    });
    expect(estimates).toEqual([{ type: 'query', points: extensions?.cost.estimated, rows: PODS }]);
    expect(extensions?.cost).toMatchObject({ rows: PODS, objects: 10, fields: 21, limit: LIMITS.points });
    expect(extensions?.cost.estimated).toBeGreaterThan((extensions?.cost.actual ?? 0) / 4);
  });

  test('grows with the rows that are looked at, and not with the rows behind the page', async () => {
    const plain = await ask({ query: '{ pods(first: 10) { totalCount } }' });
    expect(plain.data).toEqual({ pods: { totalCount: PODS } });
    expect(plain.extensions?.cost.rows).toBe(10);
    const nobody = '{ pods(first: 10, labelSelector: "app=none") { totalCount } }';
    expect((await ask({ query: nobody })).extensions?.cost.rows).toBe(PODS);
  });

  test('says nothing of how many there are of what may not be listed', async () => {
    mayList = false;
    const { extensions } = await ask({ query: '{ pods(sort: [{ path: "kind" }]) { totalCount } }' });
    expect(estimates[0]?.rows).toBe(0);
    expect(extensions?.cost.rows).toBe(0);
  });

  test('ends it where it becomes too much, with one error and nothing that looks like an answer', async () => {
    const raw = Array.from({ length: 90 }, (_, at) => `a${at}: raw`).join(' ');
    const { data, errors, bytes, extensions } = await ask({ query: `{ pods(first: 1000) { nodes { ${raw} } } }` });
    expect([data, errors?.length, errors?.[0]?.extensions.code]).toEqual([null, 1, 'RequestEntityTooLarge']);
    expect(errors?.[0]?.message).toContain('the answer is larger');
    expect(extensions?.cost.bytes).toBeLessThan(LIMITS.answerBytes + 1024 * 1024);
    expect(bytes).toBeLessThan(1_000);
  });

  test('is spread over many turns of the event loop', async () => {
    const { extensions } = await ask({
      query:
        '{ pods(first: 1000, sort: [{ path: "metadata.uid" }]) { nodes { metadata { name } spec { containers { image } } } } }',
    });
    expect(turns).toBeGreaterThan((extensions?.cost.actual ?? 0) / SLICE / 2);
    expect(turns).toBeGreaterThan(20);
  });
});

describe('an operation ends', () => {
  const slow = {
    query: '{ pods(first: 1000, sort: [{ path: "metadata.uid" }]) { nodes { owned { kind } events { reason } } } }',
  };

  test('when its client has gone', async () => {
    begun = () => client.abort(new StatusError(499, '', 'the client has closed the connection'));
    expect(await ask(slow)).toMatchObject({ data: null });
    const reached = turns;
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeLessThan(reached + 3);
  });

  test('when its time is up', async () => {
    begun = () => clock.step(LIMITS.milliseconds);
    const { errors } = await ask(slow);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['Timeout']);
  });

  test('before it begins where the identity has many of them running', async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    service = new GraphqlService({
      registry,
      authorize: (caller) => Promise.resolve(asServer(caller)),
      admit: (_, __, run) => held.then(run),
    });
    const running = Array.from({ length: LIMITS.operationsAtOnce }, () => ask({ query: '{ whoami }' }));
    await new Promise((resolve) => setImmediate(resolve));
    const refused = await ask({ query: '{ whoami }' });
    expect([refused.status, refused.errors?.[0]?.extensions.code]).toEqual([429, 'TooManyRequests']);
    finish();
    expect((await Promise.all(running)).every(({ status }) => status === 200)).toBe(true);
    expect((await ask({ query: '{ whoami }' })).status).toBe(200);
  });
});
