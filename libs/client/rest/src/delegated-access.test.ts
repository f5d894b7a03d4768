import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { beforeEach, expect, test } from 'vitest';
import { DelegatedAccess } from './delegated-access.js';

let clock = new FakeClock();
let asked: string[] = [];
let down = false;
let access: DelegatedAccess;
let ctx: Context;

const answers: Record<string, (spec: Record<string, unknown>) => object> = {
  '/apis/authentication.k8s.io/v1/tokenreviews': ({ token }) =>
    token === 'good' ? { authenticated: true, user: { username: 'prometheus', groups: ['system:monitoring'] } } : {},
  '/apis/authorization.k8s.io/v1/subjectaccessreviews': ({ user, nonResourceAttributes }) => ({
    allowed: user === 'prometheus' && (nonResourceAttributes as { path?: string } | undefined)?.path === '/metrics',
  }),
};

beforeEach(() => {
  clock = new FakeClock();
  [asked, down] = [[], false];
  ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  access = new DelegatedAccess({
    raw: async (_ctx, _method, path, body = '') => {
      asked.push(path.split('/').at(-1) ?? '');
      if (down) return { status: 503, body: '' };
      return { status: 201, body: JSON.stringify({ status: answers[path]?.(JSON.parse(body).spec) }) };
    },
  });
});

const metrics = { verb: 'get', path: '/metrics' };

test('who may is let in, and asked about once in ten seconds', async () => {
  expect(await access.refusal(ctx, 'Bearer good', metrics)).toBeUndefined();
  expect(await access.refusal(ctx, 'bearer good', metrics)).toBeUndefined();
  expect(asked).toEqual(['tokenreviews', 'subjectaccessreviews']);
  clock.step(10_000);
  await access.refusal(ctx, 'Bearer good', metrics);
  expect(asked).toHaveLength(4);
});

test.each([undefined, '', 'Bearer ', 'Basic Zm9vOmJhcg==', 'Bearer bad', 'Bearer good more'])(
  '%j is nobody',
  async (authorization) => {
    expect(await access.refusal(ctx, authorization, metrics)).toEqual({ status: 401, message: 'Unauthorized' });
  },
);

test('who may not is told so', async () => {
  expect(await access.refusal(ctx, 'Bearer good', { verb: 'get', path: '/debug/pprof' })).toEqual({
    status: 403,
    message: 'forbidden: User "prometheus" cannot get path "/debug/pprof"',
  });
  const act = { verb: 'get', node: 'n', subresource: 'proxy' };
  expect(await access.refusal(ctx, undefined, act, { name: 'bob', groups: [] })).toEqual({
    status: 403,
    message: 'Forbidden (user=bob, verb=get, resource=nodes, subresource=[proxy])',
  });
});

test('where nobody can be asked, nobody is let in, and it is asked again', async () => {
  down = true;
  expect(await access.refusal(ctx, 'Bearer good', metrics)).toMatchObject({ status: 503 });
  down = false;
  expect(await access.refusal(ctx, 'Bearer good', metrics)).toBeUndefined();
});

test('strangers cannot fill the memory', async () => {
  for (let at = 0; at < 2000; at += 1) await access.refusal(ctx, `Bearer t${at}`, metrics);
  expect(await access.refusal(ctx, 'Bearer good', metrics)).toBeUndefined();
});
