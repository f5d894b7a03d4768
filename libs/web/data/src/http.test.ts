import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { call, onUnauthorized, open, UnreachableError } from './http.js';
import { create, getObject, remove, replace, restart, rollBack, scale, setUnschedulable } from './mutations.js';
import { fetchTable } from './tables.js';

interface Sent {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const sent: Sent[] = [];
let answer: () => Response | Promise<Response>;
beforeEach(() => {
  sent.length = 0;
  answer = () => new Response('{}');
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined;
    sent.push({ path, method: init.method ?? '', headers: init.headers as Record<string, string>, body });
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

const status =
  (code: number, more: object = {}, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify({ kind: 'Status', code, reason: 'Forbidden', message: 'no', ...more }), {
      status: code,
      headers,
    });

describe('a request', () => {
  test('that reads is plain, one that changes proves that this page asked', async () => {
    await call('/api/v1/pods');
    await call('/api/v1/pods', { method: 'POST', body: { a: 1 } });
    expect(sent[0]).toEqual({
      path: '/api/v1/pods',
      method: 'GET',
      headers: { accept: 'application/json' },
      body: undefined,
    });
    expect(sent[1]?.headers).toMatchObject({ 'x-binnacle-csrf': '1', 'content-type': 'application/json' });
  });

  test('answers what came, and nothing where nothing came', async () => {
    answer = () => new Response('{"a":1}');
    expect(await call('/x')).toEqual({ a: 1 });
    answer = () => new Response('');
    expect(await call('/x')).toBeUndefined();
  });

  test('that is refused fails as the server says', async () => {
    answer = status(403);
    await expect(call('/x')).rejects.toMatchObject({ code: 403, reason: 'Forbidden', message: 'no' });
    answer = () => new Response('<html>bad gateway', { status: 502 });
    await expect(call('/x')).rejects.toMatchObject({ code: 502, message: '<html>bad gateway' });
  });

  test.each([
    ['the header', {}, 7],
    ['the status, whatever the header says', { details: { retryAfterSeconds: 3 } }, 3],
  ])('is told when to come again by %s', async (_, more, seconds) => {
    answer = status(429, more, { 'retry-after': '7' });
    await expect(call('/x')).rejects.toMatchObject({ details: { retryAfterSeconds: seconds } });
  });

  test('that reaches nobody is told from one that is refused', async () => {
    answer = () => Promise.reject(new TypeError('failed to fetch'));
    await expect(open('/x')).rejects.toBeInstanceOf(UnreachableError);
    answer = () => new Response('', { status: 503, headers: { 'x-binnacle-upstream': 'unavailable' } });
    await expect(open('/x')).rejects.toBeInstanceOf(UnreachableError);
  });

  test('that was given up fails as that', async () => {
    const abort = new AbortController();
    const reason = new Error('given up');
    answer = () => Promise.reject(reason);
    abort.abort();
    await expect(open('/x', { signal: abort.signal })).rejects.toBe(reason);
  });

  test('without a session says so to who listens, but not while one signs in', async () => {
    let heard = 0;
    const stop = onUnauthorized(() => (heard += 1));
    answer = status(401, { reason: 'Unauthorized' });
    for (const path of ['/api/v1/pods', '/auth/login']) await expect(call(path)).rejects.toMatchObject({ code: 401 });
    expect(heard).toBe(1);
    stop();
    await expect(call('/api/v1/pods')).rejects.toMatchObject({ code: 401 });
    expect(heard).toBe(1);
  });
});

describe('what can be done to an object', () => {
  const target = {
    cluster: 'main',
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    namespace: 'shop',
    name: 'web',
  };
  const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u' } };

  test.each([
    ['scaling', () => scale(target, 3), 'PATCH', `${WEB}/scale`, { spec: { replicas: 3 } }],
    ['cordoning', () => setUnschedulable(target, true), 'PATCH', WEB, { spec: { unschedulable: true } }],
    ['uncordoning', () => setUnschedulable(target, false), 'PATCH', WEB, { spec: { unschedulable: null } }],
    [
      'rolling back',
      () => rollBack(target, { spec: {} }),
      'PATCH',
      WEB,
      [{ op: 'replace', path: '/spec/template', value: { spec: {} } }],
    ],
    [
      'making',
      () => create({ ...target, name: '' }, object),
      'POST',
      '/apis/apps/v1/namespaces/shop/deployments',
      object,
    ],
  ])('%s', async (_, act, method, path, body) => {
    await act();
    expect(sent[0]).toMatchObject({ method, body });
    expect(sent[0]?.path.split('?')[0]?.replace('/clusters/main', '')).toBe(path);
    expect(sent[0]?.path).toContain('fieldManager=binnacle-web');
  });

  test('restarting changes the template and nothing else', async () => {
    await restart(target, new Date(0));
    expect(sent[0]?.body).toEqual({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '1970-01-01T00:00:00.000Z' } } },
      },
    });
    expect(sent[0]?.headers['content-type']).toBe('application/strategic-merge-patch+json');
  });

  test('deleting means this very object, and what it owns goes after it', async () => {
    await remove(target, object);
    expect(sent[0]).toMatchObject({
      method: 'DELETE',
      body: { propagationPolicy: 'Background', preconditions: { uid: 'u' } },
    });
    await remove(target, object, { propagationPolicy: 'Orphan', gracePeriodSeconds: 0 });
    expect(sent[1]?.body).toMatchObject({ propagationPolicy: 'Orphan', gracePeriodSeconds: 0 });
  });

  test('replacing is strict, and may only be tried', async () => {
    await replace(target, object);
    await replace(target, object, { dryRun: true });
    expect(sent.map(({ path }) => [path.includes('fieldValidation=Strict'), path.includes('dryRun=All')])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test('reading, whole or as the server prints it', async () => {
    await getObject(target);
    await fetchTable({ ...target, name: '' }, { limit: 5 });
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(sent[1]?.headers.accept).toContain('as=Table');
    expect(sent[1]?.path).toMatch(/includeObject=Metadata.*limit=5/);
  });
});
