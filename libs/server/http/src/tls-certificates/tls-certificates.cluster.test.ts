import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { type KeyPair, RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificate } from './read-certificate.js';

const SECRETS = '/api/v1/namespaces/shop/secrets';
const CERTIFICATES = '/apis/networking.binnacle.dev/v1/namespaces/shop/tlscertificates';
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';

let server: TestApiServer;
/** May view the namespace, and no Secret of it. */
let vera: RawApi;
let pair: KeyPair;

const encoded = (text: string) => Buffer.from(text).toString('base64');
const dataOf = ({ certificate, key }: KeyPair) => ({ 'tls.crt': encoded(certificate), 'tls.key': encoded(key) });
const tls = (name: string, more: object = {}) => ({
  metadata: { name, labels: { app: name } },
  type: 'kubernetes.io/tls',
  data: dataOf(pair),
  ...more,
});
const post = (path: string, body: object) => server.raw.call(path, { method: 'POST', body });
const names = (list: { items: { metadata: { name: string } }[] }) => list.items.map(({ metadata }) => metadata.name);

beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
  vera = new RawApi(await server.configFor('vera'));
  pair = await server.authority.issue({ commonName: 'shop', hosts: ['shop.example', '*.Shop.example', '10.0.0.1'] });
  await post('/api/v1/namespaces', { metadata: { name: 'shop' } });
  const subjects = [{ kind: 'User', name: 'vera', apiGroup: 'rbac.authorization.k8s.io' }];
  // What the role `view` has of it, where a controller adds it up.
  const rules = [
    { verbs: ['get', 'list', 'watch'], apiGroups: ['networking.binnacle.dev'], resources: ['tlscertificates'] },
  ];
  await post(`${RBAC}/roles`, { metadata: { name: 'viewer' }, rules });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' };
  await post(`${RBAC}/rolebindings`, { metadata: { name: 'vera' }, subjects, roleRef });
  await post(SECRETS, tls('cert'));
  await post(SECRETS, { metadata: { name: 'password' }, stringData: { word: 'x' } });
});
afterAll(async () => {
  vera.close();
  await server.close();
});

describe('certificates', () => {
  test('are told to who may view, without their Secrets and keys', async () => {
    expect((await vera.call(`${SECRETS}/cert`)).status).toBe(403);
    const { status, json, text } = await vera.call(`${CERTIFICATES}/cert`);
    expect(status).toBe(200);
    expect(json.status).toMatchObject({
      subject: 'CN=shop',
      issuer: 'CN=binnacle-test-ca',
      names: ['shop.example', '*.shop.example'],
      keyFits: true,
    });
    expect(Date.parse(json.status.notBefore)).toBeLessThan(Date.parse(json.status.notAfter));
    expect(text).not.toContain(encoded(pair.key).slice(0, 40));
  });

  test('are no other Secrets', async () => {
    expect(names((await vera.call(CERTIFICATES)).json)).toEqual(['cert']);
    expect((await vera.call(`${CERTIFICATES}/password`)).status).toBe(404);
    expect((await vera.call(`${CERTIFICATES}?labelSelector=app=other`)).json.items).toEqual([]);
    expect(names((await vera.call(`${CERTIFICATES}?fieldSelector=metadata.name=cert`)).json)).toEqual(['cert']);
  });

  test('are not for who may view nothing', async () => {
    const bob = new RawApi(await server.configFor('bob'));
    expect((await bob.call(CERTIFICATES)).status).toBe(403);
    bob.close();
  });

  test('are watched, as their Secrets change', async () => {
    const { json } = await vera.call(CERTIFICATES);
    const watch = await vera.watch(`${CERTIFICATES}?watch=true&resourceVersion=${json.metadata.resourceVersion}`);
    await post(SECRETS, { metadata: { name: 'plain' }, stringData: { word: 'x' } });
    await post(SECRETS, tls('later'));
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'later' }, status: { keyFits: true } },
    });
    const { key } = await server.authority.issue({ commonName: 'other' });
    await server.raw.call(`${SECRETS}/later`, {
      method: 'PUT',
      body: tls('later', { data: dataOf({ ...pair, key }) }),
    });
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { status: { keyFits: false } } });
    await server.raw.call(`${SECRETS}/later`, { method: 'DELETE' });
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'later' } } });
    watch.close();
  });

  test('are not written', async () => {
    for (const [method, path] of [
      ['POST', CERTIFICATES],
      ['PUT', `${CERTIFICATES}/cert`],
      ['DELETE', `${CERTIFICATES}/cert`],
    ] as const) {
      expect((await server.raw.call(path, { method, body: {} })).status).toBe(405);
    }
  });

  test('of the past are those of then', async () => {
    const { json } = await server.raw.call(CERTIFICATES);
    await server.raw.call(`${SECRETS}/cert`, { method: 'DELETE' });
    const then = `/clusters/main@${json.metadata.resourceVersion}${CERTIFICATES}`;
    expect(names((await server.raw.call(then)).json)).toEqual(['cert']);
    expect((await server.raw.call(`${CERTIFICATES}/cert`)).status).toBe(404);
  });
});

describe('a Secret that does not hold what it should', () => {
  const secretOf = (data: Record<string, string>): Secret => ({ apiVersion: 'v1', kind: 'Secret', metadata: {}, data });

  test.each<[string, (whole: Record<string, string>) => Record<string, string>, string]>([
    ['no certificate', (whole) => ({ ...whole, 'tls.crt': '' }), 'NoCertificate'],
    ['no key', ({ 'tls.crt': certificate = '' }) => ({ 'tls.crt': certificate }), 'NoKey'],
    ['something else', (whole) => ({ ...whole, 'tls.crt': encoded('no PEM') }), 'Unreadable'],
    ['a key that is none', (whole) => ({ ...whole, 'tls.key': encoded('no PEM') }), 'Unreadable'],
    ['half a certificate', (whole) => ({ ...whole, 'tls.crt': encoded(pair.certificate.slice(0, 200)) }), 'Unreadable'],
  ])('has %s', (_, change, problem) => {
    expect(readCertificate(secretOf(change(dataOf(pair))))).toEqual({ problem });
  });

  test('is for the name of its subject where it says no others', async () => {
    const old = await server.authority.issue({ commonName: 'Old.example' });
    expect(readCertificate(secretOf(dataOf(old))).names).toEqual(['old.example']);
  });
});
