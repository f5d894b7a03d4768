import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { CustomKinds, exampleDefinition, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

interface Doc {
  apiVersion: string;
  metadata: Record<string, unknown>;
  spec: Record<string, unknown>;
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: Doc[] };
}

/** v1 says `host` and `port`, v2 `address`. */
function convert(doc: Doc, apiVersion: string): Doc {
  const { spec } = doc;
  if (apiVersion.endsWith('/v2')) return { ...doc, apiVersion, spec: { address: `${spec.host}:${spec.port}` } };
  const [host, port] = String(spec.address).split(':');
  return { ...doc, apiVersion, spec: { host, port } };
}

const succeed = ({ request, ...review }: Review): object => ({
  ...review,
  response: {
    uid: request.uid,
    result: { status: 'Success' },
    convertedObjects: request.objects.map((doc) => convert(doc, request.desiredAPIVersion)),
  },
});

let server: TestApiServer;
let kinds: CustomKinds;
let webhook: Server;
let asked: Review[] = [];
/** What the webhook answers: JSON, or a status with some text. */
let answer: (review: Review) => object | { readonly code: number; readonly text: string };

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  kinds = new CustomKinds(server.raw);
  const { certificate: cert, key } = await server.authority.issue({ commonName: 'webhook', hosts: ['127.0.0.1'] });
  webhook = createServer({ cert, key }, async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const review = JSON.parse(text) as Review;
    asked.push(review);
    const said = answer(review);
    if ('code' in said) response.writeHead(said.code, { location: 'https://127.0.0.1:1/' }).end(said.text);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  await kinds.establish(definition());
});
afterAll(async () => {
  webhook.close();
  webhook.closeAllConnections();
  await server.close();
});
beforeEach(() => {
  asked = [];
  answer = succeed;
});

const schemaOf = (properties: object) => ({
  openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
});
const text = { type: 'string' };

function definition() {
  const { port } = webhook.address() as AddressInfo;
  const clientConfig = {
    url: `https://127.0.0.1:${port}/convert`,
    caBundle: Buffer.from(server.authority.certificate).toString('base64'),
  };
  const conversion = { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig } };
  const versions = [
    { name: 'v1', served: true, storage: true, schema: schemaOf({ host: text, port: text }) },
    { name: 'v2', served: true, storage: false, schema: schemaOf({ address: text }) },
  ];
  return exampleDefinition({ plural: 'servers', kind: 'Server' }, {}, { spec: { versions, conversion } });
}

const pathOf = (version: string) => `/apis/example.com/${version}/namespaces/default/servers`;
const serverOf = (name: string, version: string, spec: object, metadata = {}) => ({
  apiVersion: `example.com/${version}`,
  kind: 'Server',
  metadata: { name, ...metadata },
  spec,
});

describe('a conversion webhook', () => {
  test('is asked for what is shown in another version than it is stored in', async () => {
    const made = await kinds.send('POST', pathOf('v2'), serverOf('a', 'v2', { address: 'x:1' }));
    expect([made.status, made.json.apiVersion, made.json.spec]).toEqual([201, 'example.com/v2', { address: 'x:1' }]);
    asked = [];
    const { json: stored } = await kinds.patch(`${pathOf('v1')}/a`, { spec: { port: '2' } });
    expect([stored.spec, asked]).toEqual([{ host: 'x', port: '2' }, []]);
    const { json: shown } = await kinds.get(`${pathOf('v2')}/a`);
    expect(shown.spec).toEqual({ address: 'x:2' });
    // What did not change is not asked for again.
    await kinds.get(`${pathOf('v2')}/a`);
    expect(asked).toMatchObject([
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'ConversionReview',
        request: { desiredAPIVersion: 'example.com/v2', objects: [{ apiVersion: 'example.com/v1' }] },
      },
    ]);
  });

  test('is asked for a whole list at once, and for what watches tell', async () => {
    for (const name of ['l1', 'l2', 'l3']) {
      await kinds.send('POST', pathOf('v1'), serverOf(name, 'v1', { host: name, port: '2' }));
    }
    asked = [];
    const { json: list } = await kinds.get(pathOf('v2'));
    expect(list.items.map(({ spec }: Doc) => spec.address)).toEqual(expect.arrayContaining(['l1:2', 'l2:2', 'l3:2']));
    expect(asked).toHaveLength(1);
    const watch = await kinds.watch(`${pathOf('v2')}?watch=true&resourceVersion=${list.metadata.resourceVersion}`);
    await kinds.patch(`${pathOf('v1')}/l1`, { spec: { port: '3' } });
    expect((await watch.next()).object.spec).toEqual({ address: 'l1:3' });
    watch.close();
  });

  test('may change labels and annotations, and nothing else of the metadata', async () => {
    await kinds.send('POST', pathOf('v1'), serverOf('m', 'v1', { host: 'h', port: '1' }, { finalizers: ['a/b'] }));
    answer = (review) => {
      const { request } = review;
      const meddled = request.objects.map((doc) => {
        const metadata = { ...doc.metadata, labels: { by: 'webhook' }, finalizers: [], generation: 77 };
        return { ...convert(doc, request.desiredAPIVersion), metadata };
      });
      return {
        ...review,
        response: { uid: request.uid, result: { status: 'Success' }, convertedObjects: meddled },
      };
    };
    const { json } = await kinds.get(`${pathOf('v2')}/m`);
    expect(json.metadata).toMatchObject({ labels: { by: 'webhook' }, finalizers: ['a/b'], generation: 1 });
    answer = succeed;
    await kinds.patch(`${pathOf('v1')}/m`, { metadata: { finalizers: null } });
  });

  const said = (response: object) => (review: Review) => ({
    ...review,
    response: { uid: review.request.uid, ...response },
  });
  const whole = (review: Review) => review.request.objects.map((doc) => convert(doc, review.request.desiredAPIVersion));
  const bad: [string, (review: Review) => object, string][] = [
    ['refuses', said({ result: { status: 'Failure', message: 'no such thing' } }), 'failed: no such thing'],
    ['answers another question', (review) => ({ ...review, response: { uid: 'x' } }), 'failed: expected response.uid='],
    ['answers nothing', (review) => ({ ...review }), 'failed: no response provided'],
    ['answers an error', () => ({ code: 500, text: 'oops' }), 'failed: the server answered 500'],
    ['sends elsewhere', () => ({ code: 302, text: '' }), 'failed: the server answered 302'],
    ['answers what is no JSON', () => ({ code: 200, text: 'oops' }), 'failed: '],
    ['answers too much', () => ({ code: 200, text: 'x'.repeat(8 * 1024 * 1024) }), 'failed: the answer is too large'],
    [
      'forgets an object',
      said({ result: { status: 'Success' }, convertedObjects: [] }),
      'returned 0 objects, expected 1',
    ],
    [
      'answers another version',
      (review) => said({ result: { status: 'Success' }, convertedObjects: review.request.objects })(review),
      'returned invalid converted object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)',
    ],
    [
      'renames',
      (review) => {
        const renamed = whole(review).map((doc) => ({ ...doc, metadata: { ...doc.metadata, name: 'z' } }));
        return said({ result: { status: 'Success' }, convertedObjects: renamed })(review);
      },
      'returned invalid converted object at index 0: must have the same name: a != z',
    ],
  ];
  test.each(bad)('that %s is believed in nothing', async (_what, answers, message) => {
    await kinds.patch(`${pathOf('v1')}/a`, { spec: { port: message } });
    answer = answers;
    const { status, json } = await kinds.get(`${pathOf('v2')}/a`);
    expect(status).toBe(500);
    expect(json.message).toContain(`conversion webhook for example.com/v1, Kind=Server ${message}`);
  });

  test('is not asked where its certificate is not by the authority that its definition says, or where it is a link’s own address', async () => {
    const config = (clientConfig: object) => ({ spec: { conversion: { webhook: { clientConfig } } } });
    const before = definition().spec as unknown as { conversion: { webhook: { clientConfig: { caBundle: string } } } };
    const other = await startTestApiServer({ storage: 'memory' });
    const caBundle = Buffer.from(other.authority.certificate).toString('base64');
    await other.close();
    await kinds.changeDefinition('servers.example.com', config({ caBundle }));
    const { json: untrusted } = await kinds.get(`${pathOf('v2')}/a`);
    expect([untrusted.message, asked]).toEqual([expect.stringMatching(/certificate/), []]);
    await kinds.changeDefinition('servers.example.com', config({ url: 'https://169.254.169.254/latest' }));
    const { json: refused } = await kinds.get(`${pathOf('v2')}/a`);
    expect(refused.message).toContain('failed: nobody may be asked at 169.254.169.254');
    await kinds.changeDefinition('servers.example.com', config(before.conversion.webhook.clientConfig));
    expect((await kinds.get(`${pathOf('v2')}/a`)).status).toBe(200);
  });
});
