import { X509Certificate } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ClientCertificate } from '@binnacle/server-auth';
import { TestAuthority } from '@binnacle/testing-cluster';
import { beforeAll, describe, expect, test } from 'vitest';
import { ClientCertificateAuthentication } from './client-certificates.js';
import { FrontProxyAuthentication } from './front-proxy.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
let proxies: TestAuthority;
let clients: TestAuthority;
beforeAll(async () => {
  [proxies, clients] = await Promise.all([TestAuthority.create(Date.now()), TestAuthority.create(Date.now())]);
});

async function shown(authority: TestAuthority, commonName = 'front-proxy'): Promise<ClientCertificate> {
  const { certificate } = await authority.issue({ commonName, organizations: ['g'] });
  return { authorized: true, commonName, organizations: ['g'], raw: new X509Certificate(certificate).raw };
}
const method = (allowedNames: string[] = ['front-proxy']) =>
  new FrontProxyAuthentication({
    clientCa: proxies.certificate,
    allowedNames,
    usernameHeaders: ['X-Remote-User'],
    uidHeaders: ['X-Remote-Uid'],
    groupHeaders: ['X-Remote-Group'],
    extraHeaderPrefixes: ['X-Remote-Extra-'],
  });
const HEADERS = {
  'x-remote-user': 'alice',
  'x-remote-uid': 'u-1',
  'x-remote-group': 'dev, ops',
  'x-remote-extra-example.org%2fteam': 'blue',
};
const ask = (certificate: ClientCertificate | undefined, headers: Record<string, string> = HEADERS, names?: string[]) =>
  method(names).authenticate(ctx, { headers, method: 'GET', cluster: 'main', ...(certificate && { certificate }) });

describe('a proxy', () => {
  test('says who asks, with uid, groups and extras', async () => {
    expect(ask(await shown(proxies))).toEqual({
      name: 'alice',
      uid: 'u-1',
      groups: ['dev', 'ops'],
      extra: { 'example.org/team': ['blue'] },
    });
  });

  test('may say names that are not of English letters', async () => {
    const bytes = (text: string) => Buffer.from(text).toString('latin1');
    const said = { 'x-remote-user': bytes('张三'), 'x-remote-group': bytes('équipe'), 'x-remote-extra-a': bytes('é') };
    expect(ask(await shown(proxies), said)).toMatchObject({ name: '张三', groups: ['équipe'], extra: { a: ['é'] } });
  });

  test('that says nothing of who asks, is nobody here', async () => {
    expect(ask(await shown(proxies), { 'x-remote-group': 'system:masters' })).toBeUndefined();
  });

  test('is any its authority signed, where no names are said', async () => {
    expect(ask(await shown(proxies, 'other'), HEADERS, [])).toMatchObject({ name: 'alice' });
  });

  test('of another name is refused', async () => {
    const other = await shown(proxies, 'other');
    expect(() => ask(other)).toThrow(expect.objectContaining({ reason: 'Unauthorized' }));
  });

  test.each([
    ['nobody', async () => undefined],
    ['whose certificate is a client’s', async () => shown(clients)],
    ['whose certificate no authority signed', async () => ({ ...(await shown(proxies)), authorized: false })],
    [
      'whose certificate cannot be looked at',
      async () => ({ authorized: true, commonName: 'front-proxy', organizations: [] }),
    ],
  ])('that is %s says nothing of others', async (_, make) => expect(ask(await make())).toBeUndefined());
});

describe('a client certificate beside proxies', () => {
  const asUser = async (certificate: ClientCertificate) =>
    new ClientCertificateAuthentication(clients.certificate).authenticate(ctx, {
      headers: {},
      method: 'GET',
      cluster: 'main',
      certificate,
    });

  test('is one that the authority of clients signed', async () => {
    expect(await asUser(await shown(clients, 'alice'))).toMatchObject({ name: 'alice' });
  });

  test('is none of a proxy’s, nor one that cannot be looked at', async () => {
    await expect(asUser(await shown(proxies))).rejects.toMatchObject({ reason: 'Unauthorized' });
    await expect(asUser({ authorized: true, commonName: 'a', organizations: [] })).rejects.toMatchObject({ code: 401 });
  });
});

test('authorities that are none are refused at once', () => {
  expect(() => new ClientCertificateAuthentication('')).toThrow('it holds no certificate');
});
