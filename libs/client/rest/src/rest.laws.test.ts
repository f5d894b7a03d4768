import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { formatYaml } from '@binnacle/machinery-yaml';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import {
  kubeClientOver,
  loadKubeconfig,
  type Transport,
  type TransportAnswer,
  TransportError,
  type TransportRequest,
} from './index.js';
import { groupVersionPath, objectPath, queryString } from './paths.js';

const PODS = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string } | Error;
let answers: Answer[];
let asked: TransportRequest[];
let clock: FakeClock;
let abort: AbortController;
const ctx = () => ({ signal: abort.signal, clock, logger: silentLogger });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A server that answers as the test says; what it has no answer for it answers with an empty object. */
const transport: Transport = {
  send: async (_, request): Promise<TransportAnswer> => {
    asked.push(request);
    const answer = answers.shift() ?? { status: 200 };
    if (answer instanceof Error) throw answer;
    const { status, headers = {}, text = '{}' } = answer;
    return {
      status,
      header: (name) => headers[name],
      text: async () => text,
      async *chunks() {
        yield Buffer.from(text);
      },
    };
  },
  close: async () => undefined,
};
beforeEach(() => {
  [answers, asked, clock, abort] = [[], [], new FakeClock(), new AbortController()];
});

describe('what fails', () => {
  const failure = async (answer: Answer): Promise<StatusError> => {
    answers = [answer];
    return kubeClientOver(transport)
      .resource(PODS)
      .get(ctx(), { name: 'a', namespace: 'b' })
      .then(
        () => Promise.reject(new Error('it did not fail')),
        (error: StatusError) => error,
      );
  };

  test('says what the server said', async () => {
    const status = { kind: 'Status', reason: 'Conflict', code: 409, message: 'changed', details: { name: 'a' } };
    expect(await failure({ status: 409, text: JSON.stringify(status) })).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'changed',
      details: { name: 'a' },
    });
    expect(await failure({ status: 418, text: '{"kind":"Status","reason":"X","message":"m"}' })).toMatchObject({
      code: 418,
    });
  });

  test.each([
    [404, '<html>not here</html>', 'NotFound', '<html>not here</html>'],
    [502, '', 'InternalError', 'the server answered 502'],
    [503, '  ', 'ServiceUnavailable', 'the server answered 503'],
    [401, 'null', 'Unauthorized', 'null'],
    [400, '"text"', 'BadRequest', '"text"'],
    [500, 'x'.repeat(1_000), 'InternalError', 'x'.repeat(200)],
  ])('of another server (%i, %j) is %s', async (status, text, reason, message) => {
    expect(await failure({ status, text })).toMatchObject({ code: status, reason, message });
  });

  test('is a StatusError, whatever was answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 599 }),
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        async (status, text) => {
          expect(await failure({ status, text })).toBeInstanceOf(StatusError);
        },
      ),
    );
  });
});

describe('what is asked again', () => {
  const get = () => kubeClientOver(transport).raw(ctx(), 'GET', '/x');
  /** Lets as much time pass as is waited for. */
  async function passed(work: Promise<unknown>): Promise<[unknown, number]> {
    const begun = clock.now();
    let result: unknown;
    void work.then(
      (value) => (result = value),
      (error: unknown) => (result = error),
    );
    for (let turns = 0; turns < 100 && result === undefined; turns += 1) {
      await turn();
      if (clock.nextAt !== undefined) clock.stepTo(clock.nextAt);
    }
    return [result, (clock.now() - begun) / 1_000];
  }

  test.each<[number, string | undefined, number, number]>([
    [429, '2', 2, 2],
    [503, '0', 2, 0],
    [500, '3', 2, 3],
    [429, '86400', 2, 30],
    [429, undefined, 1, 0],
    [429, '-1', 1, 0],
    [429, 'Wed, 21 Oct 2026 07:28:00 GMT', 1, 0],
    [404, '2', 1, 0],
    [200, '2', 1, 0],
  ])('after %i with Retry-After %s: %i times within %i s', async (status, after, times, seconds) => {
    answers = [{ status, ...(after !== undefined && { headers: { 'retry-after': after } }) }];
    const [, waited] = await passed(get());
    expect([asked.length, waited]).toEqual([times, seconds]);
  });

  test('is so ten times, and stands then', async () => {
    answers = Array.from({ length: 20 }, () => ({ status: 503, headers: { 'retry-after': '1' } }));
    expect(await passed(get())).toEqual([{ status: 503, body: '{}' }, 10]);
    expect(asked).toHaveLength(11);
  });

  test('is not so for somebody who gave up', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '10' } }];
    const failed = get().catch((error: unknown) => error);
    await turn();
    const why = new Error('gone');
    abort.abort(why);
    expect(await failed).toBe(why);
    expect(asked).toHaveLength(1);
  });

  test.each<[string, string, boolean, number]>([
    ['a read', 'GET', false, 2],
    ['a write', 'POST', false, 1],
    ['a watch', 'GET', true, 1],
  ])('where the connection broke: %s', async (_, method, streaming, times) => {
    answers = [new TransportError('broken'), new TransportError('broken again')];
    const client = kubeClientOver(transport);
    const work = streaming
      ? client.resource(PODS).watch(ctx(), {})[Symbol.asyncIterator]().next()
      : client.raw(ctx(), method, '/x');
    await expect(work).rejects.toBeInstanceOf(TransportError);
    expect(asked).toHaveLength(times);
  });
});

describe('requests', () => {
  test('say who asks, for what and how', async () => {
    const client = kubeClientOver(transport, { userAgent: 'me', token: 't', cluster: 'lab' });
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'b' } } as UnstructuredObject;
    await client.resource(PODS).patch(ctx(), { name: 'a', namespace: 'b' }, 'strategic', {}, 'status');
    await client.inCluster('main').resource(PODS).updateStatus(ctx(), pod);
    await client
      .resource(PODS)
      .deleteCollection(ctx(), { namespace: 'b', labelSelector: 'a=b' }, { gracePeriodSeconds: 0 });
    await client.resource(PODS).createSubresource(ctx(), { name: 'a', namespace: 'b' }, 'binding', pod);
    await client.metadata(PODS).list(ctx());
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PATCH /clusters/lab/api/v1/namespaces/b/pods/a/status',
      'PUT /api/v1/namespaces/b/pods/a/status',
      'DELETE /clusters/lab/api/v1/namespaces/b/pods?labelSelector=a%3Db',
      'POST /clusters/lab/api/v1/namespaces/b/pods/a/binding',
      'GET /clusters/lab/api/v1/pods',
    ]);
    expect(asked[0]?.headers).toEqual({
      'user-agent': 'me',
      authorization: 'Bearer t',
      accept: 'application/json',
      'content-type': 'application/strategic-merge-patch+json',
    });
    expect(JSON.parse(asked[2]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
    });
    expect(asked[4]?.headers.accept).toContain('as=PartialObjectMetadataList');
  });

  test('lead to one object each, whatever it is called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
        (name, namespace) => {
          fc.pre(![name, namespace].some((one) => /^\.{1,2}$/.test(one)));
          const parts = new URL(`http://h${objectPath(PODS, { name, namespace }, 'log')}?x=1`).pathname.split('/');
          expect(parts.map(decodeURIComponent)).toEqual([
            '',
            'api',
            'v1',
            'namespaces',
            namespace,
            'pods',
            name,
            'log',
          ]);
        },
      ),
    );
    for (const name of ['.', '..']) {
      expect(() => objectPath(PODS, { name, namespace: 'b' })).toThrow('is no name');
      expect(() => objectPath(PODS, { name: 'a', namespace: name })).toThrow('is no name');
    }
    expect(groupVersionPath({ group: 'apps', version: 'v1' })).toBe('/apis/apps/v1');
  });

  test('ask for what was said, and leave out what was not', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '&', '=', '%', ' ', '+', 'é', '#') });
    fc.assert(
      fc.property(text, text, fc.option(fc.nat(9), { nil: undefined }), (labelSelector, token, limit) => {
        const query = queryString({ namespace: 'n', labelSelector, continue: token, limit }, { watch: 'true' });
        const read = Object.fromEntries(new URL(`http://h/${query}`).searchParams);
        const said = {
          watch: 'true',
          ...(labelSelector && { labelSelector }),
          ...(token && { continue: token }),
          ...(limit !== undefined && { limit: String(limit) }),
        };
        expect(read).toEqual(said);
      }),
    );
    expect(queryString({ namespace: 'n' })).toBe('');
  });

  test('give items of a list the type that it says for them', async () => {
    answers = [
      {
        status: 200,
        text: '{"kind":"PodList","items":[{"metadata":{"name":"a"}},{"kind":"X","apiVersion":"y","metadata":{}}]}',
      },
      { status: 200 },
    ];
    const client = kubeClientOver(transport).resource(PODS);
    expect((await client.list(ctx())).items).toEqual([
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } },
      { apiVersion: 'y', kind: 'X', metadata: {} },
    ]);
    expect((await client.list(ctx())).items).toEqual([]);
  });
});

describe('a kubeconfig', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const config = (cluster: unknown, user: unknown = {}, context: unknown = { cluster: 'c', user: 'u' }) =>
    formatYaml({
      'current-context': 'x',
      contexts: [{ name: 'x', context }],
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user }],
    });

  test('names files beside it, of which data given in it takes the place', () => {
    for (const [name, text] of [
      ['ca', 'CA'],
      ['token', ' secret\n'],
    ] as const)
      writeFileSync(join(directory, name), text);
    const load = (user: object) =>
      loadKubeconfig(config({ server: 'https://h', 'certificate-authority': 'ca' }, user), { directory });
    expect(load({ tokenFile: 'token' })).toMatchObject({ ca: 'CA', token: 'secret' });
    expect(load({ tokenFile: 'token', token: 'own' })).toMatchObject({ token: 'own' });
    expect(() => load({ 'client-key': 'gone' })).toThrow('ENOENT');
  });

  test.each<[string, string, string]>([
    ['empty', '', 'kubeconfig: there is no context ""'],
    ['a list', '[]', 'kubeconfig: there is no context ""'],
    ['contexts that are none', 'contexts: 5', 'there is no context ""'],
    ['a context of nothing', config({ server: 'https://h' }, {}, null), 'there is no cluster ""'],
    ['an entry of nothing', '{current-context: x, contexts: [null]}', 'there is no context "x"'],
    [
      'a user that is not there',
      config({ server: 'https://h' }, {}, { cluster: 'c', user: 'v' }),
      'there is no user "v"',
    ],
    ['no server', config({}), 'the server of cluster "c" is no URL'],
    ['a server that is none', config({ server: 'here' }), 'the server of cluster "c" is no URL'],
    ['a server that is a number', config({ server: 6443 }), 'the server of cluster "c" is no URL'],
    ['a cluster of nothing', config(null), 'the server of cluster "c" is no URL'],
  ])('with %s says what is wrong', (_, text, message) => {
    expect(() => loadKubeconfig(text)).toThrow(message);
  });

  test('may have a user of nothing', () => {
    expect(loadKubeconfig(config({ server: 'https://h:1/clusters/lab/' }, null))).toMatchObject({
      server: 'https://h:1',
      cluster: 'lab',
    });
  });
});
